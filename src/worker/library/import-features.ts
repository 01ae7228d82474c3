import { createSHA256 } from 'hash-wasm';
import { normalisePath, pathMatcher } from '../../core/path-suffix';
import type { FrameSampling } from '../../core/sampling';
import { parseUcf101Name } from '../../core/video';
import { extractors } from '../../extractors/registry';
import type { ImportSummary } from '../../protocol/library-api';
import type { CallOptions } from '../../protocol/progress';
import type { Database, Transaction } from '../storage/database';
import { packedTogether, packedVideos, writePackFile } from '../storage/packs';
import { type SpaceRow, storeNames, type VectorRow, type VideoRow } from '../storage/schema';
import { deleteVideo } from '../storage/videos';
import type { Catalogue } from './catalogue';
import { type ParsedFeatures, parseFeatures } from './parse-features';

type Skipped = ImportSummary['skipped'][number];
/** Where the rows of a file go: to a video of the library, or to a record without a file. */
type Placement = { readonly row: number; readonly id: string; readonly path: string };

/** A file with the vectors of some placements. */
type Pack = { readonly from: number; readonly to: number; readonly file: string };

/** What the files take of the time. */
const filesShare = 0.2;

/** Stores vectors from a file as a space of their own, in one transaction; see `LibraryApi.importFeatures`. The same
 * file again takes the place of its first import. */
export async function importFeatures(
  database: Database,
  catalogue: Catalogue,
  file: File,
  { signal, onProgress }: CallOptions = {},
): Promise<ImportSummary> {
  onProgress?.({ stage: 'Reading', fraction: undefined });
  const key = `import:${(await sha256(file, signal)).slice(0, 32)}`;
  const parsed = await parseFeatures(file, signal);
  const records = await catalogue.rows();
  const { placed, skipped } = place(parsed, records.values(), key);
  signal?.throwIfAborted();
  // Two rounds: files, which take the shorter, then the database.
  const told = (before: number, share: number, done: number) =>
    onProgress?.({ stage: 'Storing', fraction: before + (share * done) / placed.length });
  await catalogue.undisturbed(async () => {
    const packs: Pack[] = [];
    // Fewer are packed together with those that come later.
    const packed = placed.length - (placed.length % packedVideos);
    for (let from = 0; from < packed; from += packedTogether(parsed.dimensions)) {
      signal?.throwIfAborted();
      told(0, filesShare, from);
      const some = placed.slice(from, Math.min(packed, from + packedTogether(parsed.dimensions)));
      const file = await writePackFile(database, matrixOf(parsed, some));
      if (file !== undefined) packs.push({ from, to: from + some.length, file });
    }
    const isPacked = (i: number) => packs.some(({ from, to }) => from <= i && i < to);
    await database.write(storeNames, async (tx) => {
      await removeEarlier(tx, key, new Set(placed.map(({ id }) => id)));
      const row = spaceRow(key, file.name, parsed);
      await tx.objectStore('spaces').put(row);
      const counts: number[] = [];
      for (let from = 0; from < placed.length; from += packedVideos) {
        told(filesShare, 1 - filesShare, from);
        const some = placed.slice(from, from + packedVideos);
        counts.push(...(await storeRows(tx, row, parsed, some, isPacked(from))));
      }
      for (const { from, to, file } of packs) {
        const videos = placed.slice(from, to).map(({ id }) => id);
        const { dimensions } = parsed;
        await tx.objectStore('packs').add({ space: key, videos, frames: counts.slice(from, to), dimensions, file });
      }
    });
  });
  catalogue.reset();
  return { space: key, imported: placed.length, skipped };
}

async function sha256(file: Blob, signal: AbortSignal | undefined): Promise<string> {
  const hash = await createSHA256();
  const piece = 4 * 1024 * 1024;
  for (let at = 0; at < file.size; at += piece) {
    signal?.throwIfAborted();
    hash.update(new Uint8Array(await file.slice(at, at + piece).arrayBuffer()));
  }
  return hash.digest('hex');
}

