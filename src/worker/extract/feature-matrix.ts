import type { Aggregation } from '../../core/feature';

/** Frame vectors and times that came in parts, in one piece. */
export function joinBatches(parts: readonly { vectors: Float32Array; times: Float64Array }[]): {
  frames: Float32Array;
  times: Float64Array;
} {
  const frames = new Float32Array(parts.reduce((sum, { vectors }) => sum + vectors.length, 0));
  const times = new Float64Array(parts.reduce((sum, { times }) => sum + times.length, 0));
  let at = 0;
  let timeAt = 0;
  for (const part of parts) {
    frames.set(part.vectors, at);
    times.set(part.times, timeAt);
    at += part.vectors.length;
    timeAt += part.times.length;
  }
  return { frames, times };
}

/** A video's vector from its frame vectors [count x dimensions]; the result never shares their buffer. */
export function aggregate(
  frames: Float32Array,
  count: number,
  dimensions: number,
  aggregation: Aggregation,
): Float32Array {
  if (aggregation === 'concatenate') return frames.slice();
  const sums = new Float64Array(dimensions);
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < dimensions; d++) sums[d] = (sums[d] as number) + (frames[i * dimensions + d] as number);
  }
  return Float32Array.from(sums, (sum) => sum / count);
}
