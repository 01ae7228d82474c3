import type { Metric } from '../feature';
import type { TimedFrames } from '../ranking/best-moment';
import { dot, norm } from '../similarity/dot';
import { similarityFromDistance } from '../similarity/similarity';
import { squaredDistance } from '../similarity/squared-distance';

/** A stretch of a video, seconds. */
export type Span = { readonly from: number; readonly to: number };

/** The frames of a video's timeline within a span, ready to be compared. */
export type Track = TimedFrames & {
  readonly span: Span;
  /** Mean distance of neighbouring frames, seconds; 0 for a single one. */
  readonly spacing: number;
};

/** Takes the frames of a timeline that lie in `span`. For comparison by angle they are brought to unit length, on a copy.
 * Undefined where the span has no frame. */
export function toTrack(
  metric: Metric,
  { frames, times, count, dimensions }: TimedFrames,
  span: Span,
): Track | undefined {
  let first = 0;
  while (first < count && (times[first] as number) < span.from - 1e-6) first++;
  let end = count;
  while (end > first && (times[end - 1] as number) >= span.to - 1e-6) end--;
  const taken = end - first;
  if (taken === 0) return undefined;
  const rows = frames.subarray(first * dimensions, end * dimensions);
  const own = Float64Array.from({ length: taken }, (_, i) => times[first + i] as number);
  return {
    frames: metric === 'euclidean' ? rows : unitRows(rows, taken, dimensions),
    times: own,
    count: taken,
    dimensions,
    span,
    spacing: taken > 1 ? ((own[taken - 1] as number) - (own[0] as number)) / (taken - 1) : 0,
  };
}

function unitRows(rows: Float32Array, count: number, dimensions: number): Float32Array {
  const unit = rows.slice();
  for (let i = 0; i < count; i++) {
    const row = unit.subarray(i * dimensions, (i + 1) * dimensions);
    const length = norm(row);
    if (length > 0) for (let d = 0; d < dimensions; d++) row[d] = (row[d] as number) / length;
  }
  return unit;
}

/** Similarity of a frame of one track to a frame of another, as the metric has it. */
export function frameSimilarity(metric: Metric, a: Track, i: number, b: Track, j: number): number {
  const row = b.frames.subarray(j * b.dimensions, (j + 1) * b.dimensions);
  if (metric === 'euclidean') {
    return similarityFromDistance(squaredDistance(a.frames, i * a.dimensions, row), a.dimensions);
  }
  const cosine = dot(a.frames, i * a.dimensions, row);
  return metric === 'hamming' ? (1 + cosine) / 2 : cosine;
}

/** Similarity of every frame of `a` (rows) to every frame of `b`, row-major [a.count x b.count]. Yields after each row. */
export function* similarityMatrix(metric: Metric, a: Track, b: Track): Generator<number, Float32Array> {
  const matrix = new Float32Array(a.count * b.count);
  for (let i = 0; i < a.count; i++) {
    for (let j = 0; j < b.count; j++) matrix[i * b.count + j] = frameSimilarity(metric, a, i, b, j);
    yield (i + 1) / a.count;
  }
  return matrix;
}
