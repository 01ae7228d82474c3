import { AppError } from '../../core/errors';
import type { VideoRecord } from '../../core/video';
import type { CallOptions } from '../../protocol/progress';
import type { Database } from '../storage/database';
import { readFrames, readSomeVectors, readSpaces } from '../storage/features';
import type { SpaceRow } from '../storage/schema';
import type { Catalogue } from './catalogue';
import { npyHeader, npyStrings } from './npy';
import { type NpzArray, writeNpz } from './npz-writer';
import { describeSpace } from './space-description';
import { geometryOf, resample } from './space-index';

/** Videos whose vectors are written at a time. */
const portion = 128;

/** The `.npz` of one space, rows in order of path; see `LibraryApi.exportFeatures`. With `frames`, row i of
 * `frame_offsets` and the next say where the frames of video i lie in `frame_features` and `frame_times`. Everything is
 * read from storage, portion by portion: what is too large for memory can still be exported. */
export async function exportFeatures(
  database: Database,
  catalogue: Catalogue,
  { space, frames }: { readonly space: string; readonly frames: boolean },
  options: CallOptions = {},
): Promise<Blob> {
  const listed = (await catalogue.videos()).filter(({ spaces }) => spaces.includes(space)).sort(byPath);
  const row = (await readSpaces(database)).find(({ key }) => key === space);
  const measured = row ? await measure({ database, row, videos: listed, options }) : [];
  if (!row || measured.length === 0) {
    throw new AppError('features-missing', 'The library holds no vectors of this kind', { space });
  }
  const videos = measured.map(({ video }) => video);
  return writeNpz(arraysOf({ database, row, videos, options }, measured, frames));
}

type Source = {
  readonly database: Database;
  readonly row: SpaceRow;
  readonly videos: readonly VideoRecord[];
  readonly options: CallOptions;
};

async function* arraysOf(source: Source, measured: readonly Measured[], frames: boolean): AsyncGenerator<NpzArray> {
  const { row, videos } = source;
  yield { name: 'features', pieces: vectors(source, mostFrequent(measured.map(({ length }) => length))) };
  yield { name: 'video_paths', pieces: [npyStrings(videos.map(({ path }) => path))] };
  if (videos.some(({ labels }) => labels.length > 0)) {
    yield { name: 'labels', pieces: [npyStrings(videos.map(({ labels }) => labels.join('|')))] };
  }
  yield { name: 'space', pieces: [npyStrings(describeSpace(row))] };
  if (frames)
    yield* frameArrays(
      source,
      measured.map(({ frames }) => frames),
    );
}

function byPath(a: VideoRecord, b: VideoRecord): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

/** A video that has a vector, how long that is, and of how many frames. */
type Measured = { readonly video: VideoRecord; readonly length: number; readonly frames: number };

async function measure(source: Source): Promise<readonly Measured[]> {
  const measured: Measured[] = [];
  for await (const { some, found } of storedVectors(source, 'Counting vectors')) {
    for (const [i, video] of some.entries()) {
      const row = found[i];
      if (row) measured.push({ video, length: row.vector.length, frames: row.frames });
    }
  }
  return measured;
}

function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((most, next) => (next[1] > most[1] ? next : most))[0];
}

async function* vectors(source: Source, dimensions: number): AsyncGenerator<Uint8Array> {
  yield npyHeader('<f4', [source.videos.length, dimensions]);
  const geometry = geometryOf(source.row);
  for await (const { some, found } of storedVectors(source, 'Writing vectors')) {
    const rows = new Float32Array(some.length * dimensions);
    for (const [i, row] of found.entries()) {
      const fitted = row && resample(row.vector, dimensions, geometry);
      if (!fitted) throw wentAway(some[i]);
      rows.set(fitted, i * dimensions);
    }
    yield new Uint8Array(rows.buffer);
  }
}

async function* storedVectors(source: Source, stage: string) {
  const { database, row } = source;
  for await (const some of portions(source, stage)) {
    const ids = some.map(({ id }) => id);
    yield { some, found: await readSomeVectors(database, row.key, ids) };
  }
}

async function* frameArrays(source: Source, counts: readonly number[]): AsyncGenerator<NpzArray> {
  const offsets = new BigInt64Array(counts.length + 1);
  let total = 0;
  for (const [i, count] of counts.entries()) {
    total += count;
    offsets[i + 1] = BigInt(total);
  }
  const times = new Float64Array(total);
  yield { name: 'frame_features', pieces: frameVectors(source, counts, times) };
  yield { name: 'frame_offsets', pieces: [npyHeader('<i8', [offsets.length]), new Uint8Array(offsets.buffer)] };
  yield { name: 'frame_times', pieces: [npyHeader('<f8', [total]), new Uint8Array(times.buffer)] };
}

/** Fills in their `times` on the way. */
async function* frameVectors(
  source: Source,
  counts: readonly number[],
  times: Float64Array,
): AsyncGenerator<Uint8Array> {
  const { database, row } = source;
  const { key, frameDimensions } = row;
  yield npyHeader('<f4', [times.length, frameDimensions]);
  let [video, frame] = [0, 0];
  for await (const some of portions(source, 'Writing frame vectors')) {
    const ids = some.map(({ id }) => id);
    for (const [i, stored] of (await readFrames(database, key, ids)).entries()) {
      const count = counts[video++] ?? 0;
      if (count === 0) continue;
      if (stored?.count !== count || stored.dimensions !== frameDimensions) throw wentAway(some[i]);
      times.set(stored.times, frame);
      frame += count;
      yield new Uint8Array(stored.frames.buffer as ArrayBuffer);
    }
  }
}

function wentAway(video: VideoRecord | undefined): AppError {
  const name = video?.name ?? '';
  return new AppError('features-missing', `What is stored of ${name} changed meanwhile`, { name });
}

async function* portions(
  { videos, options: { signal, onProgress } }: Source,
  stage: string,
): AsyncGenerator<readonly VideoRecord[]> {
  for (let from = 0; from < videos.length; from += portion) {
    // A turn of the event loop, in which a cancellation can arrive.
    await new Promise((resolve) => setTimeout(resolve, 0));
    signal?.throwIfAborted();
    onProgress?.({ stage, fraction: from / videos.length });
    yield videos.slice(from, from + portion);
  }
}
