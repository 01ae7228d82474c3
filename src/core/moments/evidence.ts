import { hashBits } from '../near-duplicates/hash-kind';
import { hashDistance } from '../near-duplicates/hash-track';
import type { Timeline } from './timeline';

/** Bits by which frames of one instant may differ at most and at least, however fast a video changes. */
const mostBits = 12;
const leastBits = 7;

/** Bits of each frame's hash that differ from those of each other one, row-major [a.count x b.count]; 255 where either
 * cannot be told from others. */
export function distances(
  a: Pick<Timeline, 'count' | 'telling'>,
  hashesA: Uint32Array,
  b: Pick<Timeline, 'count' | 'telling'>,
  hashesB: Uint32Array,
): Uint8Array {
  const table = new Uint8Array(a.count * b.count).fill(untold);
  for (let i = 0; i < a.count; i++) {
    if (!a.telling[i]) continue;
    for (let j = 0; j < b.count; j++) {
      if (b.telling[j]) table[i * b.count + j] = hashDistance(hashesA, i, hashesB, j);
    }
  }
  return table;
}

export const untold = 255;

/** How much each frame changes to the nearer of its two neighbours, bits. A cut has one on its own side. */
export function changes({ count, telling }: Pick<Timeline, 'count' | 'telling'>, hashes: Uint32Array): Float32Array {
  const own = new Float32Array(count).fill(hashBits);
  for (let i = 0; i + 1 < count; i++) {
    if (!telling[i] || !telling[i + 1]) continue;
    const distance = hashDistance(hashes, i, hashes, i + 1);
    own[i] = Math.min(own[i] as number, distance);
    own[i + 1] = distance;
  }
  return own;
}

/**
 * Evidence that two frames show the same instant: 1 for equal hashes, 0 where it is open or nothing is told, down to -1.
 * A copy is sampled at most half a step beside its original, so it should be about as alike as two neighbouring frames
 * of one video are: what counts as alike follows how fast the two change.
 */
export function toEvidence(table: Uint8Array, changesA: Float32Array, changesB: Float32Array): Float32Array {
  const evidence = new Float32Array(table.length);
  const columns = changesB.length;
  for (let i = 0; i < changesA.length; i++) {
    for (let j = 0; j < columns; j++) {
      const distance = table[i * columns + j] as number;
      if (distance === untold) continue;
      const change = Math.max(changesA[i] as number, changesB[j] as number);
      const open = Math.min(mostBits, Math.max(leastBits, change + 3));
      evidence[i * columns + j] = Math.max(-1, (open - distance) / open);
    }
  }
  return evidence;
}
