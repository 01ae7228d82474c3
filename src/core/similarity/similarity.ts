import type { Metric } from '../feature';
import { dot, norm } from './dot';
import { squaredDistance } from './squared-distance';

/** Similarity from an inner product and two lengths. A zero vector is similar to nothing: 0. */
export function cosineFromDot(product: number, normA: number, normB: number): number {
  const scale = normA * normB;
  return scale > 0 ? Math.max(-1, Math.min(1, product / scale)) : 0;
}

/** Share of equal bits, 0..1, of two hashes that are kept as +1 and -1: their cosine, on another scale. Of means of such
 * hashes it is the mean share; a zero vector, no hash at all, has the 0.5 of unrelated ones. */
export function equalBitsFromDot(product: number, normA: number, normB: number): number {
  return (1 + cosineFromDot(product, normA, normB)) / 2;
}

/** 1 minus the root mean square difference; for values in 0..1 it lies in 0..1 too. */
export function similarityFromDistance(squared: number, dimensions: number): number {
  return 1 - Math.sqrt(squared / Math.max(1, dimensions));
}

/** Similarity of two vectors of equal length: `cosine` in -1..1 (0 for a zero vector), `euclidean` 1 - RMS difference,
 * `hamming` the share of equal bits. */
export function similarity(metric: Metric, a: Float32Array, b: Float32Array): number {
  if (metric === 'euclidean') return similarityFromDistance(squaredDistance(a, 0, b), b.length);
  const compare = metric === 'hamming' ? equalBitsFromDot : cosineFromDot;
  return compare(dot(a, 0, b), norm(a), norm(b));
}

/** Index of the first vector value that is NaN or infinite, or -1. */
export function firstNonFinite(vector: Float32Array): number {
  return vector.findIndex((value) => !Number.isFinite(value));
}
