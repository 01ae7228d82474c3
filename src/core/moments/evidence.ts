import type { Metric } from '../feature';
import { frameSimilarity, type Track } from './track';

/** How alike frames are that have nothing to do with one another: the mean similarity to other videos. */
export type Background = number;

/** A copy is sampled at most half a step beside its original, so it should be nearly as alike as two neighbouring frames of
 * one video are; what coding, size and borders may take away of that is the rest. */
const share = 0.85;

/** Frames are asked for at least this share of the way from unrelated to equal, however much a video flickers. */
const least = 0.6;

/** How alike each frame is to the more similar of its two neighbours; 1 for a single frame. A cut has one on its own side. */
export function continuity(metric: Metric, track: Track): Float32Array {
  const own = new Float32Array(track.count);
  for (let i = 0; i + 1 < track.count; i++) {
    const similarity = frameSimilarity(metric, track, i, track, i + 1);
    own[i] = Math.max(own[i] as number, similarity);
    own[i + 1] = similarity;
  }
  return track.count === 1 ? own.fill(1) : own;
}

/** The similarity from which on two frames may be of the same instant. */
export function threshold(ownA: number, ownB: number, background: Background): number {
  const expected = Math.max(Math.min(ownA, ownB), background + (1 - background) * least);
  return background + share * (expected - background);
}

/**
 * Turns similarities into evidence that two frames show the same instant, in place: 1 for equal frames, 0 where it is open,
 * -1 for unrelated ones. What counts as alike is measured on the two videos themselves, by how fast they change.
 */
export function toEvidence(
  matrix: Float32Array,
  ownA: Float32Array,
  ownB: Float32Array,
  background: Background,
): Float32Array {
  const columns = ownB.length;
  for (let i = 0; i < ownA.length; i++) {
    for (let j = 0; j < columns; j++) {
      const at = i * columns + j;
      const open = threshold(ownA[i] as number, ownB[j] as number, background);
      const above = (matrix[at] as number) - open;
      matrix[at] =
        above > 0 ? above / Math.max(1e-6, 1 - open) : Math.max(-1, above / Math.max(1e-6, open - background));
    }
  }
  return matrix;
}
