import type { ModelInput } from '../../../extractors/extractor';
import { toNetworkInput } from '../../../extractors/network-input';
import type { CallOptions } from '../../../protocol/progress';
import { nextTask } from '../../next-task';
import { compareNetworks, leastTimesFaster, type NetworkComparison } from '../compare-networks';
import { type NetworkWish, openNetwork, type Runtime } from '../network';
import { calibrationPicture } from './calibration-pictures';
import { measureRanges } from './measure-ranges';
import { notQuantisable, quantiseNetwork } from './quantise-network';

/** A copy of a network that computes in 8 bits, and how it compares with the network on pictures it was not made by. */
export type EightBitCopy = NetworkComparison & { readonly content: Uint8Array<ArrayBuffer> };

const calibrationPictures = 32;
const comparedPictures = 8;
const leastSimilarity = 0.97;

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
      const found = await compareNetworks(network, copy, itemsOf(calibrationPictures, count), count, signal);
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
