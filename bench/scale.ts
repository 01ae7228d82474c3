import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import { build, preview } from 'vite';
import { ensureChrome, ensureFfmpeg } from '../scripts/ensure-tools.mjs';
import { rendererMegabytes } from '../scripts/renderer-memory';
import { type BenchBrowser, openBrowser } from './browser';
import { machineLoad } from './machine-load';
import { pythonWith } from './peers/python';
import { median } from './row';

type Line = Readonly<Record<string, string | number>>;

const root = join(import.meta.dirname, '..');
const queries = 15;

/** What grows with a library, measured at several sizes: clips through the whole app, vectors in the index alone, and an
 * imported library. Prints a table for each; gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      vectors: { type: 'string', multiple: true },
      library: { type: 'string', multiple: true },
      json: { type: 'boolean' },
    },
  });
  const numbers = (texts: readonly string[] = []) => texts.flatMap((text) => text.split(',')).map(Number);
  const say = (line: string) => console.error(line);
  say(`Load before: ${machineLoad()}`);
  const tables: Record<string, Line[]> = {};
  const clips = numbers(positionals);
  if (clips.length > 0) tables.clips = await eachIn(clips, scaleClips);
  const sizes = { vectors: numbers(values.vectors), library: numbers(values.library) };
  if (sizes.vectors.length + sizes.library.length > 0) {
    const browser = await openBrowser();
    if (!browser) throw new Error('No Chrome or Chromium');
    try {
      tables.vectors = await eachIn(sizes.vectors, (count) => scaleVectors(browser, count));
      tables.library = await eachIn(sizes.library, (count) => scaleLibrary(browser, count));
    } finally {
      await browser.close();
    }
  }
  say(`Load after: ${machineLoad()}`);
  if (values.json) console.log(JSON.stringify(tables, null, 2));
  else for (const [name, lines] of Object.entries(tables)) if (lines.length > 0) printLines(name, lines);
  return 0;
}

async function eachIn(counts: readonly number[], run: (count: number) => Promise<Line>): Promise<Line[]> {
  const lines: Line[] = [];
  for (const count of counts) {
    console.error(`${count} …`);
    lines.push(await run(count));
  }
  return lines;
}

function printLines(name: string, lines: readonly Line[]): void {
  console.log(`\n${name}`);
  const keys = Object.keys(lines[0] ?? {});
  for (const cells of [keys, ...lines.map((line) => keys.map((key) => String(line[key])))]) {
    console.log(cells.map((cell, i) => cell.padStart(Math.max(10, keys[i]?.length ?? 0))).join('  '));
  }
}

/** Tiny clips, all different, through the app as it is shipped: colour and hash alone, so that what is measured is the app
 * and not a network. */
async function scaleClips(count: number): Promise<Line> {
  if (!ensureFfmpeg()) throw new Error('native ffmpeg is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'reelmatch-scale-'));
  const outDir = join(root, '.cache/bench-app');
  await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  const server = await preview({
    root,
    logLevel: 'error',
    build: { outDir },
    preview: { port: 4660, host: 'localhost' },
  });
  const browser = await chromium.launch({ executablePath: `${await ensureChrome()}`, args: ['--no-sandbox'] });
  try {
    const paths = tinyClips(folder, count);
    const page = await browser.newPage();
    await watchPage(page);
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, rendererMegabytes());
    }, 200);
    const started = Date.now();
    await page.goto(`${server.resolvedUrls?.local[0]}#/library`);
    await page.getByLabel('Add videos').setInputFiles(paths);
    await untilIndexed(page, count);
    const perVideo = (Date.now() - started) / count;
    clearInterval(watch);
    const indexing = await longestTask(page);
    const heap = await heapOf(page);
    await page.reload();
    const startUp = await untilIndexed(page, count);
    const browsing = await longestTask(page);
    await page.getByRole('button', { name: 'Find similar' }).first().click();
    await page.getByRole('list', { name: 'Matches' }).waitFor();
    const query = await queryTime(page);
    return {
      clips: count,
      'ms a video': perVideo.toFixed(0),
      'page heap MB': heap.toFixed(0),
      'renderer MB': most.toFixed(0),
      'longest task ms': indexing.toFixed(0),
      'at start ms': browsing.toFixed(0),
      'start-up ms': startUp.toFixed(0),
      'query ms': query.toFixed(0),
    };
  } finally {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function tinyClips(folder: string, count: number): string[] {
  const made = 24;
  const bases = Array.from({ length: made }, (_, i) => {
    const path = join(folder, `base-${i}.mp4`);
    const source = `testsrc2=s=64x48:r=10:d=1,hue=h=${(360 * i) / made}`;
    spawnSync('ffmpeg', [
      '-v',
      'error',
      '-y',
      '-f',
      'lavfi',
      '-i',
      source,
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p',
      path,
    ]);
    return readFileSync(path);
  });
  mkdirSync(join(folder, 'clips'));
  return Array.from({ length: count }, (_, i) => {
    const path = join(folder, 'clips', `clip-${String(i).padStart(5, '0')}.mp4`);
    // A box that players skip makes each file another video.
    const box = Buffer.alloc(24);
    box.writeUInt32BE(24, 0);
    box.write('free', 4);
    box.writeDoubleBE(i, 8);
    writeFileSync(path, Buffer.concat([bases[i % made] as Buffer, box]));
    return path;
  });
}

async function watchPage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const off = ['resnet50', 'mobilenetv2', 'clip', 'yamnet', 'vggish', 'audio-statistics', 'motion', 'video-network'];
    localStorage.setItem('reelmatch-preferences', JSON.stringify({ state: { extractorsOff: off }, version: 1 }));
    const kept = { longest: 0 };
    Object.assign(window, { kept });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) kept.longest = Math.max(kept.longest, duration);
    }).observe({ type: 'longtask', buffered: true });
  });
}

