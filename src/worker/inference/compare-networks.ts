import { AppError } from '../../core/errors';
import { similarity } from '../../core/similarity/similarity';
import { nextTask } from '../next-task';
import type { Network } from './network';

/** How a copy of a network compares with it. */
export type NetworkComparison = {
  /** Mean cosine of the vectors of both. */
  readonly similarity: number;
  /** Time of the network over that of the copy, on this device. */
  readonly timesFaster: number;
};

/** What a copy must bring to be used in place of the network. */
export const leastTimesFaster = 1.15;

const fewestRounds = 3;
/** So many where the copy does not seem fast enough: the machine may have been busy. */
const mostRounds = 12;

/** Runs the same items by both in turns, after one run each to warm up. Of each the fastest run counts: what else the
 * machine does only ever adds to a time. */
export async function compareNetworks(
  network: Network,
  copy: Network,
  items: Float32Array,
  count: number,
  signal?: AbortSignal,
): Promise<NetworkComparison> {
  const fastest = new Map<Network, number>();
  const timesFaster = () => (fastest.get(network) ?? 0) / (fastest.get(copy) ?? Number.POSITIVE_INFINITY);
  const features = new Map<Network, Float32Array>();
  for (let round = 0; round <= mostRounds; round++) {
    if (round > fewestRounds && timesFaster() >= leastTimesFaster) break;
    for (const one of [network, copy]) {
      await nextTask();
      signal?.throwIfAborted();
      const started = performance.now();
      features.set(one, (await one.run(items, count)).features);
      const taken = performance.now() - started;
      if (round > 0) fastest.set(one, Math.min(taken, fastest.get(one) ?? taken));
    }
  }
  const [own, other] = [features.get(network), features.get(copy)] as [Float32Array, Float32Array];
  return { similarity: meanCosine(own, other, count), timesFaster: timesFaster() };
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
