import 'fake-indexeddb/auto';
import { deleteDB, openDB } from 'idb';
import { afterEach, expect, test, vi } from 'vitest';
import { AppError } from '../../core/errors';
import { Database } from './database';
import { migrations } from './migrations';
import { type LoadedVector, loadVectors } from './packs';
import { storeNames } from './schema';

let names = 0;
const open: Database[] = [];

function database(name = `database-test-${names++}`) {
  const created = new Database(name);
  open.push(created);
  return { created, name };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  for (const opened of open.splice(0)) opened.close();
});

const folder = (id: string) => ({ id, name: id, handle: { kind: 'directory' } as FileSystemDirectoryHandle });
const put = (to: Database, id: string) => to.write(['folders'], (tx) => tx.objectStore('folders').put(folder(id)));
const count = (of: Database) => of.read(['folders'], (tx) => tx.objectStore('folders').count());

test('a new database has every store', async () => {
  const { created, name } = database();
  await put(created, 'a');
  const raw = await openDB(name);
  expect([...raw.objectStoreNames].sort()).toEqual([...storeNames].sort());
  expect(raw.version).toBe(migrations.length);
  raw.close();
});

test('a database of the first version is taken along with all it holds', async () => {
  const { created, name } = database();
  const first = migrations[0];
  const old = await openDB(name, 1, {
    upgrade: (db, _from, _to, tx) => void first?.(db as never, tx as never),
  });
  const sampling = { instants: { mode: 'uniform', frames: 2 }, width: 224, height: 224, fit: 'squeeze' };
  const strip = { images: [{ bytes: Uint8Array.of(1, 2), type: 'image/jpeg' }], times: [0.5], width: 4, height: 3 };
  const ofSpace = { space: 's', video: 'v' };
  const held = {
    folders: folder('kept'),
    videos: { id: 'v', name: 'v.mp4', path: 'a/v.mp4', bytes: 9, locations: [], state: 'indexed', spaces: ['s'] },
    vectors: { ...ofSpace, vector: Float32Array.of(1, 0.5), frames: 2, sampling },
    frames: { ...ofSpace, count: 2, dimensions: 1, values: Int8Array.of(127, -3), times: Float64Array.of(0, 1) },
    spaces: { key: 's', sampling, dimensions: 2, frameDimensions: 2, imported: false },
    thumbnails: { video: 'v', ...strip },
    proxies: { video: 'v', blob: new Blob(['proxy']) },
  } as const;
  const stores = Object.keys(held) as (keyof typeof held)[];
  expect([...old.objectStoreNames].sort()).toEqual([...stores].sort());
  for (const store of stores) await old.put(store, held[store]);
  old.close();
  const kept = await created.read(stores, (tx) => Promise.all(stores.map((store) => tx.objectStore(store).getAll())));
  expect(kept).toEqual(stores.map((store) => [held[store]]));
  const found: unknown[] = [];
  const take = ({ video, vector }: LoadedVector) => found.push([video, ...vector]);
  expect(await loadVectors(created, 's', () => true, take)).toMatchObject({ unpacked: 1 });
  expect(found).toEqual([['v', 1, 0.5]]);
});

test('a database of the version before reports keeps what it holds and can keep reports', async () => {
  const { created, name } = database();
  const old = await openDB(name, 2, {
    upgrade: async (db, _from, _to, tx) => {
      for (const step of migrations.slice(0, 2)) await step(db as never, tx as never);
    },
  });
  expect(old.objectStoreNames.contains('reports')).toBe(false);
  await old.put('folders', folder('kept'));
  old.close();
  expect(await count(created)).toBe(1);
  expect(await created.read(['reports'], (tx) => tx.objectStore('reports').count())).toBe(0);
});

