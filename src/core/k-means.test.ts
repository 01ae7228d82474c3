import { describe, expect, it } from 'vitest';
import { kMeans, refineClusters } from './k-means';
import { seededRandom } from './random';

function clouds(seed: number, perCloud: number): Float64Array {
  const random = seededRandom(seed);
  const centres = [0, 0, 100, 0, 0, 100];
  return Float64Array.from({ length: 3 * perCloud * 2 }, (_, i) => {
    const cloud = Math.floor(i / (2 * perCloud));
    return (centres[cloud * 2 + (i % 2)] as number) + random() - 0.5;
  });
}

describe('kMeans', () => {
  it('finds separate clouds', () => {
    const { centroids, sizes, inertia } = kMeans(clouds(1, 50), 2, { clusters: 3, seed: 5 });
    const found = [0, 1, 2].map((c) =>
      [centroids[c * 2], centroids[c * 2 + 1]].map((x) => Math.round(x as number) + 0),
    );
    expect(found).toEqual(
      expect.arrayContaining([
        [0, 0],
        [100, 0],
        [0, 100],
      ]),
    );
    expect(Array.from(sizes)).toEqual([50, 50, 50]);
    // Two uniform coordinates of width 1: variance 1/12 each.
    expect(inertia / 150).toBeCloseTo(2 / 12, 1);
  });

  it('gives the same for the same seed', () => {
    const points = clouds(2, 200);
    expect(kMeans(points, 2, { clusters: 8, seed: 3 })).toEqual(kMeans(points, 2, { clusters: 8, seed: 3 }));
    expect(kMeans(points, 2, { clusters: 8, seed: 3 }).centroids).not.toEqual(
      kMeans(points, 2, { clusters: 8, seed: 4 }).centroids,
    );
  });

  it('takes a weight for as many equal points', () => {
    const weighted = kMeans(Float64Array.of(0, 1, 10), 1, {
      clusters: 2,
      seed: 1,
      weights: Float64Array.of(3, 1, 2),
    });
    const repeated = kMeans(Float64Array.of(0, 0, 0, 1, 10, 10), 1, { clusters: 2, seed: 1 });
    const sorted = (values: Float64Array) => Array.from(values).sort((a, b) => a - b);
    expect(sorted(weighted.centroids)).toEqual([0.25, 10]);
    expect(sorted(weighted.centroids)).toEqual(sorted(repeated.centroids));
    expect(weighted.inertia).toBeCloseTo(repeated.inertia, 12);
  });

  it('leaves clusters empty where points repeat', () => {
    const { sizes, inertia } = kMeans(Float64Array.of(7, 7, 7, 9), 1, { clusters: 3, seed: 1 });
    expect(Array.from(sizes).sort()).toEqual([0, 1, 3]);
    expect(inertia).toBe(0);
  });

  it('never gets worse with more starts or iterations', () => {
    const points = clouds(4, 300);
    const inertias = [1, 2, 4, 8].map((starts) => kMeans(points, 2, { clusters: 10, seed: 9, starts }).inertia);
    expect(inertias).toEqual(inertias.toSorted((a, b) => b - a));
    const start = points.slice(0, 20);
    const steps = [1, 2, 4, 8].map((maxIterations) => refineClusters(points, 2, start, { maxIterations }).inertia);
    expect(steps).toEqual(steps.toSorted((a, b) => b - a));
    expect(start).toEqual(points.slice(0, 20));
  });
});
