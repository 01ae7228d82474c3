import { seededRandom } from '../../core/random';
import type { BatchRule } from './batches';
import type { Network } from './network';

export type SelfTestResult =
  /** `slow`: an item takes so long that larger batches were neither tried nor should be used. */
  | { readonly passed: true; readonly similarity: number; readonly slow: boolean }
  | { readonly passed: false; readonly reason: string };

const threshold = 0.999;
/** Far above what compiling the programs of a network takes on a working GPU. */
const slowMilliseconds = 12_000;

/** Runs the same pictures one by one on `reference` (WASM) and in every batch size on `network`, and compares: cosine
 * >= 0.999. Silent zeros (microsoft/onnxruntime#29130) and wrong results in batches (#18804) have been seen. */
export async function selfTest(network: Network, reference: Network, { sizes }: BatchRule): Promise<SelfTestResult> {
  const { itemLength, dimensions } = network;
  const single = network.input.fixedBatch ?? 1;
  const pictures = testPictures(Math.max(...sizes, single), itemLength);
  const expected = new Map<number, Float32Array>();
  const expect = async (index: number) => {
    const known = expected.get(index);
    if (known) return known;
    const item = new Float32Array(single * itemLength);
    item.set(pictures.subarray(index * itemLength, (index + 1) * itemLength));
    const features = (await reference.run(item, single)).slice(0, dimensions);
    expected.set(index, features);
    return features;
  };
  let similarity = 1;
  for (const size of new Set([single, ...sizes])) {
    const started = performance.now();
    const output = await network.run(pictures.slice(0, size * itemLength), size);
    const elapsed = performance.now() - started;
    for (const index of new Set([0, size >> 1, size - 1])) {
      const features = output.subarray(index * dimensions, (index + 1) * dimensions);
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

/** Waves with some noise, each another, in the range of normalised pictures. */
function testPictures(count: number, itemLength: number): Float32Array {
  const random = seededRandom(20_261_120);
  const pictures = new Float32Array(count * itemLength);
  for (let item = 0; item < count; item++) {
    const period = 500 + random() * 20_000;
    const phase = random() * 2 * Math.PI;
    for (let i = 0; i < itemLength; i++) {
      pictures[item * itemLength + i] = 1.5 * Math.sin((2 * Math.PI * i) / period + phase) + random() - 0.5;
    }
  }
  return pictures;
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
