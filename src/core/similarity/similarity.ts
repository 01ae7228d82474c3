import type { Metric } from '../feature';
import { dot, norm } from './dot';
import { squaredDistance } from './squared-distance';

/** Similarity from an inner product and two lengths. A zero vector is similar to nothing: 0. */
export function cosineFromDot(product: number, normA: number, normB: number): number {
  const scale = normA * normB;
  return scale > 0 ? Math.max(-1, Math.min(1, product / scale)) : 0;
}

/** 1 minus the root mean square difference; for values in 0..1 it lies in 0..1 too. */
export function similarityFromDistance(squared: number, dimensions: number): number {
  return 1 - Math.sqrt(squared / Math.max(1, dimensions));
}

/** Similarity of two vectors of equal length: `cosine` in -1..1 (0 for a zero vector), `euclidean` 1 - RMS difference. */
export function similarity(metric: Metric, a: Float32Array, b: Float32Array): number {
  return metric === 'cosine'
    ? cosineFromDot(dot(a, 0, b), norm(a), norm(b))
    : similarityFromDistance(squaredDistance(a, 0, b), b.length);
}

/** Index of the first vector value that is NaN or infinite, or -1. */
export function firstNonFinite(vector: Float32Array): number {
  return vector.findIndex((value) => !Number.isFinite(value));
}
