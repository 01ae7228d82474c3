import type { Metric } from '../feature';
import { similarity } from '../similarity/similarity';
import type { MatchedMoment } from './match';

/** Frame vectors of one video, row-major [count x dimensions], with the time of each in seconds. */
export type TimedFrames = {
  readonly frames: Float32Array;
  readonly times: ArrayLike<number>;
  readonly count: number;
  readonly dimensions: number;
};

/** Frames compared at most, spread evenly: densely sampled videos must not make a search slow. */
const queryFrames = 16;
const matchFrames = 256;

/** The pair of frames that are most alike; the earliest of equals. Undefined where either side has no frames.
 * `resolution` is the mean distance between the match's compared frames, 0 for a single one. */
export function bestMoment(metric: Metric, query: TimedFrames, match: TimedFrames): MatchedMoment | undefined {
  if (query.dimensions !== match.dimensions) return undefined;
  const queryRows = spread(query.count, queryFrames);
  const matchRows = spread(match.count, matchFrames);
  let best: Omit<MatchedMoment, 'resolution'> | undefined;
  for (const row of matchRows) {
    const vector = frame(match, row);
    for (const queryRow of queryRows) {
      const score = similarity(metric, vector, frame(query, queryRow));
      if (best && score <= best.similarity) continue;
      best = { time: match.times[row] ?? 0, queryTime: query.times[queryRow] ?? 0, similarity: score };
    }
  }
  if (!best) return undefined;
  const first = match.times[matchRows[0] ?? 0] ?? 0;
  const last = match.times[matchRows.at(-1) ?? 0] ?? 0;
  return { ...best, resolution: matchRows.length > 1 ? (last - first) / (matchRows.length - 1) : 0 };
}

function frame({ frames, dimensions }: TimedFrames, row: number): Float32Array {
  return frames.subarray(row * dimensions, (row + 1) * dimensions);
}

function spread(count: number, limit: number): number[] {
  const taken = Math.min(count, limit);
  return Array.from({ length: taken }, (_, i) => Math.floor(((i + 0.5) * count) / taken));
}
