import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../../core/random';
import { topK } from '../../core/ranking/top-k';
import { fastestByteKernel } from '../kernels/row-kernel';
import { ByteRows } from './byte-rows';
import { PackedMatrix } from './packed-matrix';

/** What a rounded row may lose of each value: half a step of its scale, and the rounding of a float. */
function roundingOf(vector: Float32Array): number {
  const [least, most] = [Math.min(0, ...vector), Math.max(0, ...vector)];
  const step = least < 0 ? Math.max(most, -least) / 63 : most / 127;
  return step / 2 + 1e-6 * step;
}

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 40 }),
  dimensions: fc.integer({ min: 1, max: 80 }),
  signed: fc.boolean(),
  seed: fc.nat(),
});

function made({ rows, dimensions, signed, seed }: { rows: number; dimensions: number; signed: boolean; seed: number }) {
  const random = seededRandom(seed);
  const value = () => (random() < 0.2 ? 0 : signed ? random() - 0.5 : random());
  const vector = () => Float32Array.from({ length: dimensions }, value);
  const vectors = Array.from({ length: rows }, (_, i) => (i % 7 === 3 ? new Float32Array(dimensions) : vector()));
  return { vectors, query: Float32Array.from({ length: dimensions }, () => random() - 0.3) };
}

test('rows keep every value to half a step, zero vectors stay zero, and a move copies all of a row', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const { vectors, query } = made(shape);
      const bytes = new ByteRows(shape.dimensions);
      vectors.forEach((vector, row) => {
        bytes.put(row, vector);
      });
      vectors.forEach((vector, row) => {
        const rounding = roundingOf(vector);
        const lost = bytes.get(row).map((value, i) => Math.abs(value - (vector[i] as number)));
        expect(Math.max(...lost)).toBeLessThanOrEqual(rounding);
      });
      const last = vectors.length - 1;
      bytes.move(last, 0);
      expect(bytes.get(0)).toEqual(bytes.get(last));
      const { products } = bytes.products(query, vectors.length);
      expect(products[0]).toBe(products[last]);
    }),
  );
});

test('products are those of the rounded rows and query, with the mean of what was lost, and no further off than they say', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const { vectors, query } = made(shape);
      const bytes = new ByteRows(shape.dimensions, 'plain');
      vectors.forEach((vector, row) => {
        bytes.put(row, vector);
      });
      const scale = query.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127;
      const rounded = query.map((value) => (scale > 0 ? Math.round(value / scale) * scale : 0));
      const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const lost = (values: Float32Array, left: Float32Array) => values.map((value, i) => value - (left[i] as number));
      const { products, errors } = bytes.products(query, vectors.length);
      vectors.forEach((vector, row) => {
        const own = bytes.get(row);
        const plain = own.reduce((sum, value, i) => sum + value * (rounded[i] as number), 0);
        const made = mean(query) * mean(lost(vector, own)) + mean(lost(query, rounded)) * mean(own);
        expect(products[row]).toBeCloseTo(plain + made * shape.dimensions, 4);
        const exact = vector.reduce((sum, value, i) => sum + value * (query[i] as number), 0);
        expect(Math.abs((products[row] as number) - exact)).toBeLessThanOrEqual((errors[row] as number) + 1e-6);
      });
    }),
  );
});

const relaxed = fastestByteKernel() === 'relaxed';
test.skipIf(!relaxed)(`both kernels agree to the last bit${relaxed ? '' : ': this Node has no relaxed SIMD'}`, () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const { vectors, query } = made(shape);
      const [plain, fast] = (['plain', 'relaxed'] as const).map((kind) => {
        const bytes = new ByteRows(shape.dimensions, kind);
        vectors.forEach((vector, row) => {
          bytes.put(row, vector);
        });
        return bytes.products(query, vectors.length).products;
      });
      expect(fast).toEqual(plain);
    }),
  );
});

/** Vectors of a network with rectifiers: classes, sources within them, and noise; negative values cut off. */
function features(count: number, dimensions: number, seed: number): Float32Array[] {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const some = (length: number) => Array.from({ length }, () => Float32Array.from({ length: dimensions }, normal));
  const [classes, sources] = [some(20), some(count / 5)];
  return Array.from({ length: count }, (_, i) => {
    const source = Math.floor(i / 5);
    return Float32Array.from({ length: dimensions }, (_, d) => {
      const shared = 0.5 * (classes[source % 20]?.[d] as number) + 0.8 * (sources[source]?.[d] as number);
      return Math.max(0, shared + normal());
    });
  });
}

test('bytes with floats beside them find the same best as floats alone, in the same order; bytes alone nearly', () => {
  const [count, dimensions] = [1500, 128];
  const vectors = features(count, dimensions, 5);
  const keepings = [{}, { bytesFrom: 100_000 }, { compact: true }];
  const [exact, both, alone] = keepings.map((keeping) => {
    const matrix = new PackedMatrix(dimensions, { ...keeping, exactUpTo: 0 });
    vectors.forEach((vector, i) => {
      matrix.put(`v${i}`, vector);
    });
    return matrix;
  });
  let found = 0;
  for (let query = 0; query < 25; query++) {
    const vector = vectors[query * 60] as Float32Array;
    const best = (matrix: PackedMatrix | undefined, k: number) =>
      topK(matrix?.scores('cosine', vector) ?? new Float64Array(), k, (i, j) => i < j);
    expect(best(both, 200)).toEqual(best(exact, 200));
    const right = new Set(best(exact, 20));
    found += best(alone, 20).filter((row) => right.has(row)).length;
  }
  expect(found / (25 * 20)).toBeGreaterThanOrEqual(0.97);
});

test('the best are those of floats also where rounding takes the same of every value', () => {
  const [count, dimensions] = [6000, 2048];
  const random = seededRandom(3);
  const matrices = [{}, { bytesFrom: 0 }].map((keeping) => new PackedMatrix(dimensions, keeping));
  for (let i = 0; i < count; i++) {
    // Every 300th is one large value and others that all become 0.
    const spiked = i % 300 === 0;
    const low = 1 / 260 + i * 1e-9;
    const value = spiked ? (d: number) => (d === i % dimensions ? 1 : low) : () => random() - 0.47;
    const vector = Float32Array.from({ length: dimensions }, (_, d) => value(d));
    for (const matrix of matrices) matrix.put(`v${i}`, vector);
  }
  const query = new Float32Array(dimensions).fill(1);
  const [floats, both] = matrices.map((matrix) => topK(matrix.scores('cosine', query), 200, (i, j) => i < j));
  expect(both).toEqual(floats);
  expect(floats?.slice(0, 20).every((row) => row % 300 === 0)).toBe(true);
});

test('only rows that count are sought among, and removed rows are gone from both forms', () => {
  const vectors = features(600, 64, 9);
  const matrix = new PackedMatrix(64, { bytesFrom: 0, exactUpTo: 0 });
  const plain = new PackedMatrix(64);
  for (const each of [matrix, plain]) {
    vectors.forEach((vector, i) => {
      each.put(`v${i}`, vector);
    });
    for (let i = 0; i < 600; i += 3) each.remove(`v${i}`);
  }
  const counts = (id: string) => Number(id.slice(1)) % 2 === 1;
  const [found, expected] = [matrix, plain].map((each) => {
    const scores = each
      .scores('cosine', vectors[7] as Float32Array, counts)
      .map((score, row) => (counts(each.ids[row] as string) ? score : -2));
    return topK(scores, 150, (i, j) => i < j).map((row) => each.ids[row]);
  });
  expect(found).toEqual(expected);
});
