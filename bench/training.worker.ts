import type { NetworkTrainer } from '../src/core/classify/fit-network';
import { initialLayers } from '../src/core/classify/head';
import { seededRandom } from '../src/core/random';
import { serve } from '../src/protocol/comlink';
import { chooseDevice } from '../src/worker/classify/device';
import { createNetwork } from '../src/worker/classify/network';

type Shape = { readonly batch: number; readonly inputs: number; readonly hidden: number; readonly classes: number };

let network: NetworkTrainer | undefined;

const api = {
  /** Steps on one made-up batch; the network stays from call to call. */
  async trainSteps({ batch, inputs, hidden, classes, steps }: Shape & { steps: number }) {
    const device = await chooseDevice();
    const random = seededRandom(1);
    network ??= createNetwork(initialLayers([inputs, hidden, classes], 1), {
      outcome: 'several-labels',
      penalty: 0,
      learningRate: 0.001,
    });
    const features = Float32Array.from({ length: batch * inputs }, () => 2 * random() - 1);
    const targets = Float32Array.from({ length: batch * classes }, () => (random() < 0.001 ? 1 : 0));
    const weights = new Float32Array(batch).fill(1);
    let loss = 0;
    const started = performance.now();
    for (let step = 0; step < steps; step++) loss = await network.step({ features, targets, weights, masks: [] });
    return { seconds: (performance.now() - started) / 1000, device, loss };
  },
};

/** Training by itself. */
export type TrainingApi = typeof api;

serve(api);