function place(
  { paths }: ParsedFeatures,
  records: Iterable<VideoRow>,
  key: string,
): { placed: Placement[]; skipped: Skipped[] } {
  const known = [...records].filter(({ id, removed }) => removed === undefined && !id.startsWith(`${key}:`));
  const match = pathMatcher(
    known.flatMap(({ id, path, locations }) =>
      [...new Set([path, ...locations.map((location) => location.path)])].map((each) => ({ id, path: each })),
    ),
  );
  const placed: Placement[] = [];
  const skipped: Skipped[] = [];
  const taken = new Map<string, number>();
  for (const [row, text] of paths.entries()) {
    const path = normalisePath(text);
    const found = match(path);
    const id = found.kind === 'match' ? found.id : `${key}:${path}`;
    const earlier = taken.get(id);
    if (path === '') skipped.push({ row, reason: 'Has no path' });
    else if (found.kind === 'ambiguous') {
      skipped.push({ row, reason: 'Fits several videos of the library' });
    } else if (earlier !== undefined) skipped.push({ row, reason: `Is the same video as row ${earlier}` });
    else {
      taken.set(id, row);
      placed.push({ row, id, path });
    }
  }
  return { placed, skipped };
}

function spaceRow(key: string, fileName: string, { description, dimensions }: ParsedFeatures): SpaceRow {
  const space = description?.space ?? { extractor: 'import', version: 1, modelHash: null, preprocessing: fileName };
  const card = extractors.find(({ id }) => id === space.extractor);
  const unknown: FrameSampling = { instants: { mode: 'every' }, width: 224, height: 224, fit: 'squeeze' };
  return {
    key,
    space,
    sampling: description?.sampling ?? card?.sampling ?? unknown,
    dimensions,
    frameDimensions: description?.frameDimensions ?? card?.dimensions ?? dimensions,
    imported: true,
  };
}

/** Vectors of an earlier import of the same file, its records without a file that are not written again, and its mark on
 * others. */
async function removeEarlier(tx: Transaction<'readwrite'>, key: string, kept: ReadonlySet<string>): Promise<void> {
  const own = IDBKeyRange.bound([key], [key, []]);
  const described = await tx.objectStore('vectors').getAllKeys(own);
  await Promise.all((['vectors', 'unpacked', 'frames'] as const).map((name) => tx.objectStore(name).delete(own)));
  for (const pack of await tx.objectStore('packs').index('space').getAllKeys(key)) {
    await tx.objectStore('packs').delete(pack);
  }
  const records = await tx.objectStore('videos').getAll(IDBKeyRange.bound(`${key}:`, `${key}:\uffff`));
  for (const { id, spaces } of records) {
    if (!kept.has(id) && spaces.every((space) => space === key)) await deleteVideo(tx, id);
  }
  for (const [, id] of described) {
    const row = kept.has(id) ? undefined : await tx.objectStore('videos').get(id);
    if (row) tx.objectStore('videos').put({ ...row, spaces: row.spaces.filter((space) => space !== key) });
  }
}

function matrixOf({ features, dimensions }: ParsedFeatures, placed: readonly Placement[]): Float32Array {
  const matrix = new Float32Array(placed.length * dimensions);
  for (const [i, { row }] of placed.entries()) {
    matrix.set(features.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
  }
  return matrix;
}

/** Stores some rows, with a mark unless they are in a pack; gives how many frames each has. */
async function storeRows(
  tx: Transaction<'readwrite'>,
  { key, sampling }: SpaceRow,
  { features, dimensions, labels, frames }: ParsedFeatures,
  placed: readonly Placement[],
  packed: boolean,
): Promise<number[]> {
  const videos = tx.objectStore('videos');
  const known = await Promise.all(placed.map(({ id }) => videos.get(id)));
  const vectors = placed.map(
    ({ row, id }): VectorRow & { stored: ReturnType<NonNullable<typeof frames>> | undefined } => {
      const stored = frames?.(row);
      const vector = features.slice(row * dimensions, (row + 1) * dimensions);
      return { space: key, video: id, vector, frames: stored?.count ?? 0, sampling, stored };
    },
  );
  await Promise.all([
    ...placed.map(({ row, id, path }, i) => {
      const { removed: _, ...record } = known[i] ?? recordWithoutFile(id, path);
      return videos.put({
        ...record,
        spaces: [...new Set([...record.spaces, key])],
        labels: record.labels.length > 0 ? record.labels : (labels[row] ?? []),
      });
    }),
    ...vectors.flatMap(({ stored, ...vector }) => [
      tx.objectStore('vectors').put(vector),
      !packed && tx.objectStore('unpacked').put({ space: key, video: vector.video }),
      stored && tx.objectStore('frames').put({ space: key, video: vector.video, ...stored }),
    ]),
  ]);
  return vectors.map((vector) => vector.frames);
}

function recordWithoutFile(id: string, path: string): VideoRow {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const ucf101 = parseUcf101Name(path);
  return {
    id,
    name,
    path,
    bytes: 0,
    locations: [],
    added: Date.now(),
    state: 'indexed',
    spaces: [],
    labels: [],
    ...(ucf101 && { group: ucf101.group }),
  };
}
