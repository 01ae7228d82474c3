import type { Aggregation } from '../../core/feature';
import type { FrameBatch } from '../../core/media';
import { uniformFrameIndices } from '../../core/sampling';

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

/** A video's vector from its frame vectors [count x dimensions]; the result never shares their buffer. Laid end to end,
 * `places` vectors are made of however many there are, so that a still image compares with a video. */
export function aggregate(
  frames: Float32Array,
  count: number,
  dimensions: number,
  aggregation: Aggregation,
  places = count,
): Float32Array {
  if (aggregation === 'concatenate')
    return repeatVectors(frames, uniformFrameIndices(count, places), dimensions).slice();
  const sums = new Float64Array(dimensions);
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < dimensions; d++) sums[d] = (sums[d] as number) + (frames[i * dimensions + d] as number);
  }
  return Float32Array.from(sums, (sum) => sum / count);
}

/** The batch without frames that equal the one before (a still image, a video shorter than its sampling), and for each
 * frame of the batch the place of its picture in what is left. */
export function withoutRepeats(batch: FrameBatch): { batch: FrameBatch; places: Int32Array } {
  const size = batch.width * batch.height * 3;
  const places = new Int32Array(batch.count);
  const kept: number[] = [];
  for (let i = 0; i < batch.count; i++) {
    if (i === 0 || !equalFrames(batch.data, (i - 1) * size, i * size, size)) kept.push(i);
    places[i] = kept.length - 1;
  }
  if (kept.length === batch.count) return { batch, places };
  const data = new Uint8Array(kept.length * size);
  kept.forEach((from, to) => {
    data.set(batch.data.subarray(from * size, (from + 1) * size), to * size);
  });
  const times = Float64Array.from(kept, (i) => batch.times[i] as number);
  return { batch: { ...batch, data, count: kept.length, times }, places };
}

/** The vectors of [n x dimensions] that `places` names, in that order; the same buffer where nothing repeats. */
export function repeatVectors(vectors: Float32Array, places: Int32Array, dimensions: number): Float32Array {
  if (places.every((place, i) => place === i) && vectors.length === places.length * dimensions) return vectors;
  const repeated = new Float32Array(places.length * dimensions);
  places.forEach((place, i) => {
    repeated.set(vectors.subarray(place * dimensions, (place + 1) * dimensions), i * dimensions);
  });
  return repeated;
}

function equalFrames(data: Uint8Array, a: number, b: number, size: number): boolean {
  for (let i = 0; i < size; i++) if (data[a + i] !== data[b + i]) return false;
  return true;
}
