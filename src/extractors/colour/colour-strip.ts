import { toOklab } from '../../core/colour/oklab';
import { type KMeansResult, kMeans, refineClusters } from '../../core/k-means';

export const stripPixels = 100;

/** How many dominant colours, and where distances between colours are measured. */
export type StripOptions = { readonly clusters: number; readonly space: 'rgb' | 'oklab' };
export const standardStrip: StripOptions = { clusters: 10, space: 'rgb' };

/** The dominant colours of a picture (RGB bytes): a strip of 100 pixels, each cluster of a seeded k-means as wide as its
 * share of the picture, the largest first. Pixels are RGB in 0..1, or OKLab. */
export function colourStrip(pixels: Uint8Array, options: StripOptions = standardStrip): Float32Array {
  const { centroids, sizes } = dominantColours(pixels, 0, options);
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
  const scale = options.space === 'rgb' ? 255 : 1;
  let at = 0;
  order.forEach((c, i) => {
    const colour = centroids.subarray(c * 3, c * 3 + 3).map((value) => value / scale);
    for (let left = widths[i] as number; left > 0; left--) {
      strip.set(colour, at);
      at += 3;
    }
  });
  return strip;
}

/** k-means of a picture's colours, RGB in 0..255 or OKLab. Pixels are first gathered in histograms, each bin standing for
 * its pixels by their mean colour: starts are tried on coarse bins, and the best is refined on fine ones. */
export function dominantColours(
  pixels: Uint8Array,
  seed: number,
  { clusters, space }: StripOptions = standardStrip,
): KMeansResult {
  const coarse = colourHistogram(pixels, 5);
  const fine = colourHistogram(pixels, 6);
  if (space === 'oklab') for (const { means } of [coarse, fine]) meansToOklab(means);
  const { centroids } = kMeans(coarse.means, 3, { clusters, seed, starts: 4, weights: coarse.counts });
  return refineClusters(fine.means, 3, centroids, { weights: fine.counts, maxIterations: 20 });
}

function meansToOklab(means: Float64Array): void {
  for (let i = 0; i < means.length; i += 3) {
    const [red, green, blue] = [means[i] as number, means[i + 1] as number, means[i + 2] as number];
    means.set(toOklab(red / 255, green / 255, blue / 255), i);
  }
}

/** Bins of 2^bits levels a channel that hold pixels: their mean colours [n x 3] and numbers of pixels. */
function colourHistogram(pixels: Uint8Array, bits: number): { means: Float64Array; counts: Float64Array } {
  const drop = 8 - bits;
  const places = new Int32Array(1 << (3 * bits));
  const means = new Float64Array(pixels.length);
  const counts = new Float64Array(pixels.length / 3);
  let filled = 0;
  for (let i = 0; i < pixels.length; i += 3) {
    const red = pixels[i] as number;
    const green = pixels[i + 1] as number;
    const blue = pixels[i + 2] as number;
    const bin = ((((red >> drop) << bits) | (green >> drop)) << bits) | (blue >> drop);
    if (places[bin] === 0) places[bin] = ++filled;
    const place = (places[bin] as number) - 1;
    counts[place] = (counts[place] as number) + 1;
    means[place * 3] = (means[place * 3] as number) + red;
    means[place * 3 + 1] = (means[place * 3 + 1] as number) + green;
    means[place * 3 + 2] = (means[place * 3 + 2] as number) + blue;
  }
  for (let at = 0; at < filled * 3; at++) {
    means[at] = (means[at] as number) / (counts[Math.floor(at / 3)] as number);
  }
  return { means: means.subarray(0, filled * 3), counts: counts.subarray(0, filled) };
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
