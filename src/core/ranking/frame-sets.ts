import type { Metric } from '../feature';
import { dot, norm } from '../similarity/dot';
import { similarity } from '../similarity/similarity';
import type { TimedFrames } from './best-moment';
import { prepareVector } from './prepare-vector';
import type { VectorStage } from './recipe';

/** Frames of one video as they are compared with those of another. */
export type FrameSet = { readonly metric: Metric; readonly rows: readonly Float32Array[] };

/** Frames compared at most, spread evenly over the video. */
const most = 16;

/** Takes the stages that each vector takes by itself. Undefined for a video without frames. */
export function frameSet(
  { frames, count, dimensions }: Pick<TimedFrames, 'frames' | 'count' | 'dimensions'>,
  metric: Metric,
  stages: readonly VectorStage[],
): FrameSet | undefined {
  const taken = Math.min(count, most);
  if (taken === 0) return undefined;
  const rows = Array.from({ length: taken }, (_, i) => {
    const at = Math.floor(((i + 0.5) * count) / taken) * dimensions;
    const row = prepareVector(frames.slice(at, at + dimensions), stages);
    const length = metric === 'cosine' ? norm(row) : 0;
    return length > 0 ? row.map((value) => value / length) : row;
  });
  return { metric, rows };
}

/** Each frame with the most similar one of the other video, and back, averaged: the Chamfer similarity of two sets. */
export function chamferSimilarity(a: FrameSet, b: FrameSet): number {
  const bestOfB = new Float64Array(b.rows.length).fill(Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (const row of a.rows) {
    let best = Number.NEGATIVE_INFINITY;
    b.rows.forEach((other, j) => {
      const value = a.metric === 'cosine' ? dot(row, 0, other) : similarity(a.metric, row, other);
      best = Math.max(best, value);
      bestOfB[j] = Math.max(bestOfB[j] as number, value);
    });
    sum += best;
  }
  const back = bestOfB.reduce((total, value) => total + value, 0);
  return (sum / a.rows.length + back / b.rows.length) / 2;
}
