import { describe, expect, it } from 'vitest';
import { fromOklab } from '../../core/colour/oklab';
import { extractor } from './colour-extractor';
import { apportion, colourStrip, dominantColours } from './colour-strip';

const side = 200;

/** Six areas of colour with a gradient and noise, as the reference numbers below were computed on. */
function picture(): Uint8Array {
  const areas = [
    [40, 50, 200, 60, 40],
    [150, 60, 30, 90, 180],
    [90, 150, 240, 220, 90],
    [30, 160, 20, 30, 35],
    [170, 170, 120, 160, 130],
    [100, 30, 235, 235, 240],
  ] as const;
  const pixels = new Uint8Array(side * side * 3);
  let state = 1;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const distance = ([left, top]: readonly number[]) => (x - (left ?? 0)) ** 2 + (y - (top ?? 0)) ** 2;
      const area = areas.reduce((best, other) => (distance(other) < distance(best) ? other : best));
      for (let c = 0; c < 3; c++) {
        state = Number((BigInt(state) * 1_103_515_245n + 12_345n) % 2_147_483_648n);
        const gradient = Math.floor((x * (c + 1) + y * (3 - c)) / 20);
        const value = (area[2 + c] as number) + gradient - 20 + ((state >> 16) % 25) - 12;
        pixels[(y * side + x) * 3 + c] = Math.max(0, Math.min(255, value));
      }
    }
  }
  return pixels;
}

/** Sum of squared distances of all pixels to their nearest centroid. */
function inertia(pixels: Uint8Array, centroids: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < pixels.length; i += 3) {
    let nearest = Infinity;
    for (let c = 0; c < centroids.length; c += 3) {
      let distance = 0;
      for (let d = 0; d < 3; d++) distance += ((pixels[i + d] as number) - (centroids[c + d] as number)) ** 2;
      nearest = Math.min(nearest, distance);
    }
    sum += nearest;
  }
  return sum;
}

describe('dominantColours', () => {
  it('is as tight as scikit-learn on the same picture', () => {
    const pixels = picture();
    expect(pixels.reduce((sum, value) => sum + value, 0)).toBe(15_139_494);
    // scikit-learn 1.2.1, KMeans(10): best of ten starts 6,120,380; single starts 6,212,146 to 6,533,361.
    const found = inertia(pixels, dominantColours(pixels, 0).centroids);
    expect(found).toBeGreaterThan(6_120_380 * 0.98);
    expect(found).toBeLessThan(6_120_380 * 1.02);
  });
});

describe('colourStrip', () => {
  it('gives each colour its share, the largest first', () => {
    const pixels = new Uint8Array(300);
    for (let i = 0; i < 100; i++) pixels.set(i < 20 ? [255, 0, 0] : i < 50 ? [0, 51, 0] : [0, 0, 102], i * 3);
    const strip = colourStrip(pixels);
    expect(strip.length).toBe(300);
    const colours = Array.from({ length: 100 }, (_, i) => Array.from(strip.subarray(i * 3, i * 3 + 3)));
    for (let i = 0; i < 100; i++) {
      const expected = i < 50 ? [0, 0, 0.4] : i < 80 ? [0, 0.2, 0] : [1, 0, 0];
      expected.forEach((value, d) => {
        expect(colours[i]?.[d]).toBeCloseTo(value, 6);
      });
    }
  });

  it('gives the same for the same picture', () => {
    expect(colourStrip(picture())).toEqual(colourStrip(picture()));
  });

  it('fills the strip with the colour of a plain picture', () => {
    const strip = colourStrip(new Uint8Array(side * side * 3).fill(51));
    for (const value of strip) expect(value).toBeCloseTo(0.2, 6);
  });
});

describe('options', () => {
  it('more colours fit a picture closer, in both spaces', () => {
    const pixels = picture();
    for (const space of ['rgb', 'oklab'] as const) {
      const spread = [5, 10, 20, 50].map((clusters) => dominantColours(pixels, 0, { clusters, space }).inertia);
      expect(spread).toEqual([...spread].sort((a, b) => b - a));
      expect(new Set(spread).size).toBe(4);
    }
  });

  it('in OKLab the strip holds its coordinates, of the same colours', () => {
    const pixels = new Uint8Array(300);
    for (let i = 0; i < 100; i++) pixels.set(i < 40 ? [255, 0, 0] : [0, 0, 255], i * 3);
    const strip = colourStrip(pixels, { clusters: 5, space: 'oklab' });
    const at = (i: number) => fromOklab(strip[i * 3] ?? 0, strip[i * 3 + 1] ?? 0, strip[i * 3 + 2] ?? 0);
    for (const [i, full] of [
      [0, 2],
      [59, 2],
      [60, 0],
      [99, 0],
    ] as const) {
      at(i).forEach((value, channel) => {
        expect(value).toBeCloseTo(channel === full ? 1 : 0, 2);
      });
    }
  });

  it('the extractor makes strips as chosen', async () => {
    const batch = { data: picture(), count: 1, width: side, height: side, times: Float64Array.of(0) };
    const options = { clusters: 20, space: 'oklab' };
    const made = await extractor.extract(batch, { inference: undefined, signal: undefined, options });
    expect(made).toEqual(colourStrip(picture(), { clusters: 20, space: 'oklab' }));
    const few = await extractor.extract(batch, { inference: undefined, signal: undefined });
    expect(few).toEqual(colourStrip(picture()));
  });
});

describe('apportion', () => {
  it.each([
    [[1, 1, 1], 100, [34, 33, 33]],
    [[0.5, 0.3, 0.2], 10, [5, 3, 2]],
    [[7, 0, 0], 100, [100, 0, 0]],
    [[997, 2, 1], 100, [100, 0, 0]],
    [[46, 45.6, 8.4], 10, [5, 4, 1]],
  ])('%j of %i', (shares, total, parts) => {
    expect(apportion(shares, total)).toEqual(parts);
  });
});

describe('extractor', () => {
  it('makes a vector a frame', async () => {
    const [black, white] = [new Uint8Array(12), new Uint8Array(12).fill(255)];
    const data = Uint8Array.of(...black, ...white);
    const batch = { data, count: 2, width: 2, height: 2, times: Float64Array.of(0, 1) };
    const vectors = await extractor.extract(batch, { inference: undefined, signal: undefined });
    expect(vectors.length).toBe(600);
    expect(vectors.subarray(0, 300).every((value) => value === 0)).toBe(true);
    expect(vectors.subarray(300).every((value) => value === 1)).toBe(true);
  });
});
