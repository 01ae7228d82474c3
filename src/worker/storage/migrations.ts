import type { IDBPDatabase, IDBPTransaction } from 'idb';
import type { Schema, StoreName } from './schema';

type Migration = (
  database: IDBPDatabase<Schema>,
  transaction: IDBPTransaction<Schema, StoreName[], 'versionchange'>,
) => void | Promise<void>;

/** Step i leads from version i to i + 1. A step that was released is never changed: stored libraries took it. */
export const migrations: readonly Migration[] = [
  (database) => {
    database.createObjectStore('videos', { keyPath: 'id' });
    for (const name of ['vectors', 'frames'] as const) {
      database.createObjectStore(name, { keyPath: ['space', 'video'] }).createIndex('video', 'video');
    }
    database.createObjectStore('spaces', { keyPath: 'key' });
    for (const name of ['thumbnails', 'proxies'] as const) database.createObjectStore(name, { keyPath: 'video' });
    database.createObjectStore('folders', { keyPath: 'id' });
  },
  async (database, transaction) => {
    database.createObjectStore('packs', { autoIncrement: true }).createIndex('space', 'space');
    const unpacked = database.createObjectStore('unpacked', { keyPath: ['space', 'video'] });
    for (const [space, video] of await transaction.objectStore('vectors').getAllKeys()) {
      unpacked.put({ space, video });
    }
  },
  (database) => {
    database.createObjectStore('reports', { keyPath: 'id' });
  },
  (database) => {
    database.createObjectStore('classes', { keyPath: ['space', 'video'] }).createIndex('video', 'video');
    database.createObjectStore('dismissedPairs', { keyPath: 'ids' });
    for (const name of ['heads', 'headWeights'] as const) database.createObjectStore(name, { keyPath: 'id' });
  },
  (database) => {
    database.createObjectStore('checkpoints', { keyPath: 'part' });
  },
  (database) => {
    database.createObjectStore('projections', { keyPath: 'key' });
  },
  (database) => {
    database.createObjectStore('shots', { keyPath: 'video' }).createIndex('space', 'space');
  },
  dissolvePacks,
  dissolvePacks,
];

/** Takes a database of any earlier version to the present one, within the transaction of its opening. */
export async function migrate(
  database: IDBPDatabase<Schema>,
  from: number,
  transaction: IDBPTransaction<Schema, StoreName[], 'versionchange'>,
): Promise<void> {
  for (const step of migrations.slice(from)) await step(database, transaction);
}

/** Packs are copies, and are made anew where their bytes have come to lie elsewhere: in Blobs, then in files. */
async function dissolvePacks(...[, transaction]: Parameters<Migration>): Promise<void> {
  await transaction.objectStore('packs').clear();
  for (const [space, video] of await transaction.objectStore('vectors').getAllKeys()) {
    transaction.objectStore('unpacked').put({ space, video });
  }
}
