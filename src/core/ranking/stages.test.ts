import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Metric } from '../feature';
import { gramMatrix } from '../similarity/gram';
import { similarity } from '../similarity/similarity';
import { augmented } from './augmentation';
import { similaritiesFrom } from './comparison';
import golden from './fixtures/ranking.json';
import { kReciprocal } from './k-reciprocal';
import {
  type LibraryMoments,
  type MomentStage,
  MomentSums,
  probeOf,
  squaredBeside,
  squaredFrom,
  standardised,
} from './library-moments';
import { prepareVector } from './prepare-vector';
import { probabilities } from './probability';
import { improvedRecipe, originalRecipe, presetOf } from './recipe';
import { stageOf, withParameters, withStage } from './recipe-stages';
import { rerank } from './rerank';

const { dimensions, head } = golden;
const rows = Array.from({ length: golden.vectors.length / dimensions }, (_, i) =>
  prepareVector(Float32Array.from(golden.vectors.slice(i * dimensions, (i + 1) * dimensions)), improvedRecipe.vector),
);
const matrix = Float32Array.from(rows.flatMap((row) => [...row]));

/** Cosines among the fixture's videos in the order `of`, beside the moments of all but video 0. */
function cosinesAmong(of: readonly number[], stage: MomentStage): Float64Array {
  const sums = new MomentSums(dimensions);
  for (const row of rows.slice(1)) sums.add(row);
  const moments = sums.moments(stage);
  const beside = Float32Array.from(of.flatMap((i) => [...standardised(rows[i] as Float32Array, moments)]));
  return similaritiesFrom(gramMatrix(beside, dimensions, Int32Array.from(of.keys())), 'cosine', dimensions);
}

function expectClose(found: ArrayLike<number>, expected: readonly number[], digits = 6): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(found[i], `value ${i}`).toBeCloseTo(value, digits);
  });
}

describe('against numpy', () => {
  const products = cosinesAmong(head, { name: 'centre' });
  const count = head.length;

  test('signed square root, centring and standardising', () => {
    const of = (stage: MomentStage) => cosinesAmong([...rows.keys()], stage).slice(1, rows.length);
    expectClose(of({ name: 'centre' }), golden.first);
    expectClose(of({ name: 'standardise', shrink: golden.standardised.shrink }), golden.standardised.scores);
  });

  test('k-reciprocal re-ranking, every pair of it', () => {
    const { k1, k2, lambda, scores, whole } = golden.kReciprocal;
    expectClose(kReciprocal(products, count, { k1, k2, lambda }), whole);
    expectClose(rerank([{ name: 'k-reciprocal', k1, k2, lambda }], products, count), scores);
  });

  test('query expansion and database-side augmentation, alone and over re-ranked neighbours', () => {
    const { queryExpansion, databaseAugmentation, kReciprocal: first, chain } = golden;
    expectClose(rerank([{ name: 'query-expansion', ...queryExpansion }], products, count), queryExpansion.scores);
    const dba = { name: 'database-augmentation', ...databaseAugmentation } as const;
    expectClose(rerank([dba], products, count), databaseAugmentation.scores);
    expectClose(rerank([{ name: 'k-reciprocal', ...first }, dba], products, count), chain.scores);
  });

  test('probabilities of similarity, in both forms', () => {
    const similarities = Float64Array.from(golden.first);
    const { tau, softmax, published } = golden.probability;
    expectClose(probabilities(similarities, { form: 'softmax', tau }), softmax, 12);
    expectClose(probabilities(similarities, { form: 'published', tau }), published, 12);
  });
});

const vectors = fc
  .record({ count: fc.integer({ min: 2, max: 24 }), dimensions: fc.integer({ min: 1, max: 9 }) })
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      values: fc.array(fc.integer({ min: -4, max: 4 }), {
        minLength: shape.count * shape.dimensions,
        maxLength: shape.count * shape.dimensions,
      }),
    }),
  );

test('similarities from products are those of the vectors, whatever the measure', () => {
  fc.assert(
    fc.property(vectors, fc.constantFrom<Metric>('cosine', 'euclidean', 'hamming'), ({ shape, values }, metric) => {
      const all = Float32Array.from(values);
      const gram = gramMatrix(
        all,
        shape.dimensions,
        Int32Array.from({ length: shape.count }, (_, i) => i),
      );
      const found = similaritiesFrom(gram, metric, shape.dimensions);
      const row = (i: number) => all.subarray(i * shape.dimensions, (i + 1) * shape.dimensions);
      for (let i = 0; i < shape.count; i++) {
        for (let j = 0; j < shape.count; j++) {
          expect(found[i * shape.count + j]).toBeCloseTo(similarity(metric, row(i), row(j)), 9);
        }
      }
    }),
  );
});

