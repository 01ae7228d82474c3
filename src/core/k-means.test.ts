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

describe('refineClusters', () => {
  /** Lloyd's iterations as they are written in textbooks. */
  function plainLloyd(
    points: Float64Array,
    dimensions: number,
    start: Float64Array,
    weights: Float64Array,
    most: number,
  ) {
    const centroids = start.slice();
    const clusters = start.length / dimensions;
    let nearest: number[] = [];
    let inertia = 0;
    const sizes = new Float64Array(clusters);
    for (let iteration = 0; iteration < most; iteration++) {
      const found: number[] = [];
      const sums = new Float64Array(start.length);
      sizes.fill(0);
      inertia = 0;
      for (const [i, weight] of weights.entries()) {
        const point = points.subarray(i * dimensions, (i + 1) * dimensions);
        const distances = Array.from({ length: clusters }, (_, c) =>
          point.reduce((sum, value, d) => sum + (value - (centroids[c * dimensions + d] ?? 0)) ** 2, 0),
        );
        const best = distances.indexOf(Math.min(...distances));
        found.push(best);
        inertia += weight * (distances[best] ?? 0);
        sizes[best] = (sizes[best] ?? 0) + weight;
        for (const [d, value] of point.entries()) {
          sums[best * dimensions + d] = (sums[best * dimensions + d] ?? 0) + weight * value;
        }
      }
      if (found.every((cluster, i) => cluster === nearest[i])) break;
      nearest = found;
      for (const [at, sum] of sums.entries()) {
        const size = sizes[Math.floor(at / dimensions)] ?? 0;
        if (size > 0) centroids[at] = sum / size;
      }
    }
    return { centroids, sizes, inertia };
  }

  it.each([
    [3, 400, 10],
    [3, 30, 12],
    [3, 50, 1],
    [2, 300, 6],
    [5, 200, 7],
  ])('of %i dimensions gives what comparing %i points with all of %i centroids does', (dimensions, count, clusters) => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = seededRandom(seed);
      // Some points lie on one another, and some centroids do.
      const level = () => Math.floor(random() * (seed % 2 === 0 ? 6 : 1000));
      const points = Float64Array.from({ length: count * dimensions }, level);
      const start = Float64Array.from({ length: clusters * dimensions }, level);
      const weights = Float64Array.from({ length: count }, () => 1 + Math.floor(random() * 50));
      for (const most of [1, 2, 40]) {
        expect(refineClusters(points, dimensions, start, { weights, maxIterations: most })).toEqual(
          plainLloyd(points, dimensions, start, weights, most),
        );
      }
    }
  });
});
