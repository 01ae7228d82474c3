import 'fake-indexeddb/auto';
import { afterEach, expect, test, vi } from 'vitest';
import type { FrameSampling } from '../../core/sampling';
import { Database } from './database';
import { memoryPackFiles } from './pack-files.fixture';
import { loadVectors, packedVideos, packVectors, removeLooseFiles, unpack } from './packs';
import type { VectorRow, VideoRow } from './schema';
import { purgeRemoved } from './videos';

const sampling: FrameSampling = { instants: { mode: 'every' }, width: 1, height: 1, fit: 'squeeze' };
const record: VideoRow = {
  id: '',
  name: 'clip.mp4',
  path: 'clip.mp4',
  bytes: 1,
  locations: [],
  added: 0,
  state: 'indexed',
  spaces: ['s'],
  labels: [],
};
let names = 0;
let database: Database;

afterEach(() => {
  vi.restoreAllMocks();
  database.close();
});

async function store(from: number, count: number, value: number, length = 3): Promise<void> {
  await database.write(['vectors', 'unpacked'], async (tx) => {
    for (let i = from; i < from + count; i++) {
      const row: VectorRow = {
        space: 's',
        video: `v${i}`,
        vector: new Float32Array(length).fill(value + i),
        frames: 2,
        sampling,
      };
      tx.objectStore('vectors').put(row);
      tx.objectStore('unpacked').put({ space: 's', video: row.video });
    }
  });
}

function fresh(): void {
  database = new Database(`packs-test-${names++}`, memoryPackFiles());
}

async function load(isHeld: (video: string) => boolean = () => true) {
  const vectors = new Map<string, readonly number[]>();
  const report = await loadVectors(database, 's', isHeld, ({ video, vector }) => {
    expect(vectors.has(video)).toBe(false);
    vectors.set(video, [...vector]);
  });
  return { vectors, ...report };
}

const packs = () => database.read(['packs'], (tx) => tx.objectStore('packs').count());

test('packing changes where vectors lie, not what is loaded', async () => {
  fresh();
  await store(0, packedVideos + 5, 0.5);
  const before = await load();
  expect(before).toMatchObject({ unpacked: packedVideos + 5, stale: [] });
  await packVectors(database, 's');
  const after = await load();
  expect(after).toMatchObject({ unpacked: 5, stale: [] });
  expect(after.vectors.size).toBe(packedVideos + 5);
  expect(Object.fromEntries(after.vectors)).toEqual(Object.fromEntries(before.vectors));
  await packVectors(database, 's');
  expect(await packs()).toBe(1);
});

test('a vector stored again is loaded as it is now, before and after it is packed again', async () => {
  fresh();
  await store(0, packedVideos, 0);
  await packVectors(database, 's');
  await store(0, packedVideos, 1000);
  expect((await load()).vectors.get('v7')).toEqual([1007, 1007, 1007]);
  await packVectors(database, 's');
  const { vectors, stale, unpacked } = await load();
  expect(vectors.get('v7')).toEqual([1007, 1007, 1007]);
  expect(unpacked).toBe(0);
  expect(stale).toHaveLength(1);
  await unpack(database, stale);
  expect((await load()).vectors.get('v7')).toEqual([1007, 1007, 1007]);
  expect(await packs()).toBe(1);
});

test('deleted videos leave no mark that would take the place of others in a pack', async () => {
  fresh();
  const all = 100 + packedVideos;
  await store(0, all, 0);
  await database.write(['videos'], async (tx) => {
    for (let i = 0; i < 100; i++) tx.objectStore('videos').put({ ...record, id: `v${i}`, removed: 1 });
  });
  const removed = Array.from({ length: 100 }, (_, i) => `v${i}`);
  expect(await purgeRemoved(database, removed, 1)).toEqual(removed);
  await packVectors(database, 's');
  const { vectors, unpacked } = await load();
  expect(vectors.size).toBe(packedVideos);
  expect(unpacked).toBe(0);
});

test('vectors of several lengths are packed apart; what the library no longer holds is not loaded', async () => {
  fresh();
  await store(0, 500, 0);
  await store(500, 12, 0, 6);
  await packVectors(database, 's');
  expect(await packs()).toBe(2);
  const { vectors, stale } = await load((video) => Number(video.slice(1)) >= 490);
  expect([...vectors.values()].map(({ length }) => length).sort()).toEqual([
    ...Array(10).fill(3),
    ...Array(12).fill(6),
  ]);
  expect(stale).toHaveLength(1);
});

test('vectors of a pack whose file the browser has lost come from their rows, and are packed anew', async () => {
  fresh();
  await store(0, 2 * packedVideos, 0.5);
  for (let i = 0; i < 2; i++) await packVectors(database, 's');
  const before = await load((video) => video !== 'v3');
  const [file = ''] = await database.packFiles.names();
  await database.packFiles.remove([file]);
  const { vectors, stale, unpacked } = await load((video) => video !== 'v3');
  expect(Object.fromEntries(vectors)).toEqual(Object.fromEntries(before.vectors));
  expect(vectors.size).toBe(2 * packedVideos - 1);
  expect(unpacked).toBe(0);
  expect(stale).toHaveLength(1);
  expect(await unpack(database, stale)).toBe(packedVideos);
  await packVectors(database, 's');
  expect(await load((video) => video !== 'v3')).toEqual(before);
});

test('a file of another length counts as lost', async () => {
  fresh();
  await store(0, packedVideos, 0.5);
  await packVectors(database, 's');
  const [file = ''] = await database.packFiles.names();
  await database.packFiles.write(file, new Float32Array(7));
  const { vectors, stale } = await load();
  expect(vectors.get('v9')).toEqual([9.5, 9.5, 9.5]);
  expect(stale).toHaveLength(1);
});

test('a vector that is stored again while its pack is written stays unpacked', async () => {
  fresh();
  await store(0, packedVideos, 0);
  const { write } = database.packFiles;
  vi.spyOn(database.packFiles, 'write').mockImplementationOnce(async (...file) => {
    await write(...file);
    await store(3, 1, 1000);
    await database.write(['vectors', 'unpacked'], async (tx) => {
      await tx.objectStore('vectors').delete(['s', 'v4']);
      await tx.objectStore('unpacked').delete(['s', 'v4']);
    });
  });
  await packVectors(database, 's');
  const { vectors, unpacked } = await load((video) => video !== 'v4');
  expect(unpacked).toBe(1);
  expect(vectors.get('v3')).toEqual([1003, 1003, 1003]);
  expect(vectors.size).toBe(packedVideos - 1);
});

test('a disk that is full leaves vectors unpacked; files of no pack are removed', async () => {
  fresh();
  await store(0, 2 * packedVideos, 0);
  await packVectors(database, 's');
  const full = new DOMException('Full', 'QuotaExceededError');
  vi.spyOn(database.packFiles, 'write').mockRejectedValueOnce(full);
  await expect(packVectors(database, 's')).rejects.toBe(full);
  expect(await load()).toMatchObject({ unpacked: packedVideos, stale: [] });
  await database.packFiles.write('left by a crash', new Float32Array(1));
  await removeLooseFiles(database);
  expect(await database.packFiles.names()).toHaveLength(1);
  expect((await load()).vectors.size).toBe(2 * packedVideos);
});
