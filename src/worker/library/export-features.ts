import { AppError } from '../../core/errors';
import { originalRecipe } from '../../core/ranking/recipe';
import type { VideoRecord } from '../../core/video';
import type { CallOptions } from '../../protocol/progress';
import type { Database } from '../storage/database';
import { readFrames, readSomeVectors, readSpaces } from '../storage/features';
import type { SpaceRow } from '../storage/schema';
import type { Catalogue } from './catalogue';
import { npyHeader, npyStrings } from './npy';
import { createNpzWriter, type NpzWriter } from './npz-writer';
import { describeSpace } from './space-description';
import type { SpaceIndex } from './space-index';

/** Videos whose vectors are written at a time. */
const portion = 128;

/** The `.npz` of one space, rows in order of path; see `LibraryApi.exportFeatures`. With `frames`, row i of
 * `frame_offsets` and the next say where the frames of video i lie in `frame_features` and `frame_times`. */
export async function exportFeatures(
  database: Database,
  catalogue: Catalogue,
  { space, frames }: { readonly space: string; readonly frames: boolean },
  options: CallOptions = {},
): Promise<Blob> {
  // Vectors are read from storage: what is too large for memory can still be exported.
  const index = await catalogue.index(space, originalRecipe, 1, { compact: true });
  const videos = (await catalogue.videos()).filter(({ id }) => index.has(id)).sort(byPath);
  const row = (await readSpaces(database)).find(({ key }) => key === space);
  if (!row || videos.length === 0) {
    throw new AppError('features-missing', 'The library holds no vectors of this kind', { space });
  }
  const writer = createNpzWriter();
  await addVectors(writer, database, row, index, videos, options);
  await addWhole(writer, 'video_paths', npyStrings(videos.map(({ path }) => path)));
  if (videos.some(({ labels }) => labels.length > 0)) {
    await addWhole(writer, 'labels', npyStrings(videos.map(({ labels }) => labels.join('|'))));
  }
  await addWhole(writer, 'space', npyStrings(describeSpace(row)));
  if (frames) await addFrames(writer, database, row, index, videos, options);
  return writer.finish();
}

function byPath(a: VideoRecord, b: VideoRecord): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

function addWhole(writer: NpzWriter, name: string, file: Uint8Array): Promise<void> {
  return writer.add(name, file.length, [file]);
}

function addVectors(
  writer: NpzWriter,
  database: Database,
  { key }: SpaceRow,
  index: SpaceIndex,
  videos: readonly VideoRecord[],
  options: CallOptions,
): Promise<void> {
  const { dimensions } = index;
  const header = npyHeader('<f4', [videos.length, dimensions]);
  async function* pieces() {
    yield header;
    for await (const some of portions(videos, options, 'Writing vectors')) {
      const rows = new Float32Array(some.length * dimensions);
      const stored = await readSomeVectors(
        database,
        key,
        some.map(({ id }) => id),
      );
      for (const [i, { name }] of some.entries()) {
        const fitted = stored[i] && index.resample(stored[i].vector, dimensions);
        if (!fitted) throw new AppError('features-missing', `The vector of ${name} went away meanwhile`, { name });
        rows.set(fitted, i * dimensions);
      }
      yield new Uint8Array(rows.buffer);
    }
  }
  return writer.add('features', header.length + videos.length * dimensions * 4, pieces());
}

async function addFrames(
  writer: NpzWriter,
  database: Database,
  { key, frameDimensions }: SpaceRow,
  index: SpaceIndex,
  videos: readonly VideoRecord[],
  options: CallOptions,
): Promise<void> {
  const offsets = new BigInt64Array(videos.length + 1);
  let total = 0;
  for (const [i, { id }] of videos.entries()) {
    total += index.frames(id);
    offsets[i + 1] = BigInt(total);
  }
  const times = new Float64Array(total);
  const header = npyHeader('<f4', [total, frameDimensions]);
  async function* pieces() {
    yield header;
    let row = 0;
    for await (const some of portions(videos, options, 'Writing frame vectors')) {
      const ids = some.map(({ id }) => id);
      for (const [i, stored] of (await readFrames(database, key, ids)).entries()) {
        const count = index.frames(some[i]?.id ?? '');
        if (count === 0) continue;
        if (stored?.count !== count || stored.dimensions !== frameDimensions) {
          throw new AppError('features-missing', `The frames of ${some[i]?.name} went away meanwhile`);
        }
        times.set(stored.times, row);
        row += count;
        yield new Uint8Array(stored.frames.buffer as ArrayBuffer);
      }
    }
  }
  await writer.add('frame_features', header.length + total * frameDimensions * 4, pieces());
  await addWhole(writer, 'frame_offsets', joined(npyHeader('<i8', [offsets.length]), offsets));
  await addWhole(writer, 'frame_times', joined(npyHeader('<f8', [total]), times));
}

function joined(header: Uint8Array, values: BigInt64Array | Float64Array): Uint8Array {
  const file = new Uint8Array(header.length + values.byteLength);
  file.set(header);
  file.set(new Uint8Array(values.buffer), header.length);
  return file;
}

async function* portions(
  videos: readonly VideoRecord[],
  { signal, onProgress }: CallOptions,
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
