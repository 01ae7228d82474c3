import { AppError } from '../../core/errors';
import { mostUnusual, scoreUnusual, type VectorSet } from '../../core/unusual/score-unusual';
import type { CallOptions } from '../../protocol/progress';
import type { UnusualArgs, UnusualFinding } from '../../protocol/unusual-api';
import type { Database } from '../storage/database';
import { readFrames } from '../storage/features';
import type { Catalogue } from './catalogue';
import { vectorsOf } from './heads';
import { inSlices, slices } from './slices';

/** Videos whose least usual moment is looked for. */
const withMoments = 60;
/** Moments of normal videos that it is compared with, at most. */
const normalMoments = 3000;

/** See `UnusualApi.findUnusual`. */
export async function findUnusual(
  database: Database,
  catalogue: Catalogue,
  { space, normal, neighbours }: UnusualArgs,
  options: CallOptions = {},
): Promise<UnusualFinding> {
  const pause = slices(options);
  const { geometry } = await catalogue.index(space);
  const { metric } = geometry;
  const isNormal = new Set(normal);
  const all = (await catalogue.videos()).map(({ id }) => id);
  const known = await vectorsOf(catalogue, { space, ids: all.filter((id) => isNormal.has(id)) });
  const asked = await vectorsOf(catalogue, { space, ids: all.filter((id) => !isNormal.has(id)) });
  const impossible = (reason: string) => new AppError('unusual-impossible', reason, { reason });
  if (known.ids.length < 2)
    throw impossible(`${known.ids.length} of the normal videos have vectors of this descriptor, and it takes 2`);
  if (asked.ids.length === 0) throw impossible('no other video has vectors of this descriptor');
  const scores = await inSlices(
    scoreUnusual(known, asked, metric, neighbours),
    pause,
    'Comparing with the normal videos',
    (share) => 0.8 * share,
  );
  const ranked = [...asked.ids.keys()].sort(
    (a, b) => (scores.distances[b] as number) - (scores.distances[a] as number) || a - b,
  );
  const first = ranked.slice(0, withMoments).map((row) => asked.ids[row] as string);
  const frames = geometry.aggregation === 'mean' ? await normalFrames(database, space, known.ids) : undefined;
  const moments = new Map<string, number>();
  if (frames) {
    for (const [at, id] of first.entries()) {
      const [own] = await readFrames(database, space, [id]);
      if (own && own.count > 0 && own.dimensions === frames.dimensions) {
        const set = { matrix: own.frames, dimensions: own.dimensions };
        const { row } = mostUnusual(frames, set, metric, neighbours);
        const time = own.times[row];
        if (time !== undefined) moments.set(id, time);
      }
      const wait = pause('Looking for the moments', 0.8 + (0.2 * at) / first.length);
      if (wait) await wait;
    }
  }
  return {
    videos: ranked.map((row) => {
      const id = asked.ids[row] as string;
      const moment = moments.get(id);
      return {
        id,
        distance: scores.distances[row] as number,
        percentile: scores.percentiles[row] as number,
        ...(moment !== undefined && { moment }),
      };
    }),
    normal: known.ids.length,
    neighbours: scores.k,
    median: scores.median,
  };
}

/** Vectors of the normal videos' moments, evenly thinned; undefined where none are stored. */
async function normalFrames(database: Database, space: string, ids: readonly string[]): Promise<VectorSet | undefined> {
  const step = Math.max(1, Math.ceil(ids.length / 500));
  const read = await readFrames(
    database,
    space,
    ids.filter((_, i) => i % step === 0),
  );
  const found = read.filter((one) => one !== undefined && one.count > 0);
  const dimensions = found[0]?.dimensions;
  if (dimensions === undefined) return undefined;
  const same = found.filter((one) => one?.dimensions === dimensions);
  const total = same.reduce((sum, one) => sum + (one?.count ?? 0), 0);
  const every = Math.max(1, Math.ceil(total / normalMoments));
  const rows: Float32Array[] = [];
  let at = 0;
  for (const one of same) {
    for (let i = 0; i < (one?.count ?? 0); i++, at++) {
      if (at % every === 0 && one) rows.push(one.frames.subarray(i * dimensions, (i + 1) * dimensions));
    }
  }
  const matrix = new Float32Array(rows.length * dimensions);
  rows.forEach((row, i) => {
    matrix.set(row, i * dimensions);
  });
  return { matrix, dimensions };
}
