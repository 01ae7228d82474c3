import { expect, test } from 'vitest';
import { amongVideos } from './close-comparison';
import { chamferSimilarity, type FrameSet, frameSet } from './frame-sets';

const setOf = (metric: 'cosine' | 'euclidean', ...rows: readonly (readonly number[])[]) =>
  frameSet(
    { frames: Float32Array.from(rows.flat()), count: rows.length, dimensions: rows[0]?.length ?? 2 },
    metric,
    [],
  ) as FrameSet;

test('each frame finds the most similar one of the other set, and both ways are averaged', () => {
  const a = setOf('cosine', [2, 0], [0, 3]);
  const b = setOf('cosine', [1, 0], [5, 0], [1, 1]);
  const half = Math.SQRT1_2;
  // From a: 1 and cos 45°; from b: 1, 1 and cos 45°.
  expect(chamferSimilarity(a, b)).toBeCloseTo(((1 + half) / 2 + (2 + half) / 3) / 2, 6);
  expect(chamferSimilarity(b, a)).toBeCloseTo(chamferSimilarity(a, b), 12);
  expect(chamferSimilarity(a, a)).toBeCloseTo(1, 6);
});

test('sets are compared as their descriptor says', () => {
  const [a, b] = [setOf('euclidean', [0, 0]), setOf('euclidean', [0.6, 0.8], [0, 0])];
  expect(chamferSimilarity(a, b)).toBeCloseTo((1 + (1 + 1 - Math.sqrt(0.5)) / 2) / 2, 6);
});

test('long videos are thinned, frames take the stages, and a video without frames has no set', () => {
  const many = Float32Array.from({ length: 2000 }, (_, i) => i + 1);
  const set = frameSet({ frames: many, count: 1000, dimensions: 2 }, 'cosine', [{ name: 'signed-root' }]);
  expect(set?.rows).toHaveLength(16);
  expect(Math.hypot(...(set?.rows[3] ?? []))).toBeCloseTo(1, 6);
  expect(frameSet({ frames: new Float32Array(), count: 0, dimensions: 2 }, 'cosine', [])).toBeUndefined();
});

test('among some videos: symmetric, unknown beside one without frames, the first alone where that is enough', () => {
  const of = (i: number, j: number) => (i === 1 || j === 1 ? undefined : 10 * i + j);
  expect([...amongVideos(3, of, false)]).toEqual([
    0,
    Number.NaN,
    2,
    Number.NaN,
    Number.NaN,
    Number.NaN,
    2,
    Number.NaN,
    22,
  ]);
  expect([...amongVideos(3, of, true)].slice(0, 3)).toEqual([0, Number.NaN, 2]);
});
