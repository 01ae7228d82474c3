import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dequantise, quantise } from './quantise';
import { similarity } from './similarity';
import { tileFrames } from './tile-frames';

const value = fc.oneof(
  { weight: 4, arbitrary: fc.float({ min: -1, max: 1, noNaN: true }) },
  { weight: 1, arbitrary: fc.float({ min: -1e9, max: 1e9, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(0) },
);

test('every frame keeps a cosine of 0.999 with itself, outliers or not', () => {
  const shape = fc.record({ count: fc.integer({ min: 1, max: 4 }), dimensions: fc.integer({ min: 1, max: 300 }) });
  const input = shape.chain(({ count, dimensions }) => {
    const length = count * dimensions;
    return fc.record({
      count: fc.constant(count),
      dimensions: fc.constant(dimensions),
      values: fc.array(value, { minLength: length, maxLength: length }),
    });
  });
  fc.assert(
    fc.property(input, ({ count, dimensions, values }) => {
      const frames = Float32Array.from(values, (x) => (Math.abs(x) < 1e-15 ? 0 : x));
      const again = dequantise(quantise(frames, count, dimensions));
      for (let row = 0; row < count; row++) {
        const a = frames.subarray(row * dimensions, (row + 1) * dimensions);
        const b = again.subarray(row * dimensions, (row + 1) * dimensions);
        if (a.every((x) => x === 0)) expect(b.every((x) => x === 0)).toBe(true);
        else expect(similarity('cosine', a, b)).toBeGreaterThanOrEqual(0.999);
      }
    }),
  );
});

test('a single outlier among 2,048 values leaves the others their share', () => {
  const frame = Float32Array.from({ length: 2048 }, (_, i) => (i === 5 ? 1000 : 1 + (i % 7)));
  expect(similarity('cosine', frame, dequantise(quantise(frame, 1, 2048)))).toBeGreaterThan(0.9995);
});

test('stored frames take a little more than a quarter', () => {
  const { values, scales } = quantise(new Float32Array(8 * 2048).fill(1), 8, 2048);
  expect(values.byteLength + scales.byteLength).toBeLessThan(0.27 * 8 * 2048 * 4);
});

test('frames are repeated or thinned by the nearest place in time', () => {
  const three = Float32Array.of(1, 1, 2, 2, 3, 3);
  expect(tileFrames(Float32Array.of(7, 8), 1, 3)).toEqual(Float32Array.of(7, 8, 7, 8, 7, 8));
  expect(tileFrames(three, 3, 1)).toEqual(Float32Array.of(2, 2));
  expect(tileFrames(three, 3, 6)).toEqual(Float32Array.of(1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3));
  expect(tileFrames(three, 3, 3)).toBe(three);
});
