import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ensureTools } from '../scripts/ensure-tools.mjs';
import { rendererMegabytes } from '../scripts/renderer-memory';
import { extractors } from '../src/extractors/registry';
import { openApp } from './app';
import { untilIndexed } from './indexing-progress';
import { tinyClips } from './made-clips';
import { median } from './row';

/** A line of a table, by the names of its columns. */
export type Line = Readonly<Record<string, string | number>>;

const starts = 5;

/** Tiny clips, all different, in a folder that is dropped on the app as it is shipped: colour and hash alone, without those
 * named, so that what is measured is the app and not a network. */
export async function scaleClips(count: number, without: readonly string[]): Promise<Line> {
  if (!(await ensureTools()).ffmpeg) throw new Error('native ffmpeg is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'reelmatch-scale-'));
  const { page, profile, longestTask, close } = await openApp({ extractorsOff: allBut(without) });
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, rendererMegabytes(profile));
  }, 200);
  try {
    const clips = join(folder, 'clips');
    tinyClips(clips, count);
    const opening = await longestTask();
    const started = Date.now();
    await dropFolder(page, clips);
    await untilIndexed(page, count, () => `renderer ${rendererMegabytes(profile).toFixed(0)} MB`);
    const perVideo = (Date.now() - started) / count;
    clearInterval(watch);
    const adding = await longestTask();
    const heap = await heapOf(page);
    const [startUps, browsing]: [number[], number[]] = [[], []];
    for (let time = 0; time < starts; time++) {
      await page.reload();
      startUps.push(await untilIndexed(page, count));
      browsing.push(await longestTask());
    }
    await page.getByRole('button', { name: 'Find similar' }).first().click();
    await page.getByRole('list', { name: 'Matches' }).waitFor();
    const query = await queryTime(page);
    return {
      clips: count,
      'ms a video': perVideo.toFixed(0),
      'page heap MB': heap.toFixed(0),
      'renderer MB': most.toFixed(0),
      'longest task ms': adding.toFixed(0),
      'at first start': opening.toFixed(0),
      'at start': median(browsing).toFixed(0),
      'start-up ms': median(startUps).toFixed(0),
      'query ms': query.toFixed(0),
    };
  } finally {
    clearInterval(watch);
    await close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Descriptors that are switched off so that colour and hash are left, without those named. */
function allBut(without: readonly string[]): readonly string[] {
  const described = ['colour', 'wavelet-hash'];
  const unknown = without.filter((id) => !described.includes(id));
  if (unknown.length > 0) throw new Error(`Clips are described by ${described}, without ${unknown} already`);
  return extractors.map(({ id }) => id).filter((id) => !described.includes(id) || without.includes(id));
}

/** As a file manager does; a file input would have the browser look at all files in one long task of its own. */
async function dropFolder(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
  }
  await session.detach();
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 2 ** 20;
}

/** Changing the number of results only ranks anew. */
async function queryTime(page: Page): Promise<number> {
  const field = page.getByRole('spinbutton', { name: 'Results' });
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    const limit = 6 + i;
    const started = Date.now();
    await field.fill(String(limit));
    await page.waitForFunction(
      (wanted) => document.querySelectorAll('ol[aria-label="Matches"] > li').length === wanted,
      limit,
      { polling: 'raf' },
    );
    times.push(Date.now() - started);
  }
  return median(times);
}
