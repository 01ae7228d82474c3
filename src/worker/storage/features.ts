import { recognise } from '../../core/classes';
import { AppError, type ErrorRecord } from '../../core/errors';
import { type FeatureMatrix, spaceKey } from '../../core/feature';
import type { TimedFrames } from '../../core/ranking/best-moment';
import { dequantise, quantise } from '../../core/similarity/quantise';
import { firstNonFinite } from '../../core/similarity/similarity';
import type { Extraction, ThumbnailStrip } from '../../protocol/extract-api';
import type { Database } from './database';
import type { ClassesRow, FramesRow, SpaceRow, ThumbnailsRow, VectorRow, VideoRow } from './schema';
import { updateVideo } from './videos';

/** Stores all that one extraction made of a video, in one transaction; vectors of other spaces stay.
 * Errors: `video-missing`, `inference-failed` for a vector that holds NaN or infinity. */
export async function commitExtraction(database: Database, id: string, extraction: Extraction): Promise<VideoRow> {
  const { features, failures, classes } = extraction;
  for (const feature of features) checkFinite(feature);
  const rows = features.map((feature) => featureRows(id, feature));
  const thumbnails = await thumbnailsRow(id, extraction.thumbnails);
  const [failure] = failures;
  const stores = ['videos', 'vectors', 'unpacked', 'frames', 'classes', 'spaces', 'thumbnails'] as const;
  return database.write(stores, async (tx) => {
    const [record] = await Promise.all([
      updateVideo(tx, id, (row) => indexed(row, extraction, failure?.error)),
      tx.objectStore('thumbnails').put(thumbnails),
      ...classes.map(({ means: _, ...row }) => tx.objectStore('classes').put({ ...row, video: id })),
      ...rows.flatMap(({ vector, frames, space }) => [
        tx.objectStore('vectors').put(vector),
        tx.objectStore('unpacked').put({ space: vector.space, video: id }),
        tx.objectStore('frames').put(frames),
        tx.objectStore('spaces').put(space),
      ]),
    ]);
    return record;
  });
}

function indexed(
  { error: _, recognised: known = [], ...row }: VideoRow,
  { probe, features, classes }: Extraction,
  error: ErrorRecord | undefined,
): VideoRow {
  const spaces = [...new Set([...row.spaces, ...features.map(({ space }) => spaceKey(space))])];
  // Of two networks with the same vocabulary the first says what is seen.
  const fresh = classes.filter(({ vocabulary }, i) => i === classes.findIndex((one) => one.vocabulary === vocabulary));
  const older = known.filter((one) => !fresh.some(({ vocabulary }) => vocabulary === one.vocabulary));
  const recognised = [...older, ...fresh.flatMap(recognise)];
  return {
    ...row,
    state: 'indexed',
    probe,
    spaces,
    ...(recognised.length > 0 && { recognised }),
    ...(error && { error }),
  };
}

function checkFinite({ space, vector, frames }: FeatureMatrix): void {
  const at = Math.max(firstNonFinite(vector), firstNonFinite(frames));
  if (at < 0) return;
  const { extractor } = space;
  throw new AppError('inference-failed', `Value ${at} of the ${extractor} vectors is not a number`, { extractor });
}

function featureRows(video: string, feature: FeatureMatrix): { vector: VectorRow; frames: FramesRow; space: SpaceRow } {
  const { space, sampling, count, dimensions } = feature;
  const key = spaceKey(space);
  return {
    // A view is stored with the whole buffer it looks at: slice.
    vector: { space: key, video, vector: feature.vector.slice(), frames: count, sampling },
    frames: { space: key, video, times: feature.times.slice(), ...quantise(feature.frames, count, dimensions) },
    space: {
      key,
      space,
      sampling,
      dimensions: feature.vector.length,
      frameDimensions: dimensions,
      imported: false,
    },
  };
}

export function readSpaces(database: Database): Promise<SpaceRow[]> {
  return database.read(['spaces'], (tx) => tx.objectStore('spaces').getAll());
}

/** The vectors of some videos in one space; undefined where there is none. */
export function readSomeVectors(
  database: Database,
  space: string,
  videos: readonly string[],
): Promise<(VectorRow | undefined)[]> {
  return database.read(['vectors'], (tx) =>
    Promise.all(videos.map((video) => tx.objectStore('vectors').get([space, video]))),
  );
}

/** The frame vectors of some videos in one space as they are stored; undefined where there are none. */
export function readQuantisedFrames(
  database: Database,
  space: string,
  videos: readonly string[],
): Promise<(FramesRow | undefined)[]> {
  return database.read(['frames'], (tx) =>
    Promise.all(videos.map((video) => tx.objectStore('frames').get([space, video]))),
  );
}

/** As {@link readQuantisedFrames}, float32 again. */
export async function readFrames(
  database: Database,
  space: string,
  videos: readonly string[],
): Promise<(TimedFrames | undefined)[]> {
  const rows = await readQuantisedFrames(database, space, videos);
  return rows.map(
    (row) => row && { frames: dequantise(row), times: row.times, count: row.count, dimensions: row.dimensions },
  );
}

/** What every network recognised in each of some videos, moment by moment. */
export function readClasses(database: Database, videos: readonly string[]): Promise<ClassesRow[][]> {
  return database.read(['classes'], (tx) =>
    Promise.all(videos.map((video) => tx.objectStore('classes').index('video').getAll(video))),
  );
}

async function thumbnailsRow(video: string, { images, times, width, height }: ThumbnailStrip): Promise<ThumbnailsRow> {
  const pictures = images.map(async (image) => ({
    bytes: new Uint8Array(await image.arrayBuffer()),
    type: image.type,
  }));
  return { video, images: await Promise.all(pictures), times: [...times], width, height };
}

export async function readThumbnails(database: Database, video: string): Promise<ThumbnailStrip | undefined> {
  const row = await database.read(['thumbnails'], (tx) => tx.objectStore('thumbnails').get(video));
  if (!row) return undefined;
  const { images, times, width, height } = row;
  return { images: images.map(({ bytes, type }) => new Blob([bytes], { type })), times, width, height };
}
