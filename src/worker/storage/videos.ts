import { AppError, type ErrorRecord } from '../../core/errors';
import { parseUcf101Name, type VideoLocation } from '../../core/video';
import type { VideoEdit } from '../../protocol/library-api';
import type { Database, Transaction } from './database';
import type { StoreName, VideoRow } from './schema';

export type EnqueuedFile = {
  readonly id: string;
  readonly location: VideoLocation;
  readonly labels?: readonly string[];
};

/** Every record, those removed but not yet purged included. */
export function readVideos(database: Database): Promise<VideoRow[]> {
  return database.read(['videos'], (tx) => tx.objectStore('videos').getAll());
}

export function readSomeVideos(database: Database, ids: readonly string[]): Promise<(VideoRow | undefined)[]> {
  return database.read(['videos'], (tx) => Promise.all(ids.map((id) => tx.objectStore('videos').get(id))));
}

/** Adds waiting videos, or locations to known ones, in one transaction. A video that was removed comes back with all
 * that is stored of it. `movedFrom` names known videos whose place one of the files has taken. */
export function enqueueVideos(
  database: Database,
  files: readonly EnqueuedFile[],
  movedFrom: readonly string[],
): Promise<VideoRow[]> {
  const added = Date.now();
  return database.write(['videos'], async (tx) => {
    const store = tx.objectStore('videos');
    const rows = new Map<string, VideoRow>();
    const ids = [...new Set([...files.map(({ id }) => id), ...movedFrom])];
    for (const row of await Promise.all(ids.map((id) => store.get(id)))) if (row) rows.set(row.id, row);
    const places = new Map(files.map(({ id, location }) => [placeKey(location), id]));
    for (const row of rows.values()) rows.set(row.id, withoutTakenPlaces(row, places));
    for (const file of files) {
      const known = rows.get(file.id);
      rows.set(file.id, known ? withFile(known, file) : newRow(file, added));
    }
    await Promise.all([...rows.values()].map((row) => store.put(row)));
    return [...rows.values()];
  });
}

/** Rewrites records in one transaction. Errors: `video-missing`. */
export function updateVideos(
  database: Database,
  ids: readonly string[],
  change: (row: VideoRow) => VideoRow,
): Promise<VideoRow[]> {
  return database.write(['videos'], (tx) => Promise.all(ids.map((id) => updateVideo(tx, id, change))));
}

/** The same within a transaction that has the store `videos`. */
export async function updateVideo(
  transaction: Transaction<'readwrite'>,
  id: string,
  change: (row: VideoRow) => VideoRow,
): Promise<VideoRow> {
  const store = transaction.objectStore('videos');
  const row = await store.get(id);
  if (!row) throw new AppError('video-missing', `No video ${id} in the library`);
  const changed = change(row);
  await store.put(changed);
  return changed;
}

/** A video that is described already stays so, and says what failed since. */
export function failed(row: VideoRow, error: ErrorRecord): VideoRow {
  return { ...row, state: row.state === 'indexed' ? 'indexed' : 'failed', error };
}

export function waiting({ error: _, ...row }: VideoRow): VideoRow {
  return { ...row, state: row.state === 'indexed' ? 'indexed' : 'waiting' };
}

/** Texts that were emptied are gone, not empty. */
export function edited(row: VideoRow, changes: VideoEdit['changes']): VideoRow {
  const { group = '', split, title = '', description = '', ...rest } = { ...row, ...changes };
  return {
    ...rest,
    ...(group && { group }),
    ...(split && { split }),
    ...(title && { title }),
    ...(description && { description }),
  };
}

export function restored({ removed: _, ...row }: VideoRow): VideoRow {
  return row;
}

const storesOfVideos = [
  'videos',
  'vectors',
  'unpacked',
  'frames',
  'classes',
  'thumbnails',
  'proxies',
  'shots',
] as const satisfies readonly StoreName[];

/** Deletes all that is stored of those of the videos that are marked as removed, at the latest `by`, in one transaction;
 * gives their ids. */
export function purgeRemoved(database: Database, ids: readonly string[], by: number): Promise<string[]> {
  return database.write(storesOfVideos, async (tx) => {
    const rows = await Promise.all(ids.map((id) => tx.objectStore('videos').get(id)));
    const removed = ids.filter((_, i) => (rows[i]?.removed ?? Number.POSITIVE_INFINITY) <= by);
    await Promise.all(removed.map((id) => deleteVideo(tx, id)));
    return removed;
  });
}

/** Within a transaction that has every store of a video. */
export async function deleteVideo(transaction: Transaction<'readwrite'>, id: string): Promise<void> {
  const bySpace = (['vectors', 'frames', 'classes'] as const).map(async (name) => {
    const store = transaction.objectStore(name);
    const keys = await store.index('video').getAllKeys(id);
    await Promise.all(keys.map((key) => store.delete(key)));
    // A mark without its vector would take the place of another in every pack to come.
    if (name === 'vectors') await Promise.all(keys.map((key) => transaction.objectStore('unpacked').delete(key)));
  });
  const whole = (['videos', 'thumbnails', 'proxies', 'shots'] as const).map((name) =>
    transaction.objectStore(name).delete(id),
  );
  await Promise.all([...bySpace, ...whole]);
}

function newRow({ id, location, labels }: EnqueuedFile, added: number): VideoRow {
  const name = location.path.slice(location.path.lastIndexOf('/') + 1);
  const ucf101 = parseUcf101Name(location.path);
  return {
    id,
    name,
    path: location.path,
    bytes: location.bytes,
    locations: [location],
    added,
    state: 'waiting',
    spaces: [],
    labels: labels?.length ? [...labels] : ucf101 ? [ucf101.label] : [],
    ...(ucf101 && { group: ucf101.group }),
  };
}

function withFile(known: VideoRow, file: EnqueuedFile): VideoRow {
  const fresh = newRow(file, known.added);
  const others = known.locations.filter((location) => !isSamePlace(location, file.location));
  const group = known.group ?? fresh.group;
  return {
    ...restored(known),
    // A copy elsewhere leaves name and path as they are; a record whose file was gone takes the new ones.
    ...(known.locations.length === 0 && { name: fresh.name, path: fresh.path, bytes: fresh.bytes }),
    locations: [...others, file.location],
    labels: known.labels.length > 0 ? known.labels : fresh.labels,
    ...(group !== undefined && { group }),
  };
}

function withoutTakenPlaces(row: VideoRow, places: ReadonlyMap<string, string>): VideoRow {
  const locations = row.locations.filter((location) => {
    const taker = location.folder === null ? undefined : places.get(placeKey(location));
    return taker === undefined || taker === row.id;
  });
  return locations.length === row.locations.length ? row : { ...row, locations };
}

/** Equal for two files that cannot lie there at once. */
export function placeKey({ folder, path }: VideoLocation): string {
  return JSON.stringify([folder, path]);
}

/** Files added on their own are known by their bare name, which many may share. */
function isSamePlace(a: VideoLocation, b: VideoLocation): boolean {
  return a.folder === b.folder && a.path === b.path && (a.folder !== null || a.modified === b.modified);
}
