import type { ClassScores } from '../../core/classes';
import type { NetworkOutput } from '../../extractors/extractor';
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

/** Runs any number of items of equal length in batches by the rule. */
export async function runBatches(
  network: Pick<Network, 'run'>,
  items: Float32Array,
  count: number,
  { sizes, pad }: BatchRule,
  signal?: AbortSignal,
): Promise<NetworkOutput> {
  const itemLength = items.length / count;
  const parts: NetworkOutput[] = [];
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
    parts.push(firstItems(await network.run(batch, size), taken / size));
    at += taken;
  }
  const [first] = parts;
  if (first && parts.length === 1) return first;
  const scores = parts.flatMap((part) => part.scores ?? []);
  return {
    features: joined(parts.map(({ features }) => features)),
    scores: scores[0] && {
      ...scores[0],
      probabilities: joined(scores.map(({ probabilities }) => probabilities)),
    },
  };
}

/** What is left of an output without the rows of padding. */
function firstItems({ features, scores }: NetworkOutput, share: number): NetworkOutput {
  const cut = (rows: Float32Array) => rows.subarray(0, rows.length * share);
  const kept: ClassScores | undefined = scores && { ...scores, probabilities: cut(scores.probabilities) };
  return { features: cut(features), scores: kept };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
