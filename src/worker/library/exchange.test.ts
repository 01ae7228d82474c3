import 'fake-indexeddb/auto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { runNumpy, withoutNumpy } from '../../../e2e/fixtures/numpy';
import { isAbortError } from '../../core/errors';
import { spaceKey } from '../../core/feature';
import { originalRecipe } from '../../core/ranking/recipe';
import { Database } from '../storage/database';
import { memoryPackFiles } from '../storage/pack-files.fixture';
import { packedVideos } from '../storage/packs';
import { Catalogue } from './catalogue';
import { extraction, frameSpace, location, meanFeatures, stripFeatures, stripSpace } from './extraction.fixture';
import { importFeatures } from './import-features';
import { createLibrary } from './library';
import { npyHeader, npyStrings } from './npy';
import { writeNpz } from './npz-writer';
import { parseFeatures } from './parse-features';

const key = spaceKey(frameSpace);
const by = (space: string) => ({ spaces: [{ key: space, weight: 1 }], ranking: originalRecipe });
const open: { close(): void }[] = [];
let names = 0;

function library() {
  const created = createLibrary(`exchange-test-${names++}`);
  open.push(created);
  return created;
}

afterEach(() => {
  for (const opened of open.splice(0)) opened.close();
});

async function filled(paths: readonly string[]) {
  const it = library();
  await it.enqueue({ files: paths.map((path, i) => ({ id: `v${i}`, location: location(path) })) });
  for (const i of paths.keys()) await it.put({ id: `v${i}`, extraction: extraction(`v${i}`, [meanFeatures(i + 1)]) });
  return it;
}

const asFile = (blob: Blob, name = 'features.npz') => new File([blob], name);
const paths = ['set/YoYo/v_YoYo_g01_c01.avi', 'set/Diving/v_Diving_g02_c01.avi', 'set/ünï 🎬.mp4'];

