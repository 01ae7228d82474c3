import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { build, preview } from 'vite';
import { ensureTools } from '../scripts/ensure-tools.mjs';
import { rendererMegabytes } from '../scripts/renderer-memory';
import { extractors } from '../src/extractors/registry';
import { untilIndexed } from './indexing-progress';
import { tinyClips } from './made-clips';
import { median } from './row';

/** A line of a table, by the names of its columns. */
export type Line = Readonly<Record<string, string | number>>;

const root = join(import.meta.dirname, '..');

const starts = 5;

/** Tiny clips, all different, in a folder that is dropped on the app as it is shipped: colour and hash alone, without those
 * named, so that what is measured is the app and not a network. In a profile on disk, as a person's browser has it: one that
 * keeps nothing holds its storage in memory. */
export async function scaleClips(count: number, without: readonly string[]): Promise<Line> {
  const { chrome, ffmpeg } = await ensureTools();
  if (!chrome) throw new Error('no Chrome or Chromium is installed');
  if (!ffmpeg) throw new Error('native ffmpeg is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'reelmatch-scale-'));
  const outDir = join(root, '.cache/bench-app');
  await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  const server = await preview({
    root,
    logLevel: 'error',
    build: { outDir },
    preview: { port: 4660, host: 'localhost' },
  });
  const profile = join(folder, 'profile');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chrome,
    args: ['--no-sandbox'],
  });
  let watch: NodeJS.Timeout | undefined;
  try {
    const clips = join(folder, 'clips');
    tinyClips(clips, count);
    const page = context.pages()[0] ?? (await context.newPage());
    page.on('pageerror', (error) => console.error(`In the page: ${error.stack ?? error}`));
    await watchPage(page, without);
    let most = 0;
    watch = setInterval(() => {
      most = Math.max(most, rendererMegabytes(profile));
    }, 200);
    await page.goto(`${server.resolvedUrls?.local[0]}#/library`);
    await page.getByRole('status', { name: 'Library summary' }).waitFor();
    const opening = await longestTask(page);
    const started = Date.now();
    await dropFolder(page, clips);
    await untilIndexed(page, count, () => `renderer ${rendererMegabytes(profile).toFixed(0)} MB`);
    const perVideo = (Date.now() - started) / count;
    clearInterval(watch);
    const adding = await longestTask(page);
    const heap = await heapOf(page);
    const [startUps, browsing]: [number[], number[]] = [[], []];
    for (let time = 0; time < starts; time++) {
      await page.reload();
      startUps.push(await untilIndexed(page, count));
      browsing.push(await longestTask(page));
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
    await context.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
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

async function watchPage(page: Page, without: readonly string[]): Promise<void> {
  const described = ['colour', 'wavelet-hash'];
  const unknown = without.filter((id) => !described.includes(id));
  if (unknown.length > 0) throw new Error(`Clips are described by ${described}, without ${unknown} already`);
  const off = extractors.map(({ id }) => id).filter((id) => !described.includes(id) || without.includes(id));
  await page.addInitScript((extractorsOff) => {
    localStorage.setItem('reelmatch-preferences', JSON.stringify({ state: { extractorsOff }, version: 1 }));
    const kept = { longest: 0 };
    Object.assign(window, { kept });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) kept.longest = Math.max(kept.longest, duration);
    }).observe({ type: 'longtask', buffered: true });
  }, off);
}

/** Of the page, milliseconds, since the last call or the page was opened; 0 where none took 50. */
const longestTask = (page: Page) =>
  page.evaluate(() => {
    const { kept } = window as unknown as { kept: { longest: number } };
    const { longest } = kept;
    kept.longest = 0;
    return longest;
  });

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
