import { AppError } from '../../../core/errors';
import { similarity } from '../../../core/similarity/similarity';
import type { ModelInput } from '../../../extractors/extractor';
import { toNetworkInput } from '../../../extractors/network-input';
import type { CallOptions } from '../../../protocol/progress';
import { nextTask } from '../../next-task';
import { type Network, type NetworkWish, openNetwork, type Runtime } from '../network';
import { calibrationPicture } from './calibration-pictures';
import { measureRanges } from './measure-ranges';
import { notQuantisable, quantiseNetwork } from './quantise-network';

/** A copy of a network that computes in 8 bits, and how it compares with the network on pictures it was not made by. */
export type EightBitCopy = {
  readonly content: Uint8Array<ArrayBuffer>;
  /** Mean cosine of the vectors of both. */
  readonly similarity: number;
  /** Time of the network over that of the copy, on this device. */
  readonly timesFaster: number;
};

const calibrationPictures = 32;
const comparedPictures = 8;
const comparisons = 3;
const leastSimilarity = 0.97;
const leastTimesFaster = 1.15;

/** Makes a copy of a network of pictures, and compares both. Errors: `copy-not-made`, also where the copy is not
 * faster or its vectors are others; the model codes. */
export async function makeEightBitCopy(
  runtime: Runtime,
  file: Uint8Array,
  wish: NetworkWish,
  input: ModelInput,
  { signal, onProgress }: CallOptions = {},
): Promise<EightBitCopy> {
  const network = await openNetwork(runtime, file, 'wasm', wish);
  try {
    const plan = network.input;
    if (plan.kind !== 'picture') throw notQuantisable('it takes no single pictures');
    const size = plan.fixedBatch ?? 1;
    const itemsOf = (first: number, count: number) => {
      const pictures = Array.from({ length: count }, (_, i) => calibrationPicture(plan.width, plan.height, first + i));
      const data = new Uint8Array(count * plan.width * plan.height * 3);
      for (const [i, picture] of pictures.entries()) data.set(picture, i * picture.length);
      const { width, height } = plan;
      return toNetworkInput({ data, count, width, height, times: new Float64Array(count) }, input);
    };
    const content = await quantiseNetwork(runtime, file, (withOutputs, tensors) =>
      measureRanges(runtime, withOutputs, tensors, {
        plan,
        batches: Math.ceil(calibrationPictures / size),
        batch: async (index) => {
          await nextTask();
          signal?.throwIfAborted();
          onProgress?.({ stage: 'Measuring ranges', fraction: (index * size) / calibrationPictures });
          return { items: itemsOf(index * size, size), count: size };
        },
      }),
    );
    const copy = await openNetwork(runtime, content, 'wasm', wish);
    try {
      onProgress?.({ stage: 'Comparing', fraction: undefined });
      const count = plan.fixedBatch ?? comparedPictures;
      const found = await compare(network, copy, itemsOf(calibrationPictures, count), count, signal);
      if (!(found.similarity >= leastSimilarity)) {
        throw notQuantisable(`its vectors would be others (a mean cosine of ${found.similarity.toFixed(3)})`);
      }
      if (!(found.timesFaster >= leastTimesFaster)) {
        throw notQuantisable(`here it would not be faster (${found.timesFaster.toFixed(2)} times as fast)`);
      }
      return { content, ...found };
    } finally {
      await copy.release();
    }
  } finally {
    await network.release();
  }
}

async function compare(
  network: Network,
  copy: Network,
  items: Float32Array,
  count: number,
  signal: AbortSignal | undefined,
): Promise<Pick<EightBitCopy, 'similarity' | 'timesFaster'>> {
  const seconds = new Map<Network, number[]>([
    [network, []],
    [copy, []],
  ]);
  const features = new Map<Network, Float32Array>();
  for (let round = 0; round <= comparisons; round++) {
    for (const one of [network, copy]) {
      await nextTask();
      signal?.throwIfAborted();
      const started = performance.now();
      features.set(one, (await one.run(items, count)).features);
      // The first run of each warms up.
      if (round > 0) seconds.get(one)?.push(performance.now() - started);
    }
  }
  const median = (of: Network) => (seconds.get(of) ?? []).toSorted((a, b) => a - b)[comparisons >> 1] as number;
  const [own, other] = [features.get(network), features.get(copy)] as [Float32Array, Float32Array];
  return { similarity: meanCosine(own, other, count), timesFaster: median(network) / median(copy) };
}

function meanCosine(a: Float32Array, b: Float32Array, rows: number): number {
  if (a.length !== b.length) throw new AppError('inference-failed', 'The copy gives other features.');
  const length = a.length / rows;
  let sum = 0;
  for (let at = 0; at < a.length; at += length) {
    sum += similarity('cosine', a.subarray(at, at + length), b.subarray(at, at + length));
  }
  return sum / rows;
}
