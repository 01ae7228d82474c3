import { describe, expect, test } from 'vitest';
import { seededRandom } from '../random';
import { averages, bootstrapIntervals, pairedPermutationTest, type QueryValues, quantile } from './resampling';

function data(values: readonly number[], clusters: readonly number[], classes: readonly number[]): QueryValues {
  return {
    values: [Float64Array.from(values)],
    clusters: Int32Array.from(clusters),
    classes: Int32Array.from(classes),
    classStarts: Int32Array.from({ length: values.length + 1 }, (_, i) => i),
    classCount: 1 + Math.max(...classes),
  };
}

test('micro is over queries, macro over classes that have some', () => {
  const { micro, macro } = averages(data([1, 1, 1, 0], [0, 1, 2, 3], [0, 0, 0, 2]));
  expect([micro[0], macro[0]]).toEqual([0.75, 0.5]);
});

function intervalsOf(...args: Parameters<typeof bootstrapIntervals>) {
  const steps = bootstrapIntervals(...args);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

describe('bootstrap', () => {
  const random = seededRandom(3);
  const values = Array.from({ length: 400 }, () => (random() < 0.3 ? 1 : 0));
  const alone = data(
    values,
    values.map((_, i) => i),
    values.map(() => 0),
  );

  test('the interval of a share is about its normal one', () => {
    const mean = values.reduce<number>((sum, value) => sum + value, 0) / 400;
    const half = 1.96 * Math.sqrt((mean * (1 - mean)) / 400);
    const [low, high] = intervalsOf(alone, { replicates: 2000, seed: 1 }).micro[0] as readonly [number, number];
    expect(Math.abs(low - (mean - half))).toBeLessThan(0.01);
    expect(Math.abs(high - (mean + half))).toBeLessThan(0.01);
  });

  test('queries of one group count as one: ten copies of each make it no narrower', () => {
    const copies = values.flatMap((value) => Array<number>(10).fill(value));
    const grouped = data(
      copies,
      copies.map((_, i) => Math.floor(i / 10)),
      copies.map(() => 0),
    );
    const settings = { replicates: 500, seed: 2 };
    const { micro } = intervalsOf(grouped, settings);
    const once = intervalsOf(alone, settings).micro;
    expect(micro[0]?.[0]).toBeCloseTo(once[0]?.[0] as number, 12);
    expect(micro[0]?.[1]).toBeCloseTo(once[0]?.[1] as number, 12);
  });

  test('the seed decides', () => {
    const run = (seed: number) => intervalsOf(alone, { replicates: 50, seed });
    expect(run(5)).toEqual(run(5));
    expect(run(5)).not.toEqual(run(6));
  });
});

describe('paired permutation test', () => {
  const settings = { permutations: 20_000, seed: 1 };
  const clusters = (count: number) => Int32Array.from({ length: count }, (_, i) => i);

  test('finds the exact share of sign flips', () => {
    // Differences 1, 1, 1, 1, 0.5: 2 of 32 sign patterns reach |sum| 4.5.
    const a = Float64Array.of(1, 1, 1, 1, 0.5);
    const { p, difference } = pairedPermutationTest(a, new Float64Array(5), clusters(5), settings);
    expect(difference).toBeCloseTo(0.9, 12);
    expect(Math.abs(p - 2 / 32)).toBeLessThan(0.006);
  });

  test('equal systems have p = 1; one cluster proves nothing', () => {
    const a = Float64Array.of(0.1, 0.2, 0.3);
    expect(pairedPermutationTest(a, a, clusters(3), settings).p).toBe(1);
    expect(pairedPermutationTest(a, new Float64Array(3), new Int32Array(3), settings).p).toBe(1);
  });
});

test('quantiles lie between neighbours', () => {
  const values = Float64Array.of(1, 2, 3, 4);
  expect([0, 0.025, 0.5, 0.975, 1].map((share) => quantile(values, share))).toEqual([1, 1.075, 2.5, 3.925, 4]);
});
