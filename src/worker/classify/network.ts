import { type Array as JaxArray, jit, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import type { NetworkTrainer, OptimiserState } from '../../core/classify/fit-network';
import type { Layer } from '../../core/classify/head';
import { type AdamState, adamCorrections, adamStart, adamStep } from './adam';
import { frameLogits } from './frame-logits';
import { arrays, type LossSettings, logitsOf, lossOf, matrix, type Weights } from './network-loss';

type NetworkSettings = LossSettings & { readonly learningRate: number };

/** Rows that pass through the network at once where nothing is learnt. */
const rowsAtOnce = 256;

/** A network on jax-js's device, with Adam. What it begins with, layers or a state to go on from, is copied. Call `dispose`
 * at the end. */
export function createNetwork(from: readonly Layer[] | OptimiserState, settings: NetworkSettings): NetworkTrainer {
  const state = 'steps' in from ? from : undefined;
  const initial = 'steps' in from ? from.weights : from;
  const { reader } = settings;
  const inputs = reader ? reader.moments * (reader.width + 1) : (initial[0]?.inputs ?? 0);
  const classCount = initial.at(-1)?.outputs ?? 0;
  let adam: AdamState<Weights> = state
    ? { weights: arrays(initial), first: arrays(state.first), second: arrays(state.second) }
    : adamStart(arrays(initial));
  let steps = state?.steps ?? 0;
  const train = jit(
    (
      now: AdamState<Weights>,
      features: JaxArray,
      targets: JaxArray,
      share: JaxArray,
      masks: JaxArray[],
      rate: JaxArray,
      correction: JaxArray,
    ): [AdamState<Weights>, JaxArray] => {
      const loss = (of: Weights) => lossOf(of, features, targets, share, masks, settings);
      const [value, gradient] = valueAndGrad(loss)(tree.ref(now.weights as never) as Weights) as unknown as [
        JaxArray,
        Weights,
      ];
      return [adamStep(now, gradient, rate, correction), value];
    },
  );
  const forward = jit((of: Weights, features: JaxArray) =>
    reader ? frameLogits(of, features, [], reader) : logitsOf(of, features, []),
  );
  const kept = (of: Weights): Promise<readonly Layer[]> =>
    Promise.all(
      initial.map(async ({ inputs, outputs }, i): Promise<Layer> => {
        const own = of[i] as Weights[number];
        const [matrix, bias] = await Promise.all([own.weights.ref.data(), own.bias.ref.data()]);
        return { inputs, outputs, weights: (matrix as Float32Array).slice(), bias: (bias as Float32Array).slice() };
      }),
    );

  return {
    async step({ features, targets, weights: ofRows, masks }) {
      const [ofFirst, ofSecond] = adamCorrections(++steps);
      const size = ofRows.length;
      const total = ofRows.reduce((sum, weight) => sum + weight, 0);
      const [next, loss] = train(
        adam,
        matrix(features, size, inputs),
        matrix(targets, size, classCount),
        np.array(ofRows.map((weight) => weight / total)),
        masks.map((mask) => matrix(mask, size, mask.length / size)),
        np.array(settings.learningRate * ofFirst),
        np.array(ofSecond),
      );
      adam = next;
      return (await loss.data())[0] as number;
    },
    async logits(features) {
      const count = features.length / inputs;
      const size = Math.min(count, rowsAtOnce);
      const out = new Float32Array(count * classCount);
      const padded = new Float32Array(size * inputs);
      for (let from = 0; from < count; from += size) {
        const rows = features.subarray(from * inputs, (from + size) * inputs);
        padded.fill(0);
        padded.set(rows);
        const values = await forward(tree.ref(adam.weights), matrix(padded.slice(), size, inputs)).data();
        out.set((values as Float32Array).subarray(0, (rows.length / inputs) * classCount), from * classCount);
      }
      return out;
    },
    layers: () => kept(adam.weights),
    async state() {
      const [now, one, two] = await Promise.all([kept(adam.weights), kept(adam.first), kept(adam.second)]);
      return { weights: now, first: one, second: two, steps };
    },
    dispose() {
      for (const of of [adam.weights, adam.first, adam.second]) tree.dispose(of);
      train.dispose();
      forward.dispose();
    },
  };
}
