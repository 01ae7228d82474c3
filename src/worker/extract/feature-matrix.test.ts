import { describe, expect, it } from 'vitest';
import { aggregate, joinBatches, repeatVectors, withoutRepeats } from './feature-matrix';

describe('aggregate', () => {
  const frames = Float32Array.of(1, 2, 3, 4, 5, 9);

  it('averages frame vectors without normalising', () => {
    expect(Array.from(aggregate(frames, 3, 2, 'mean'))).toEqual([3, 5]);
  });

  it('lays frame vectors end to end in a buffer of its own', () => {
    const vector = aggregate(frames, 3, 2, 'concatenate');
    expect(vector).toEqual(frames);
    expect(vector.buffer).not.toBe(frames.buffer);
  });

  it('fills the places of a video with the one vector of a still image', () => {
    expect(Array.from(aggregate(Float32Array.of(1, 2), 1, 2, 'concatenate', 3))).toEqual([1, 2, 1, 2, 1, 2]);
    expect(Array.from(aggregate(Float32Array.of(1, 2), 2, 1, 'concatenate', 4))).toEqual([1, 1, 2, 2]);
  });
});

it('joins parts in order', () => {
  const joined = joinBatches([
    { vectors: Float32Array.of(1, 2), times: Float64Array.of(0.5) },
    { vectors: Float32Array.of(3, 4, 5, 6), times: Float64Array.of(1, 1.5) },
  ]);
  expect(joined).toEqual({ frames: Float32Array.of(1, 2, 3, 4, 5, 6), times: Float64Array.of(0.5, 1, 1.5) });
});

describe('withoutRepeats', () => {
  const pixels = (...values: number[]) => Uint8Array.from(values.flatMap((value) => [value, value, value + 1]));
  const batch = (...values: number[]) => ({
    data: pixels(...values),
    count: values.length,
    width: 1,
    height: 1,
    times: Float64Array.from(values.keys()),
  });

  it('keeps one of equal neighbours, and the vectors come back for all', () => {
    const { batch: kept, places } = withoutRepeats(batch(7, 7, 8, 7, 7));
    expect(kept).toEqual({ ...batch(7, 8, 7), times: Float64Array.of(0, 2, 3) });
    const vectors = Float32Array.of(1, 2, 3, 4, 5, 6);
    expect(Array.from(repeatVectors(vectors, places, 2))).toEqual([1, 2, 1, 2, 3, 4, 5, 6, 5, 6]);
  });

  it('hands on a batch of different frames as it is', () => {
    const different = batch(1, 2, 3);
    expect(withoutRepeats(different).batch).toBe(different);
  });
});
