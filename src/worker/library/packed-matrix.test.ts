import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Metric } from '../../core/feature';
import { seededRandom } from '../../core/random';
import { rankCandidates } from '../../core/ranking/rank-candidates';
import { createRowKernel, growTo } from '../kernels/row-kernel';
import { PackedMatrix } from './packed-matrix';

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

test('ranking equals the plain reference up to ties, for any sizes and for zero vectors, by the kernel too', () => {
  fc.assert(
    fc.property(
      vectors,
      fc.constantFrom<Metric>('cosine', 'euclidean'),
      fc.integer({ min: 0, max: 70 }),
      fc.boolean(),
      ({ query, library }, metric, limit, byKernel) => {
        const matrix = new PackedMatrix(query.length, byKernel ? { exactUpTo: 0 } : {});
        const digits = byKernel ? 6 : 9;
        for (const [i, vector] of library.entries()) matrix.put(`v${i}`, vector);
        const candidates = matrix.ids.map((id) => ({ id, path: `path of ${id}` }));
        const ranked = rankCandidates(candidates, matrix.scores(metric, query), limit);
        const expected = library.map((vector) => reference(metric, vector, query)).sort((a, b) => b - a);
        expect(ranked).toHaveLength(Math.min(limit, library.length));
        for (const [i, match] of ranked.entries()) {
          expect(match.rank).toBe(i + 1);
          expect(match.similarity).toBeCloseTo(expected[i] ?? Number.NaN, digits);
          const own = library[Number(match.id.slice(1))] as Float32Array;
          expect(match.similarity).toBeCloseTo(reference(metric, own, query), digits);
        }
        expect(new Set(ranked.map(({ id }) => id)).size).toBe(ranked.length);
      },
    ),
  );
});

test('the kernel scores equal vectors exactly alike, wherever they lie and however the matrix grew', () => {
  const shape = fc.record({ rows: fc.integer({ min: 1, max: 2500 }), dimensions: fc.integer({ min: 1, max: 70 }) });
  fc.assert(
    fc.property(shape, fc.nat(), ({ rows, dimensions }, seed) => {
      const [exact, fast] = [new PackedMatrix(dimensions), new PackedMatrix(dimensions, { exactUpTo: 0 })];
      const random = seededRandom(seed);
      const vectors = Array.from({ length: 5 }, () => Float32Array.from({ length: dimensions }, () => random() - 0.5));
      for (let row = 0; row < rows; row++) {
        for (const matrix of [exact, fast]) matrix.put(`v${row}`, vectors[row % 5] as Float32Array);
      }
      const query = vectors[4] as Float32Array;
      const [plain, found] = [exact.scores('cosine', query), fast.scores('cosine', query)];
      expect(found).toHaveLength(rows);
      found.forEach((score, row) => {
        expect(Math.abs(score - (plain[row] as number))).toBeLessThan(1e-6);
        if (score !== found[row % 5]) expect.unreachable(`row ${row} differs from row ${row % 5}`);
      });
    }),
    { numRuns: 15 },
  );
});

test.each([1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 511, 2048, 2049])(
  'in %d dimensions every form gives the reference, with zero vectors and ties',
  (dimensions) => {
    const random = seededRandom(dimensions);
    const vector = () => Float32Array.from({ length: dimensions }, () => random() - 0.3);
    const rows = dimensions > 500 ? 300 : 2061;
    const library = Array.from({ length: rows }, (_, i) => (i % 50 === 7 ? new Float32Array(dimensions) : vector()));
    for (let i = 60; i < rows; i += 90) library[i] = Float32Array.from(library[4] ?? []);
    const forms = [{}, { exactUpTo: 0 }, { bytesFrom: 0, exactUpTo: 0 }, { bytesFrom: 0 }].map((keeping) => {
      const matrix = new PackedMatrix(dimensions, keeping);
      for (const [i, own] of library.entries()) matrix.put(`v${i}`, own);
      return matrix;
    });
    for (const query of [vector(), library[4] as Float32Array, new Float32Array(dimensions)]) {
      const expected = library.map((own) => reference('cosine', own, query));
      const best = [...expected].sort((a, b) => b - a);
      for (const matrix of forms) {
        const scores = matrix.scores('cosine', query);
        const candidates = matrix.ids.map((id) => ({ id, path: id }));
        const ranked = rankCandidates(candidates, scores, 100);
        expect(ranked).toHaveLength(100);
        for (const [i, { id, similarity }] of ranked.entries()) {
          expect(Math.abs(similarity - (best[i] as number))).toBeLessThan(2e-6);
          expect(Math.abs(similarity - (expected[Number(id.slice(1))] as number))).toBeLessThan(2e-6);
        }
        for (let i = 60; i < rows; i += 90) if (scores[i] !== scores[4]) expect.unreachable(`row ${i} differs`);
      }
    }
  },
);

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

test('in memory that threads share, scores are the same to the last bit, and what is given out can be stored', () => {
  const random = seededRandom(4);
  const forms = [{ exactUpTo: 0 }, { bytesFrom: 0, exactUpTo: 0 }, { compact: true }];
  for (const keeping of forms) {
    const [alone, shared] = [1, 3].map((threads) => new PackedMatrix(37, { ...keeping, threads }));
    for (let row = 0; row < 2500; row++) {
      const vector = Float32Array.from({ length: 37 }, () => random() - 0.3);
      for (const matrix of [alone, shared]) matrix?.put(`v${row}`, vector);
    }
    for (const id of ['v7', 'v2499', 'v300']) for (const matrix of [alone, shared]) matrix?.remove(id);
    const query = Float32Array.from({ length: 37 }, random);
    for (const metric of ['cosine', 'euclidean'] as const) {
      expect(shared?.scores(metric, query)).toEqual(alone?.scores(metric, query));
    }
    expect(shared?.get('v8')?.buffer).toBeInstanceOf(ArrayBuffer);
    expect(shared?.get('v8')).toEqual(alone?.get('v8'));
    expect(Float32Array.from(shared?.view('v8') ?? [])).toEqual(alone?.get('v8'));
  }
});

test('more than a tab can address is refused in words, and what is there stays', () => {
  const kernel = createRowKernel(100_000);
  expect(() => growTo(kernel, 5 * 2 ** 30)).toThrow(expect.objectContaining({ code: 'library-too-large' }));
  expect(kernel.memory.buffer.byteLength).toBe(2 * 65_536);
});
