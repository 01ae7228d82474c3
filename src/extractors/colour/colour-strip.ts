import { kMeans } from '../../core/k-means';

const clusters = 10;
export const stripPixels = 100;

/** The dominant colours of a picture (RGB bytes): a strip of 100 pixels, RGB in 0..1, each cluster of a seeded k-means
 * (k = 10) as wide as its share of the picture, the largest first. */
export function colourStrip(pixels: Uint8Array): Float32Array {
  const { centroids, sizes } = dominantColours(pixels, 0);
  const order = Array.from(sizes.keys()).sort(
    (a, b) =>
      (sizes[b] as number) - (sizes[a] as number) ||
      (centroids[a * 3] as number) - (centroids[b * 3] as number) ||
      (centroids[a * 3 + 1] as number) - (centroids[b * 3 + 1] as number) ||
      (centroids[a * 3 + 2] as number) - (centroids[b * 3 + 2] as number),
  );
  const widths = apportion(
    order.map((c) => sizes[c] as number),
    stripPixels,
  );
  const strip = new Float32Array(stripPixels * 3);
  let at = 0;
  order.forEach((c, i) => {
    const colour = centroids.subarray(c * 3, c * 3 + 3).map((value) => value / 255);
    for (let left = widths[i] as number; left > 0; left--) {
      strip.set(colour, at);
      at += 3;
    }
  });
  return strip;
}

/** k-means of a picture's colours, 0..255. Pixels are first gathered in a histogram of 32 levels a channel, each bin
 * standing for its pixels by their mean colour: a tenth of the points at nearly the same inertia. */
export function dominantColours(pixels: Uint8Array, seed: number): { centroids: Float64Array; sizes: Float64Array } {
  const { means, counts } = colourHistogram(pixels);
  return kMeans(means, 3, { clusters, seed, weights: counts, maxIterations: 300 });
}

function colourHistogram(pixels: Uint8Array): { means: Float64Array; counts: Float64Array } {
  const sums = new Uint32Array(32_768 * 4);
  let filled = 0;
  for (let i = 0; i < pixels.length; i += 3) {
    const red = pixels[i] as number;
    const green = pixels[i + 1] as number;
    const blue = pixels[i + 2] as number;
    const at = (((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3)) * 4;
    if (sums[at] === 0) filled++;
    sums[at] = (sums[at] as number) + 1;
    sums[at + 1] = (sums[at + 1] as number) + red;
    sums[at + 2] = (sums[at + 2] as number) + green;
    sums[at + 3] = (sums[at + 3] as number) + blue;
  }
  const means = new Float64Array(filled * 3);
  const counts = new Float64Array(filled);
  let bin = 0;
  for (let at = 0; at < sums.length; at += 4) {
    const count = sums[at] as number;
    if (count === 0) continue;
    counts[bin] = count;
    for (let d = 0; d < 3; d++) means[bin * 3 + d] = (sums[at + 1 + d] as number) / count;
    bin++;
  }
  return { means, counts };
}

/** Whole numbers in proportion to `shares` that add up to `total`, by largest remainder; ties go to the earlier. */
export function apportion(shares: readonly number[], total: number): number[] {
  const sum = shares.reduce((a, b) => a + b, 0);
  const exact = shares.map((share) => (share * total) / sum);
  const parts = exact.map(Math.floor);
  const left = total - parts.reduce((a, b) => a + b, 0);
  const byRemainder = Array.from(exact.keys()).sort(
    (a, b) => (exact[b] as number) - (parts[b] as number) - ((exact[a] as number) - (parts[a] as number)) || a - b,
  );
  for (const index of byRemainder.slice(0, left)) parts[index] = (parts[index] as number) + 1;
  return parts;
}
