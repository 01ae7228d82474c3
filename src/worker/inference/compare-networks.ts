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

const rounds = 3;

/** Runs the same items by both in turns, after one run each to warm up. Times are medians. */
export async function compareNetworks(
  network: Network,
  copy: Network,
  items: Float32Array,
  count: number,
  signal?: AbortSignal,
): Promise<NetworkComparison> {
  const milliseconds = new Map<Network, number[]>([
    [network, []],
    [copy, []],
  ]);
  const features = new Map<Network, Float32Array>();
  for (let round = 0; round <= rounds; round++) {
    for (const one of [network, copy]) {
      await nextTask();
      signal?.throwIfAborted();
      const started = performance.now();
      features.set(one, (await one.run(items, count)).features);
      if (round > 0) milliseconds.get(one)?.push(performance.now() - started);
    }
  }
  const median = (of: Network) => (milliseconds.get(of) ?? []).toSorted((a, b) => a - b)[rounds >> 1] as number;
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
