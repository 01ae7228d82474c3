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
  const fine = gather(pixels, undefined, fineBits);
  const coarse = gather(fine.sums, fine.counts, coarseBits);
  const start = { clusters, seed, starts: 4, weights: Float64Array.from(coarse.counts) };
  const { centroids } = kMeans(binMeans(coarse, space), 3, start);
  const weights = Float64Array.from(fine.counts);
  return refineClusters(binMeans(fine, space), 3, centroids, { weights, maxIterations: 20 });
}

function meansToOklab(means: Float64Array): void {
  for (let i = 0; i < means.length; i += 3) {
    const [red, green, blue] = [means[i] as number, means[i + 1] as number, means[i + 2] as number];
    means.set(toOklab(red / 255, green / 255, blue / 255), i);
  }
}

/** Bins of colour that hold pixels, in the order of their first: the sums of their pixels [n x 3], and how many those are. */
type Histogram = { readonly sums: readonly number[]; readonly counts: readonly number[] };

const fineBits = 6;
const coarseBits = 5;

/** The place of each bin plus one, kept from picture to picture: asking for memory takes longer than counting. */
const places = new Int32Array(1 << (3 * fineBits));

/** Gathers the sums of `counts` pixels each in bins of 2^bits levels a channel. */
function gather(sums: ArrayLike<number>, counts: readonly number[] | undefined, bits: number): Histogram {
  const drop = 8 - bits;
  const bins: number[] = [];
  const gathered = { sums: [] as number[], counts: [] as number[] };
  for (let i = 0; i < sums.length; i += 3) {
    const count = counts ? (counts[i / 3] as number) : 1;
    const red = sums[i] as number;
    const green = sums[i + 1] as number;
    const blue = sums[i + 2] as number;
    const bin = (((((red / count) >> drop) << bits) | ((green / count) >> drop)) << bits) | ((blue / count) >> drop);
    if (places[bin] === 0) {
      places[bin] = bins.push(bin);
      gathered.sums.push(0, 0, 0);
      gathered.counts.push(0);
    }
    const place = (places[bin] as number) - 1;
    gathered.counts[place] = (gathered.counts[place] as number) + count;
    gathered.sums[place * 3] = (gathered.sums[place * 3] as number) + red;
    gathered.sums[place * 3 + 1] = (gathered.sums[place * 3 + 1] as number) + green;
    gathered.sums[place * 3 + 2] = (gathered.sums[place * 3 + 2] as number) + blue;
  }
  for (const bin of bins) places[bin] = 0;
  return gathered;
}

/** The mean colours of the bins [n x 3], RGB in 0..255 or OKLab. */
function binMeans({ sums, counts }: Histogram, space: StripOptions['space']): Float64Array {
  const means = Float64Array.from(sums, (sum, at) => sum / (counts[Math.floor(at / 3)] as number));
  if (space === 'oklab') meansToOklab(means);
  return means;
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
