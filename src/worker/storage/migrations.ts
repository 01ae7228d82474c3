import type { IDBPDatabase, IDBPTransaction } from 'idb';
import type { Schema, StoreName } from './schema';

type Migration = (
  database: IDBPDatabase<Schema>,
  transaction: IDBPTransaction<Schema, StoreName[], 'versionchange'>,
) => void;

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
];

/** Takes a database of any earlier version to the present one. */
export function migrate(
  database: IDBPDatabase<Schema>,
  from: number,
  transaction: IDBPTransaction<Schema, StoreName[], 'versionchange'>,
  steps: readonly Migration[] = migrations,
): void {
  for (const step of steps.slice(from)) step(database, transaction);
}