const longestTask = (page: Page) =>
  page.evaluate(() => (window as unknown as { kept: { longest: number } }).kept.longest);

async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 2 ** 20;
}

/** Waits until all clips are indexed; gives the page's own time then, milliseconds since it was opened. */
async function untilIndexed(page: Page, count: number): Promise<number> {
  const wanted = `${count.toLocaleString('en')} indexed`;
  const handle = await page.waitForFunction(
    (text) =>
      document.querySelector('[aria-label="Library summary"]')?.textContent?.includes(text) && performance.now(),
    wanted,
    { timeout: 0, polling: 50 },
  );
  return (await handle.jsonValue()) as number;
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

/** Vectors of 2048 values in the index that searching reads; floats as far as the memory for them goes, else compact. */
async function scaleVectors(browser: BenchBrowser, count: number): Promise<Line> {
  await browser.fresh();
  const compact = count * 2048 * 4 > 3.75 * 2 ** 30;
  await browser.call('fillIndex', { videos: count, kept: compact ? 'compact' : 'both' });
  const times: number[] = [];
  for (let i = 0; i < queries; i++) times.push(await browser.call('search', { limit: 20 }));
  return {
    vectors: count,
    kept: compact ? 'compact' : 'floats and bytes',
    'MB in memory': ((count * 2048 * (compact ? 1 : 5)) / 2 ** 20).toFixed(0),
    'query ms': (1000 * median(times)).toFixed(1),
  };
}

/** An imported library of vectors of 256 values, asked as the page asks it: records, percentiles, parts and all. */
async function scaleLibrary(browser: BenchBrowser, count: number): Promise<Line> {
  const python = pythonWith('numpy');
  if (!python) throw new Error('no Python with numpy is installed');
  await browser.fresh();
  const folder = mkdtempSync(join(tmpdir(), 'reelmatch-scale-'));
  try {
    const path = join(folder, 'vectors.npz');
    const program = `
import sys, numpy as np
count, path = int(sys.argv[1]), sys.argv[2]
random = np.random.default_rng(0)
names = np.array([f"set/{i // 1000:04d}/clip-{i:07d}.mp4" for i in range(count)])
np.savez(path, features=random.random((count, 256), np.float32), video_paths=names)`;
    spawnSync(python, ['-c', program, `${count}`, path], { stdio: 'inherit' });
    await browser.setFiles([path]);
    const importing = performance.now();
    const space = await browser.call('importVectors', { file: 0 });
    const imported = (performance.now() - importing) / 1000;
    const plain: number[] = [];
    const improved: number[] = [];
    for (let i = 0; i < queries; i++) {
      plain.push(await browser.call('rank', { space, limit: 20, ranking: 'original' }));
      improved.push(await browser.call('rank', { space, limit: 20, ranking: 'improved' }));
    }
    const start = await browser.call('reopen', { space });
    return {
      videos: count,
      'import s': imported.toFixed(1),
      'start: records ms': (1000 * start.records).toFixed(0),
      'first query ms': (1000 * start.first).toFixed(0),
      'query ms': (1000 * median(plain)).toFixed(0),
      'improved query ms': (1000 * median(improved)).toFixed(0),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
