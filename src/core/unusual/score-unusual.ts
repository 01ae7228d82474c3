import type { Metric } from '../feature';
import { norm } from '../similarity/dot';
import { squaredDistance } from '../similarity/squared-distance';

export type VectorSet = { readonly matrix: Float32Array; readonly dimensions: number };

export type UnusualScores = {
  /** Of every one asked about: its mean distance to the k nearest normal ones. */
  readonly distances: Float64Array;
  /** Share of the normal ones, each left out of its own neighbours, that lie no farther from theirs. */
  readonly percentiles: Float64Array;
  /** Distance of the normal one in the middle. */
  readonly median: number;
  readonly k: number;
};

/**
 * How far vectors lie from a set of normal ones: the mean distance to the k nearest (Angiulli and Pizzuti 2002), judged
 * beside the same of the normal ones themselves. `normal` has at least 2 rows; k is at most one less than that. Distance
 * is 1 minus the metric's similarity. Run it step by step: each is one row and yields the share that is done.
 */
export function* scoreUnusual(
  normal: VectorSet,
  asked: VectorSet,
  metric: Metric,
  neighbours: number,
): Generator<number, UnusualScores> {
  const { dimensions } = normal;
  const known = prepared(normal, metric);
  const others = prepared(asked, metric);
  const count = known.length / dimensions;
  const total = count + others.length / dimensions;
  const k = Math.min(neighbours, count - 1);
  const own = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    own[i] = meanNearest(known, known.subarray(i * dimensions, (i + 1) * dimensions), metric, k, i);
    yield i / total;
  }
  own.sort();
  const distances = new Float64Array(total - count);
  for (let i = 0; i < distances.length; i++) {
    distances[i] = meanNearest(known, others.subarray(i * dimensions, (i + 1) * dimensions), metric, k);
    yield (count + i) / total;
  }
  const percentiles = distances.map((distance) => countUpTo(own, distance) / count);
  return { distances, percentiles, median: own[Math.floor(count / 2)] as number, k };
}

/** The row that lies farthest from its k nearest normal ones, and how far. */
export function mostUnusual(
  normal: VectorSet,
  rows: VectorSet,
  metric: Metric,
  neighbours: number,
): { readonly row: number; readonly distance: number } {
  const { dimensions } = normal;
  const known = prepared(normal, metric);
  const own = prepared(rows, metric);
  const k = Math.min(neighbours, known.length / dimensions);
  let most = { row: 0, distance: Number.NEGATIVE_INFINITY };
  for (let row = 0; row * dimensions < own.length; row++) {
    const distance = meanNearest(known, own.subarray(row * dimensions, (row + 1) * dimensions), metric, k);
    if (distance > most.distance) most = { row, distance };
  }
  return most;
}

/** Rows whose squared distances tell of the metric: of unit length but for Euclidean ones. */
function prepared({ matrix, dimensions }: VectorSet, metric: Metric): Float32Array {
  if (metric === 'euclidean') return matrix;
  const unit = matrix.slice();
  for (let at = 0; at < unit.length; at += dimensions) {
    const row = unit.subarray(at, at + dimensions);
    const length = norm(row);
    if (length > 0) for (let d = 0; d < dimensions; d++) row[d] = (row[d] as number) / length;
  }
  return unit;
}

function meanNearest(known: Float32Array, row: Float32Array, metric: Metric, k: number, leftOut = -1): number {
  const dimensions = row.length;
  const nearest: number[] = [];
  for (let i = 0; i * dimensions < known.length; i++) {
    if (i === leftOut) continue;
    const squared = squaredDistance(known, i * dimensions, row);
    if (nearest.length === k && squared >= (nearest[k - 1] as number)) continue;
    let at = nearest.length < k ? nearest.length : k - 1;
    for (; at > 0 && squared < (nearest[at - 1] as number); at--) nearest[at] = nearest[at - 1] as number;
    nearest[at] = squared;
  }
  const sum = nearest.reduce((total, squared) => total + distanceOf(metric, squared, dimensions), 0);
  return sum / Math.max(1, nearest.length);
}

function distanceOf(metric: Metric, squared: number, dimensions: number): number {
  if (metric === 'euclidean') return Math.sqrt(squared / dimensions);
  return squared / (metric === 'hamming' ? 4 : 2);
}

/** How many of the ascending values are at most this large. */
function countUpTo(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
