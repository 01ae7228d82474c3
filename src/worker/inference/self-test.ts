import { seededRandom } from '../../core/random';
import type { InputKind } from '../../extractors/extractor';
import type { BatchRule } from './batches';
import type { Network } from './network';

export type SelfTestResult =
  /** `slow`: an item takes so long that larger batches were neither tried nor should be used. */
  | { readonly passed: true; readonly similarity: number; readonly slow: boolean }
  | { readonly passed: false; readonly reason: string };

const threshold = 0.999;
/** Far above what compiling the programs of a network takes on a working GPU. */
const slowMilliseconds = 12_000;

/** Runs the same items one by one on `reference` (WASM) and in every batch size on `network`, which may be the same, and
 * compares: cosine >= 0.999. Silent zeros (microsoft/onnxruntime#29130) and wrong results in batches (#18804) have been seen. */
export async function selfTest(network: Network, reference: Network, { sizes }: BatchRule): Promise<SelfTestResult> {
  const { itemLength, input } = network;
  const single = input.fixedBatch ?? 1;
  const items = testItems(input.kind, Math.max(...sizes, single), itemLength);
  const expected = new Map<number, Float32Array>();
  const expect = async (index: number) => {
    const known = expected.get(index);
    if (known) return known;
    const item = new Float32Array(single * itemLength);
    item.set(items.subarray(index * itemLength, (index + 1) * itemLength));
    const { features } = await reference.run(item, single);
    const rows = features.slice(0, features.length / single);
    expected.set(index, rows);
    return rows;
  };
  let similarity = 1;
  for (const size of new Set([single, ...sizes])) {
    const started = performance.now();
    const output = await network.run(items.slice(0, size * itemLength), size);
    const elapsed = performance.now() - started;
    const length = output.features.length / size;
    if (network === reference && size === 1) expected.set(0, output.features.slice(0, length));
    for (const index of new Set([0, size >> 1, size - 1])) {
      const features = output.features.subarray(index * length, (index + 1) * length);
      if (!features.every(Number.isFinite)) return { passed: false, reason: 'it gave values that are no numbers' };
      if (features.every((value) => value === 0)) return { passed: false, reason: 'it gave only zeros' };
      const found = cosine(features, await expect(index));
      if (!(found >= threshold)) {
        return { passed: false, reason: `its results differ (similarity ${found.toFixed(4)} in a batch of ${size})` };
      }
      similarity = Math.min(similarity, found);
    }
    if (elapsed > slowMilliseconds) return { passed: true, similarity, slow: true };
  }
  return { passed: true, similarity, slow: false };
}

/** Waves with some noise, each another, in the range of what the network gets; texts of a few tokens. */
export function testItems(kind: InputKind, count: number, itemLength: number): Float32Array {
  const random = seededRandom(20_261_120);
  const items = new Float32Array(count * itemLength);
  for (let item = 0; item < count; item++) {
    const values = items.subarray(item * itemLength, (item + 1) * itemLength);
    if (kind === 'tokens') {
      writeText(values, random);
      continue;
    }
    const { shortest, longest, amplitude, centre } = waves[kind];
    const period = shortest + random() * (longest - shortest);
    const phase = random() * 2 * Math.PI;
    for (let i = 0; i < itemLength; i++) {
      const wave = 1.5 * Math.sin((2 * Math.PI * i) / period + phase) + random() - 0.5;
      values[i] = centre + (wave * amplitude) / 2;
    }
  }
  return items;
}

/** Normalised colours lie in about -2..2, logarithms of mel magnitudes in -7..3, samples in -1..1. */
const waves = {
  picture: { shortest: 500, longest: 20_500, amplitude: 2, centre: 0 },
  clip: { shortest: 500, longest: 20_500, amplitude: 2, centre: 0 },
  patches: { shortest: 20, longest: 2000, amplitude: 4, centre: -2 },
  waveform: { shortest: 8, longest: 320, amplitude: 0.8, centre: 0 },
} as const;

/** As CLIP's tokenizer writes them: start, words, end, and ends to the full length. */
function writeText(tokens: Float32Array, random: () => number): void {
  const [start, end] = [49_406, 49_407];
  tokens.fill(end);
  tokens[0] = start;
  const words = Math.min(tokens.length - 2, 3 + Math.floor(random() * 10));
  for (let i = 1; i <= words; i++) tokens[i] = 256 + Math.floor(random() * 40_000);
}

function cosine(a: Float32Array, b: Float32Array): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number;
    const y = b[i] as number;
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return dot / Math.sqrt(aa * bb);
}