test.skipIf(withoutNumpy)(`numpy reads an export${withoutNumpy ? `: ${withoutNumpy}` : ''}`, async () => {
  const it = await filled(paths);
  await it.edit({ edits: [{ id: 'v2', changes: { labels: ['red', 'blue'] } }] });
  const blob = await it.exportFeatures({ space: key, frames: true });
  const folder = mkdtempSync(join(tmpdir(), 'npz-'));
  try {
    const path = join(folder, 'x.npz');
    writeFileSync(path, new Uint8Array(await blob.arrayBuffer()));
    const read = runNumpy<Record<string, [string, number[], unknown]>>(
      'f = np.load(sys.argv[1])\ngive({k: [str(f[k].dtype), list(f[k].shape), f[k].tolist()] for k in f.files})',
      path,
    );
    const order = [1, 0, 2];
    expect(read.features?.slice(0, 2)).toEqual(['float32', [3, 32]]);
    expect(read.features?.[2]).toEqual(order.map((i) => [...meanFeatures(i + 1).vector]));
    expect(read.video_paths?.[2]).toEqual(order.map((i) => paths[i]));
    expect(read.labels?.[2]).toEqual(['Diving', 'YoYo', 'red|blue']);
    expect(read.space?.slice(0, 2)).toEqual([expect.stringMatching(/^<U/), []]);
    expect(JSON.parse(String(read.space?.[2]))).toMatchObject({
      ...frameSpace,
      sampling: { instants: { mode: 'uniform', frames: 4 } },
    });
    expect(read.frame_features?.slice(0, 2)).toEqual(['float32', [12, 32]]);
    expect(read.frame_offsets?.slice(0)).toEqual(['int64', [4], [0, 4, 8, 12]]);
    expect(read.frame_times?.[2]).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
    const exact = meanFeatures(2).frames;
    const rows = ((read.frame_features?.[2] ?? []) as number[][]).slice(0, 4).flat();
    expect(Math.max(...rows.map((value, i) => Math.abs(value - (exact[i] as number))))).toBeLessThan(1 / 200);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an export becomes an imported space of the same videos, vectors to the bit, moments and all', async () => {
  const it = await filled(paths);
  const file = asFile(await it.exportFeatures({ space: key, frames: true }));
  const summary = await it.importFeatures({ file });
  expect(summary).toMatchObject({ imported: 3, skipped: [] });
  expect(summary.space).not.toBe(key);
  const spaces = await it.spaces();
  expect(spaces.find((space) => space.key === summary.space)).toMatchObject({
    imported: true,
    videos: 3,
    dimensions: 32,
  });
  expect(await it.videos()).toHaveLength(3);
  const query = { query: { kind: 'video', id: 'v0' }, limit: 9 } as const;
  const rankedBy = async (space: string) =>
    (await it.rank({ ...query, ...by(space) })).map(({ parts, ...match }) => ({
      ...match,
      parts: parts.map((part) => ({ ...part, space: undefined })),
    }));
  expect(await rankedBy(summary.space)).toEqual(await rankedBy(key));
  expect((await rankedBy(key))[0]?.moment).toBeDefined();
});

test('rows without a video become records without a file; their own file finds its place by path', async () => {
  const file = asFile(await (await filled(paths)).exportFeatures({ space: key, frames: false }));
  const other = library();
  await other.enqueue({ files: [{ id: 'mine', location: location('elsewhere/YoYo/v_YoYo_g01_c01.avi') }] });
  const { space } = await other.importFeatures({ file });
  const videos = await other.videos();
  expect(videos).toHaveLength(3);
  expect(videos.find(({ id }) => id === 'mine')).toMatchObject({ state: 'waiting', spaces: [space] });
  expect(videos.find(({ path }) => path === paths[1])).toMatchObject({
    state: 'indexed',
    locations: [],
    labels: ['Diving'],
    group: 'Diving_g02',
  });
  expect(await other.rank({ query: { kind: 'video', id: 'mine' }, ...by(space), limit: 9 })).toHaveLength(2);

  await other.enqueue({ files: [{ id: 'found', location: location('x/Diving/v_Diving_g02_c01.avi') }] });
  await other.importFeatures({ file });
  const again = await other.videos();
  expect(again).toHaveLength(3);
  expect(again.find(({ id }) => id === 'found')?.spaces).toEqual([space]);
});

test('rows that mean the same video or several are left out with the reason', async () => {
  const it = await filled(['a/clip.mp4', 'b/clip.mp4', 'c/single.mp4', 'd/single.mp4']);
  await it.remove({ ids: ['v3'] });
  const source = await filled(['clip.mp4', 'x/single.mp4', 'y/single.mp4']);
  const file = asFile(await source.exportFeatures({ space: key, frames: false }));
  const { imported, skipped } = await it.importFeatures({ file });
  expect(imported).toBe(1);
  expect(skipped).toEqual([
    { row: 0, reason: 'Fits several videos of the library' },
    { row: 2, reason: 'Is the same video as row 1' },
  ]);
});

test('an unsound file changes nothing', async () => {
  const it = await filled(paths);
  const before = await it.videos();
  await expect(it.importFeatures({ file: asFile(new Blob(['nothing'])) })).rejects.toMatchObject({
    code: 'import-invalid',
  });
  expect(await it.videos()).toEqual(before);
  expect(await it.spaces()).toHaveLength(1);
});

test('colour strips of different lengths are exported at one length', async () => {
  const it = library();
  const ids = ['a', 'b', 'c'];
  await it.enqueue({ files: ids.map((id) => ({ id, location: location(`${id}.mp4`) })) });
  for (const [i, id] of ids.entries()) {
    await it.put({ id, extraction: extraction(id, [stripFeatures(i, i === 1 ? 10 : 20)]) });
  }
  const file = asFile(await it.exportFeatures({ space: spaceKey(stripSpace), frames: true }));
  const { space } = await it.importFeatures({ file });
  const query = { query: { kind: 'video', id: 'a' }, limit: 9 } as const;
  const [first] = await it.rank({ ...query, ...by(space) });
  const [original] = await it.rank({ ...query, ...by(spaceKey(stripSpace)) });
  expect(first?.similarity).toBeCloseTo(original?.similarity ?? 0, 6);
});

test('a row that no longer fits one video alone leaves no mark on it, and the rest is exported', async () => {
  const it = await filled(['one/a.mp4', 'one/b.mp4']);
  const names = npyStrings(['a.mp4', 'b.mp4']);
  const values = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);
  const file = asFile(
    await writeNpz([
      { name: 'features', pieces: [npyHeader('<f4', [2, 2]), values] },
      { name: 'video_paths', pieces: [names] },
    ]),
  );
  const { space } = await it.importFeatures({ file });
  await it.enqueue({ files: [{ id: 'other', location: location('two/a.mp4') }] });
  expect(await it.importFeatures({ file })).toMatchObject({ imported: 1, skipped: [{ row: 0 }] });
  const [v0, v1] = (await it.someVideos({ ids: ['v0', 'v1'] })).map(({ spaces }) => spaces.includes(space));
  expect([v0, v1]).toEqual([false, true]);
  const again = await parseFeatures(await it.exportFeatures({ space, frames: true }));
  expect(again).toMatchObject({ paths: ['one/b.mp4'], features: Float32Array.of(3, 4) });
});

