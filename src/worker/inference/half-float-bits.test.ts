import { setFloat16 } from '@petamoriken/float16';
import { expect, it } from 'vitest';
import { seededRandom } from '../../core/random';
import { halfFloatBits } from './half-float-bits';

it('rounds as the library does: random bits, ties, and the ends of the ranges', () => {
  const random = seededRandom(5);
  const bits = Uint32Array.from({ length: 200_000 }, () => Math.floor(random() * 2 ** 32));
  const near = Float32Array.from({ length: 100_000 }, () => (random() - 0.5) * 2 ** (random() * 44 - 26));
  const ties = Float32Array.from({ length: 4096 }, (_, i) => 1 + (i + 0.5) / 1024);
  const smallTies = Float32Array.from({ length: 2050 }, (_, i) => (i + 0.5) * 2 ** -24);
  const ends = Float32Array.of(
    0,
    -0,
    65504,
    65519.99,
    65520,
    1e9,
    -1e9,
    Infinity,
    -Infinity,
    2 ** -14,
    2 ** -24,
    1e-45,
  );
  const values = [...new Float32Array(bits.buffer), ...near, ...ties, ...smallTies, ...ends].filter(
    (value) => !Number.isNaN(value),
  );
  const expected = new DataView(new ArrayBuffer(values.length * 2));
  for (const [i, value] of values.entries()) setFloat16(expected, i * 2, value, true);
  expect(halfFloatBits(Float32Array.from(values))).toEqual(new Uint16Array(expected.buffer));
  expect(halfFloatBits(Float32Array.of(Number.NaN))[0]).toBe(0x7e00);
});
