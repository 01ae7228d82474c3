import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rendererMegabytes } from '../scripts/renderer-memory';
import { type BenchBrowser, openBrowser } from './browser';
import { machineLoad } from './machine-load';
import { pythonWith } from './peers/python';
import { median } from './row';
import { type Line, scaleClips } from './scale-clips';

const queries = 15;

/** What grows with a library, measured at several sizes: clips through the whole app, vectors in the index alone, and an
 * imported library. `--without colour` leaves the app's own cost a clip alone. Prints a table for each; gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      vectors: { type: 'string', multiple: true },
      library: { type: 'string', multiple: true },
      without: { type: 'string', multiple: true },
      json: { type: 'boolean' },
    },
  });
  const numbers = (texts: readonly string[] = []) => texts.flatMap((text) => text.split(',')).map(Number);
  const say = (line: string) => console.error(line);
  say(`Load before: ${machineLoad()}`);
  const tables: Record<string, Line[]> = {};
  const clips = numbers(positionals);
  if (clips.length > 0) tables.clips = await eachIn(clips, (count) => scaleClips(count, values.without ?? []));
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
  else {
    for (const [name, lines] of Object.entries(tables)) if (lines.length > 0) printLines(name, lines);
    if (tables.clips) console.log(flatness(tables.clips));
  }
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

/** A video may cost at most so much more in the largest folder than in the smallest. */
const flatWithin = 1.1;

/** Whether the goals of adding clips are met: what one costs is flat, and no task of the page takes 50 ms. */
function flatness(lines: readonly Line[]): string {
  const [smallest, largest] = [lines[0], lines.at(-1)];
  const ratio = Number(largest?.['ms a video']) / Number(smallest?.['ms a video']);
  const longest = Math.max(...lines.map((line) => Number(line['longest task ms'])));
  const told = (met: boolean) => (met ? 'met' : 'SHORT');
  return [
    `a video, largest beside smallest: ${ratio.toFixed(2)}x, goal <= ${flatWithin}x, ${told(ratio <= flatWithin)}`,
    `longest task while adding: ${longest} ms, goal <= 50 ms, ${told(longest <= 50)}`,
  ].join('\n');
}

function printLines(name: string, lines: readonly Line[]): void {
  console.log(`\n${name}`);
  const keys = Object.keys(lines[0] ?? {});
  for (const cells of [keys, ...lines.map((line) => keys.map((key) => String(line[key])))]) {
    console.log(cells.map((cell, i) => cell.padStart(Math.max(10, keys[i]?.length ?? 0))).join('  '));
  }
}

/** Vectors of 2048 values in the index that searching reads; floats as far as the memory for them goes, else compact. */
async function scaleVectors(browser: BenchBrowser, count: number): Promise<Line> {
  await browser.fresh();
  const compact = count * 2048 * 4 > 3.75 * 2 ** 30;
  await browser.call('fillIndex', { videos: count, kept: compact ? 'compactByThreads' : 'bothByThreads' });
  const times: number[] = [];
  for (let i = 0; i < queries; i++) times.push(await browser.call('search', { limit: 20 }));
  return {
    vectors: count,
    kept: compact ? 'compact' : 'floats and bytes',
    'vectors MB': ((count * 2048 * (compact ? 1 : 5)) / 2 ** 20).toFixed(0),
    'renderer MB': rendererMegabytes().toFixed(0),
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