test.each([7, 8])('packs of version %i are dissolved: their vectors are marked, and none is lost', async (version) => {
  const { created, name } = database();
  const old = await openDB(name, version, {
    upgrade: async (db, _from, _to, tx) => {
      for (const step of migrations.slice(0, version)) await step(db as never, tx as never);
    },
  });
  const video = (i: number) => `v${i}`;
  for (let i = 0; i < 3; i++) {
    await old.put('vectors', { space: 's', video: video(i), vector: Float32Array.of(i), frames: 0, sampling: {} });
  }
  const bytes = Float32Array.of(0, 1);
  const matrix = version === 7 ? bytes : new Blob([bytes]);
  await old.put('packs', { space: 's', videos: [video(0), video(1)], frames: [0, 0], dimensions: 1, matrix }, 1);
  await old.put('unpacked', { space: 's', video: video(2) });
  old.close();
  const found: unknown[] = [];
  const report = await loadVectors(
    created,
    's',
    () => true,
    (row) => found.push([row.video, ...row.vector]),
  );
  expect(found).toEqual([0, 1, 2].map((i) => [video(i), i]));
  expect(report).toEqual({ unpacked: 3, stale: [] });
});

test('a body that fails stores nothing and keeps its error', async () => {
  const { created } = database();
  const failing = created.write(['folders'], async (tx) => {
    await tx.objectStore('folders').put(folder('a'));
    throw new AppError('video-missing', 'gone');
  });
  await expect(failing).rejects.toMatchObject({ code: 'video-missing' });
  expect(await count(created)).toBe(0);
});

test('a bug in a body is not taken for a fault of the storage', async () => {
  const { created } = database();
  const failing = created.read(['folders'], async () => {
    throw new TypeError('bug');
  });
  await expect(failing).rejects.toThrow(TypeError);
});

test('a connection that is lost in the middle is opened again, once', async () => {
  const { created } = database();
  let attempts = 0;
  const losing = (times: number) =>
    created.write(['folders'], async (tx) => {
      attempts++;
      await tx.objectStore('folders').put(folder(`attempt ${attempts}`));
      if (attempts <= times) throw new DOMException('The connection was lost', 'InvalidStateError');
    });
  await losing(1);
  expect(attempts).toBe(2);
  expect(await count(created)).toBe(1);
  attempts = 0;
  await expect(losing(9)).rejects.toMatchObject({ code: 'storage-unavailable' });
  expect(attempts).toBe(2);
});

test('no room is storage-full, with how much there is and what could be freed', async () => {
  const { created } = database();
  await created.write(['proxies'], (tx) => tx.objectStore('proxies').put({ video: 'v', blob: new Blob(['12345']) }));
  vi.stubGlobal('navigator', { storage: { estimate: async () => ({ usage: 90, quota: 100 }) } });
  const full = created.write(['folders'], async () => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  await expect(full).rejects.toMatchObject({
    code: 'storage-full',
    details: { usage: 90, quota: 100, proxies: 5 },
  });
});

test('without IndexedDB it says so', async () => {
  vi.stubGlobal('indexedDB', undefined);
  await expect(put(database().created, 'a')).rejects.toMatchObject({ code: 'storage-unavailable' });
});

test('a newer version in another tab gets in, and this one says what to do', async () => {
  const { created, name } = database();
  await put(created, 'a');
  const newer = await openDB(name, migrations.length + 1);
  await expect(put(created, 'b')).rejects.toMatchObject({
    code: 'storage-unavailable',
    message: expect.stringContaining('reload'),
  });
  newer.close();
});

test('an older version that another tab does not let go of is reported, and waited for the next time', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { created, name } = database();
    const old = await openDB(name, 1, {
      upgrade: (db, _from, _to, tx) => void migrations[0]?.(db as never, tx as never),
    });
    const opening = put(created, 'a').catch((reason: unknown) => reason);
    await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await opening).toMatchObject({ code: 'storage-unavailable' });
    old.close();
    vi.useRealTimers();
    await put(created, 'a');
    expect(await count(created)).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

test('the database can be deleted while it is open', async () => {
  const { created, name } = database();
  await put(created, 'a');
  await deleteDB(name);
  expect(await count(created)).toBe(0);
});