test('re-ranking gives finite scores within 0..1, and keeps who is nearest to itself', () => {
  const stage = fc.record({
    k1: fc.integer({ min: 1, max: 30 }),
    k2: fc.integer({ min: 1, max: 9 }),
    lambda: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(vectors, stage, ({ shape: { count, dimensions: d }, values }, parameters) => {
      const gram = gramMatrix(
        Float32Array.from(values),
        d,
        Int32Array.from({ length: count }, (_, i) => i),
      );
      const found = kReciprocal(gram, count, parameters);
      for (let i = 0; i < count; i++) {
        const row = found.subarray(i * count, (i + 1) * count);
        expect(row[i]).toBeCloseTo(1, 9);
        expect(Math.min(...row)).toBeGreaterThanOrEqual(-1e-12);
        expect(Math.max(...row)).toBeLessThanOrEqual((row[i] as number) + 1e-12);
      }
    }),
  );
});

test('lambda 1 keeps the order of the distances; equal videos stay equal', () => {
  const products = cosinesAmong(head, { name: 'centre' });
  const scores = rerank([{ name: 'k-reciprocal', k1: 6, k2: 3, lambda: 1 }], products, head.length);
  for (let i = 1; i < scores.length; i++) expect(scores[i]).toBeLessThanOrEqual((scores[i - 1] as number) + 1e-12);
  const mixed = rerank([{ name: 'k-reciprocal', k1: 6, k2: 3, lambda: 0.3 }], products, head.length);
  // Videos 3 and 11 of the fixture are one and the same.
  expect(mixed[head.indexOf(3) - 1]).toBeCloseTo(mixed[head.indexOf(11) - 1] ?? Number.NaN, 9);
});

test('augmentation by no neighbours is the cosine of the vectors themselves', () => {
  const gram = gramMatrix(matrix, dimensions, Int32Array.of(0, 5, 9));
  expectClose(
    augmented(gram, gram, 3, [0, 1, 2], { neighbours: 0, alpha: 1 }),
    [...similaritiesFrom(gram, 'cosine', dimensions)],
    12,
  );
});

test('a prepared vector has unit length and the signs of the first; a zero vector stays', () => {
  expectClose(prepareVector(Float32Array.of(-9, 16, 0), [{ name: 'signed-root' }]), [-0.6, 0.8, 0], 6);
  expectClose(prepareVector(Float32Array.of(3, 4), [{ name: 'centre' }]), [0.6, 0.8], 6);
  expectClose(prepareVector(new Float32Array(3), improvedRecipe.vector), [0, 0, 0]);
  const raw = Float32Array.of(2, 3);
  expect(prepareVector(raw, [])).toBe(raw);
});

test('products with a probe are those of standardised vectors; sums forget what leaves', () => {
  const sums = new MomentSums(dimensions);
  for (const row of rows) sums.add(row);
  const [query, other, gone] = [rows[0], rows[5], rows[9]] as [Float32Array, Float32Array, Float32Array];
  const stage = { name: 'standardise', shrink: 0.1 } as const;
  const without: LibraryMoments = sums.moments(stage, [gone]);
  sums.add(gone, -1);
  const left = sums.moments(stage);
  expectClose(without.mean, [...left.mean], 6);
  for (const [i, weight] of left.weights.entries()) expect((without.weights[i] as number) / weight).toBeCloseTo(1, 5);

  const [a, b] = [standardised(query, left), standardised(other, left)];
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
  const { probe, offset, squared } = probeOf(query, left);
  expect(dot(other, probe) - offset).toBeCloseTo(dot(a, b), 3);
  expect(squared).toBeCloseTo(dot(a, a), 3);
  expect(squaredBeside(other, left)).toBeCloseTo(dot(b, b), 3);
  const scaled = left.mean.map((value, i) => value * (left.weights[i] as number));
  const squares = other.map((value) => value * value);
  expect(squaredFrom(dot(squares, left.weights), dot(other, scaled), dot(left.mean, scaled))).toBeCloseTo(dot(b, b), 3);
});

test('probabilities stay finite for a tau near 0, and none are none', () => {
  const sharp = probabilities(Float64Array.of(0.9, 0.2, -4), { form: 'softmax', tau: 1e-6 });
  expectClose(sharp, [1, 0, 0], 12);
  expect(probabilities(new Float64Array(), { form: 'published', tau: 1 })).toHaveLength(0);
});

test('stages are switched off and on again to the same recipe, in the one order', () => {
  const names = ['signed-root', 'standardise', 'k-reciprocal', 'database-augmentation'] as const;
  let recipe = improvedRecipe;
  for (const name of names) recipe = withStage(recipe, name, false);
  expect(presetOf(recipe)).toBe('original');
  for (const name of [...names].reverse()) recipe = withStage(recipe, name, true);
  expect(recipe).toEqual(improvedRecipe);
  const { distance, ...others } = recipe;
  expect(presetOf({ ...others, distance })).toBe('improved');

  const centred = withStage(recipe, 'centre', true);
  expect(stageOf(centred, 'standardise')).toBeUndefined();
  const wider = withParameters(recipe, 'k-reciprocal', { k1: 9 });
  expect(wider.rerank.flatMap((stage) => (stage.name === 'k-reciprocal' ? stage.k1 : []))).toEqual([9, 9]);
  expect(presetOf(wider)).toBeUndefined();
  expect(presetOf(originalRecipe)).toBe('original');
});
