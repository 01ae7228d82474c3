import type { Aggregation, FeatureMatrix } from './feature';
import type { Part } from './sampling';

/** What is known of a part of a video from the vectors of its moments, those from `from` up to `to`; the buffers are new.
 * Undefined where none lies in it. */
export function partOfFeatures(
  features: FeatureMatrix,
  { from, to }: Part,
  aggregation: Aggregation,
): FeatureMatrix | undefined {
  const { dimensions } = features;
  const rows = [...features.times.keys()].filter((i) => {
    const time = features.times[i] as number;
    return time >= from && time <= to;
  });
  const count = rows.length;
  if (count === 0) return undefined;
  const frames = new Float32Array(count * dimensions);
  rows.forEach((row, i) => {
    frames.set(features.frames.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
  });
  const times = Float64Array.from(rows, (row) => features.times[row] as number);
  const sums = new Float64Array(dimensions);
  for (const [i, value] of frames.entries()) sums[i % dimensions] = (sums[i % dimensions] as number) + value;
  const vector = aggregation === 'concatenate' ? frames.slice() : Float32Array.from(sums, (sum) => sum / count);
  return { ...features, vector, frames, count, times };
}
