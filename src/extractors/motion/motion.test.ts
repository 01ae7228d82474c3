import { expect, it } from 'vitest';
import golden from './fixtures/motion.json' with { type: 'json' };
import { extractor } from './motion-extractor';

const [width, height] = [128, 96];

/** A clip of grounds and squares as in `fixtures/make_motion.py`, the square moving by so many pixels a frame. */
function clip(frames: number, dx: number, dy: number) {
  const data = new Uint8Array(frames * width * height * 3);
  let at = 0;
  for (let k = 0; k < frames; k++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [u, v] = [x - dx * k, y - dy * k];
        const inside = u >= 32 && u < 96 && v >= 24 && v < 72;
        const value = (inside ? (u * 11 + v * 5) ^ ((u + 64) * (v + 64)) : (x * 7 + y * 13) ^ (x * y)) & 255;
        data.set([value, (value * 3) % 256, 255 - value], at);
        at += 3;
      }
    }
  }
  return { data, count: 1, frames, width, height, times: Float64Array.of(0) };
}

const context = { inference: undefined, signal: undefined };

it('equals an independent computation', async () => {
  const vector = await extractor.extract(clip(4, 4, 2), context);
  expect(vector).toHaveLength(golden.length);
  golden.forEach((value, i) => {
    expect(vector[i]).toBeCloseTo(value, 6);
  });
});

it('tells directions and speeds apart, and stillness from all', async () => {
  // Bins of three speeds each, the first to the right, then clockwise.
  for (const [dx, dy, bin] of [
    [2, 0, 0],
    [4, 0, 1],
    [6, 0, 2],
    [-4, 0, 13],
    [0, 4, 7],
    [0, -4, 19],
  ] as const) {
    const vector = await extractor.extract(clip(3, dx, dy), context);
    expect(vector.subarray(0, 24).indexOf(Math.max(...vector.subarray(0, 24)))).toBe(bin);
  }
  const still = await extractor.extract(clip(3, 0, 0), context);
  expect(Array.from(still)).toEqual(Array.from({ length: 37 }, (_, i) => Number(i === 24)));
});
