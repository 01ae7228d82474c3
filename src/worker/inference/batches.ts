import { nextTask } from '../next-task';
import type { Network } from './network';

/** Items fed to a network at once. A GPU compiles its programs for each size, so it gets few and is padded with zeros;
 * on WASM padding would only cost time. */
export type BatchRule = { readonly sizes: readonly number[]; readonly pad: boolean };

export const wasmBatches: BatchRule = { sizes: [8], pad: false };
export const gpuBatches: BatchRule = { sizes: [1, 8, 16], pad: true };
/** For devices that take seconds an item. */
export const singleBatches: BatchRule = { sizes: [1], pad: false };

/** The rule for a network that takes only one batch size. */
export function fixedBatches(size: number): BatchRule {
  return { sizes: [size], pad: true };
}

/** Runs any number of items in batches by the rule; gives [count x dimensions]. */
export async function runBatches(
  network: Pick<Network, 'run' | 'itemLength' | 'dimensions'>,
  items: Float32Array,
  count: number,
  { sizes, pad }: BatchRule,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const { itemLength, dimensions } = network;
  const output = new Float32Array(count * dimensions);
  const largest = Math.max(...sizes);
  for (let at = 0; at < count; ) {
    // A run on WASM blocks the thread: without a turn of the event loop no cancel would ever arrive.
    await nextTask();
    signal?.throwIfAborted();
    const taken = Math.min(largest, count - at);
    const size = pad ? Math.min(...sizes.filter((size) => size >= taken)) : taken;
    let batch = items.subarray(at * itemLength, (at + taken) * itemLength);
    if (size > taken) {
      const padded = new Float32Array(size * itemLength);
      padded.set(batch);
      batch = padded;
    }
    const result = await network.run(batch, size);
    output.set(result.subarray(0, taken * dimensions), at * dimensions);
    at += taken;
  }
  return output;
}
