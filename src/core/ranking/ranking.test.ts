import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Metric } from '../feature';
import { similarity } from '../similarity/similarity';
import { bestMoment } from './best-moment';
import { PackedMatrix } from './packed-matrix';
import { rankCandidates } from './rank-candidates';
import { topK } from './top-k';

/** The textbook formulas, in the plainest way. */
function reference(metric: Metric, a: Float32Array, b: Float32Array): number {
  let [product, squaresA, squaresB, differences] = [0, 0, 0, 0];
  for (const [i, x] of a.entries()) {
    const y = b[i] ?? Number.NaN;
    product += x * y;
    squaresA += x * x;
    squaresB += y * y;
    differences += (x - y) ** 2;
  }
  if (metric === 'euclidean') return 1 - Math.sqrt(differences / a.length);
  return squaresA === 0 || squaresB === 0 ? 0 : product / Math.sqrt(squaresA * squaresB);
}

const vectors = fc.integer({ min: 1, max: 40 }).chain((dimensions) => {
  const value = fc.oneof(fc.constant(0), fc.float({ min: -2, max: 2, noNaN: true }));
  const vector = fc.oneof(
    { weight: 1, arbitrary: fc.constant(new Float32Array(dimensions)) },
    {
      weight: 6,
      arbitrary: fc
        .array(value, { minLength: dimensions, maxLength: dimensions })
        // Squares below the smallest double would make a vector zero in one order of summing and not in another.
        .map((list) => Float32Array.from(list, (x) => (Math.abs(x) < 1e-6 ? 0 : x))),
    },
  );
  return fc.record({ query: vector, library: fc.array(vector, { maxLength: 60 }) });
});

test('ranking equals the plain reference up to ties, for any sizes and for zero vectors', () => {
  fc.assert(
    fc.property(
      vectors,
      fc.constantFrom<Metric>('cosine', 'euclidean'),
      fc.integer({ min: 0, max: 70 }),
      ({ query, library }, metric, limit) => {
        const matrix = new PackedMatrix(query.length);
        for (const [i, vector] of library.entries()) matrix.put(`v${i}`, vector);
        const candidates = matrix.ids.map((id) => ({ id, path: `path of ${id}` }));
        const ranked = rankCandidates(candidates, matrix.scores(metric, query), limit);
        const expected = library.map((vector) => reference(metric, vector, query)).sort((a, b) => b - a);
        expect(ranked).toHaveLength(Math.min(limit, library.length));
        for (const [i, match] of ranked.entries()) {
          expect(match.rank).toBe(i + 1);
          expect(match.similarity).toBeCloseTo(expected[i] ?? Number.NaN, 9);
          const own = library[Number(match.id.slice(1))] as Float32Array;
          expect(match.similarity).toBeCloseTo(reference(metric, own, query), 9);
        }
        expect(new Set(ranked.map(({ id }) => id)).size).toBe(ranked.length);
      },
    ),
  );
});

test('top-k is the head of a full sort, ties in the order asked for', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 })), fc.integer({ min: 0, max: 30 }), (list, k) => {
      const scores = Float64Array.from(list);
      const sorted = [...list.keys()].sort((i, j) => (list[j] as number) - (list[i] as number) || i - j);
      expect(topK(scores, k, (i, j) => i < j)).toEqual(sorted.slice(0, k));
    }),
  );
});

test('a packed matrix holds what a map would, through puts and removals across blocks', () => {
  const dimensions = 1_000_000;
  const step = fc.record({
    id: fc.integer({ min: 0, max: 11 }),
    value: fc.integer({ min: 1, max: 9 }),
    put: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const matrix = new PackedMatrix(dimensions);
      const map = new Map<string, number>();
      const vector = new Float32Array(dimensions);
      for (const { id, value, put } of steps) {
        if (put) {
          vector[dimensions - 1] = value;
          matrix.put(`v${id}`, vector);
          map.set(`v${id}`, value);
        } else {
          expect(matrix.remove(`v${id}`)).toBe(map.delete(`v${id}`));
        }
      }
      expect(Object.fromEntries(matrix.ids.map((id) => [id, matrix.get(id)?.[dimensions - 1]]))).toEqual(
        Object.fromEntries(map),
      );
      expect(matrix.size).toBe(map.size);
    }),
    { numRuns: 8 },
  );
}, 60_000);

test('equal scores are ordered by path, equal paths by id; the percentile counts what is less similar', () => {
  const candidates = ['c', 'a', 'b', 'b'].map((path, i) => ({ id: `id${3 - i}`, path }));
  const ranked = rankCandidates(candidates, Float64Array.of(0.5, 0.9, 0.5, 0.5), 4);
  expect(ranked.map(({ id }) => id)).toEqual(['id2', 'id0', 'id1', 'id3']);
  expect(ranked.map(({ percentile }) => percentile)).toEqual([75, 0, 0, 0]);
});

describe('best moment', () => {
  const timed = (times: readonly number[], ...rows: readonly (readonly number[])[]) => ({
    frames: Float32Array.from(rows.flat()),
    times,
    count: rows.length,
    dimensions: rows[0]?.length ?? 2,
  });

  test('is the most alike pair, the earliest of equals', () => {
    const query = timed([1, 2], [1, 0], [0, 1]);
    const match = timed([10, 12, 14], [-1, 0], [0, 3], [0, 5]);
    expect(bestMoment('cosine', query, match)).toEqual({ time: 12, queryTime: 2, similarity: 1, resolution: 2 });
  });

  test('is absent without frames or for other dimensions', () => {
    expect(bestMoment('cosine', timed([]), timed([0], [1, 2]))).toBeUndefined();
    expect(bestMoment('cosine', timed([0], [1, 2, 3]), timed([0], [1, 2]))).toBeUndefined();
  });

  test('is found in long videos too, at the resolution that was compared', () => {
    const long = 10_000;
    const rows = Array.from({ length: long }, (_, i) => [Math.cos(i / long), Math.sin(i / long)]);
    const match = timed([...rows.keys()], ...rows);
    const moment = bestMoment('cosine', timed([0], [Math.cos(0.7), Math.sin(0.7)]), match);
    expect(moment?.resolution).toBeCloseTo(long / 256, 0);
    expect(Math.abs((moment?.time ?? 0) - 7000)).toBeLessThanOrEqual(moment?.resolution ?? 0);
  });
});

test('similarity of a vector with itself is 1, with nothing 0', () => {
  const vector = Float32Array.of(0.2, 0.4, 0.9);
  expect(similarity('cosine', vector, vector)).toBeCloseTo(1, 12);
  expect(similarity('euclidean', vector, vector)).toBe(1);
  expect(similarity('cosine', vector, new Float32Array(3))).toBe(0);
});