test('a cancelled export or import ends with an AbortError and stores nothing', async () => {
  const it = await filled(paths);
  const signal = AbortSignal.abort();
  const file = asFile(await it.exportFeatures({ space: key, frames: false }));
  for (const start of [
    () => it.exportFeatures({ space: key, frames: true }, { signal }),
    () => it.importFeatures({ file }, { signal }),
  ]) {
    expect(isAbortError(await start().catch((reason: unknown) => reason))).toBe(true);
  }
  expect(await it.spaces()).toHaveLength(1);
});

/** Vectors, each told by its row. */
async function manyRows(count: number, dimensions: number): Promise<File> {
  const bytes = new Uint8Array(Float32Array.from({ length: dimensions * count }, (_, i) => i).buffer);
  const header = npyHeader('<f4', [count, dimensions]);
  const names = npyStrings(Array.from({ length: count }, (_, i) => `set/${i}.mp4`));
  const features = { name: 'features', pieces: [header, bytes] };
  return asFile(await writeNpz([features, { name: 'video_paths', pieces: [names] }]));
}

test.each([
  ['packed at once, but for those that fill no pack', memoryPackFiles(), 2048, 2, 7],
  ['packed into as few files as there are megabytes for', memoryPackFiles(), 3, 1, 7],
  [
    'kept by rows where no file can be written',
    { ...memoryPackFiles(), write: () => Promise.reject(new DOMException('no files', 'SecurityError')) },
    3,
    0,
    2 * packedVideos + 7,
  ],
])('imported vectors are %s', async (_, files, dimensions, packs, unpacked) => {
  const count = 2 * packedVideos + 7;
  const name = `exchange-test-${names++}`;
  const database = new Database(name, files);
  const catalogue = new Catalogue(database, name);
  open.push(catalogue);
  const file = await manyRows(count, dimensions);
  const told: (number | undefined)[] = [];
  for (let times = 0; times < 2; times++) {
    const { space, imported } = await importFeatures(database, catalogue, file, {
      onProgress: ({ stage, fraction }) => stage === 'Storing' && told.push(fraction),
    });
    expect(imported).toBe(count);
    expect(
      await database.read(['packs', 'unpacked'], (tx) =>
        Promise.all([tx.objectStore('packs').count(), tx.objectStore('unpacked').count()]),
      ),
    ).toEqual([packs, unpacked]);
    const index = await catalogue.index(space);
    expect(index.ids).toHaveLength(count);
    for (const row of [0, 511, 512, count - 1]) {
      const vector = index.get(`${space}:set/${row}.mp4`);
      expect([vector?.length, vector?.[0], vector?.[2]], `${row}`).toEqual([
        dimensions,
        row * dimensions,
        row * dimensions + 2,
      ]);
    }
  }
  expect(told.every((fraction) => fraction !== undefined && fraction >= 0 && fraction < 1)).toBe(true);
});

test('who waits for the vectors of a library hears how far reading is, also who comes later', async () => {
  const name = `exchange-test-${names++}`;
  const database = new Database(name, memoryPackFiles());
  const first = new Catalogue(database, name);
  open.push(first);
  const { space } = await importFeatures(database, first, await manyRows(2 * packedVideos + 256, 2048));
  const told: string[] = [];
  const tell =
    (who: string) =>
    ({ fraction = 0 }: { fraction: number | undefined }) =>
      told.push(`${who} ${Math.round(100 * fraction)}`);
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 1000;
    return now;
  });
  try {
    await Promise.all([
      first.index(space, originalRecipe, 1, { onProgress: tell('a') }),
      first.index(space, originalRecipe, 1, { onProgress: tell('b') }),
    ]);
  } finally {
    vi.restoreAllMocks();
  }
  expect(told).toEqual(['a 20', 'b 20', 'a 60', 'b 60', 'a 100', 'b 100']);
  await first.index(space, originalRecipe, 1, { onProgress: tell('c') });
  expect(told).toHaveLength(6);
});
