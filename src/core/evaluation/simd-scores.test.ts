import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../random';
import { vectorProducts, vectorScores } from './score-block';
import { type SimdKernel, simdCosineScores, simdProducts } from './simd-scores';

function instantiate(module: Uint8Array<ArrayBuffer>, pages: number): SimdKernel {
  const memory = new WebAssembly.Memory({ initial: pages });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), { m: { memory } });
  return { memory, products: exports.products as SimdKernel['products'] };
}

function expectClose(found: Float32Array, expected: Float32Array): void {
  expected.forEach((value, i) => {
    expect(Math.abs(value - (found[i] as number))).toBeLessThan(1e-5);
  });
}

test('the kernel gives the plain scores, alike for equal vectors, at any size', () => {
  const size = (max: number) => fc.integer({ min: 1, max });
  fc.assert(
    fc.property(size(40), size(70), size(21), fc.nat(), (queries, videos, dimensions, seed) => {
      const random = seededRandom(seed);
      const matrix = Float32Array.from({ length: videos * dimensions }, () => random() - 0.5);
      if (videos > 2) matrix.copyWithin((videos - 1) * dimensions, 0, dimensions);
      const gallery = Int32Array.from({ length: videos }, (_, i) => videos - 1 - i);
      const asked = Int32Array.from({ length: queries }, (_, i) => (3 * i) % videos);
      const [plain, fast] = [new Float32Array(queries * videos), new Float32Array(queries * videos)];
      vectorScores(matrix.slice(), dimensions, 'cosine').prepare(gallery)(asked, plain);
      simdCosineScores(matrix.slice(), dimensions, instantiate).prepare(gallery)(asked, fast);
      expectClose(fast, plain);
      const row = (index: number) => matrix.subarray(index * dimensions, (index + 1) * dimensions);
      const rows = { count: videos, dimensions, row };
      const [plainProducts, fastProducts] = [new Float32Array(queries * videos), new Float32Array(queries * videos)];
      vectorProducts(rows)(Array.from(asked, row), plainProducts);
      simdProducts(rows, instantiate)(Array.from(asked, row), fastProducts);
      expectClose(fastProducts, plainProducts);
      if (videos > 2) for (let q = 0; q < queries; q++) expect(fast[q * videos]).toBe(fast[(q + 1) * videos - 1]);
    }),
  );
});
