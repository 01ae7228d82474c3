import { type Array as JaxArray, jit, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import type { NetworkTrainer } from '../../core/classify/fit-network';
import type { Layer } from '../../core/classify/head';
import type { Outcome } from '../../core/classify/settings';
import { AppError } from '../../core/errors';
import { arrays, logitsOf, lossOf, matrix, type Weights } from './network-loss';

type NetworkSettings = {
  readonly outcome: Outcome;
  /** Weighs half the squared weights, biases apart. */
  readonly penalty: number;
  readonly learningRate: number;
};

/** Rows that pass through the network at once where nothing is learnt. */
const rowsAtOnce = 256;
const decay = { first: 0.9, second: 0.999, epsilon: 1e-8 };

/** A network on jax-js's WASM threads, with Adam. `initial` is copied. Call `dispose` at the end. */
export function createNetwork(initial: readonly Layer[], settings: NetworkSettings): NetworkTrainer {
  const inputs = initial[0]?.inputs ?? 0;
  const classCount = initial.at(-1)?.outputs ?? 0;
  let weights = arrays(initial);
  let first = zerosLike(initial);
  let second = zerosLike(initial);
  let steps = 0;
  const adam = jit(
    (
      now: Weights,
      firstMoments: Weights,
      secondMoments: Weights,
      features: JaxArray,
      targets: JaxArray,
      share: JaxArray,
      masks: JaxArray[],
      rate: JaxArray,
      correction: JaxArray,
    ): [Weights, Weights, Weights, JaxArray] => {
      const loss = (of: Weights) => lossOf(of, features, targets, share, masks, settings);
      const [value, gradient] = valueAndGrad(loss)(tree.ref(now)) as unknown as [JaxArray, Weights];
      const m = tree.map(
        (moment: JaxArray, slope: JaxArray) => moment.mul(decay.first).add(slope.mul(1 - decay.first)),
        firstMoments,
        tree.ref(gradient),
      ) as Weights;
      const v = tree.map(
        (moment: JaxArray, slope: JaxArray) => moment.mul(decay.second).add(np.square(slope).mul(1 - decay.second)),
        secondMoments,
        gradient,
      ) as Weights;
      const next = tree.map(
        (weight: JaxArray, one: JaxArray, two: JaxArray) =>
          weight.sub(one.mul(rate.ref).div(np.sqrt(two.mul(correction.ref)).add(decay.epsilon))),
        now,
        tree.ref(m),
        tree.ref(v),
      ) as Weights;
      rate.dispose();
      correction.dispose();
      return [next, m, v, value];
    },
  );
  const forward = jit((of: Weights, features: JaxArray) => logitsOf(of, features, []));

  return {
    async step({ features, targets, weights: ofRows, masks }) {
      steps++;
      const size = ofRows.length;
      const total = ofRows.reduce((sum, weight) => sum + weight, 0);
      const [next, m, v, loss] = adam(
        weights,
        first,
        second,
        matrix(features, size, inputs),
        matrix(targets, size, classCount),
        np.array(ofRows.map((weight) => weight / total)),
        masks.map((mask) => matrix(mask, size, mask.length / size)),
        np.array(settings.learningRate / (1 - decay.first ** steps)),
        np.array(1 / (1 - decay.second ** steps)),
      );
      [weights, first, second] = [next, m, v];
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
        const values = await forward(tree.ref(weights), matrix(padded.slice(), size, inputs)).data();
        out.set((values as Float32Array).subarray(0, (rows.length / inputs) * classCount), from * classCount);
      }
      return out;
    },
    layers: () =>
      Promise.all(
        initial.map(async ({ inputs, outputs }, i): Promise<Layer> => {
          const own = weights[i] as Weights[number];
          const [matrix, bias] = await Promise.all([own.weights.ref.data(), own.bias.ref.data()]);
          return { inputs, outputs, weights: (matrix as Float32Array).slice(), bias: (bias as Float32Array).slice() };
        }),
      ),
    dispose() {
      for (const of of [weights, first, second]) tree.dispose(of);
      adam.dispose();
      forward.dispose();
    },
  };
}

/** Threads that cannot start have given products of zeros, without a word: one known product shows whether to trust it.
 * Errors: `training-unsound`. */
export async function checkProducts(): Promise<void> {
  const size = 128;
  const ones = () => np.ones([size, size]);
  const product = (await np.dot(ones(), ones()).data()) as Float32Array;
  if (product.length === size ** 2 && product.every((value) => value === size)) return;
  throw new AppError('training-unsound', `A product of ones is ${product[0]}, not ${size}`);
}

const zerosLike = (layers: readonly Layer[]): Weights =>
  layers.map(({ inputs, outputs }) => ({ weights: np.zeros([inputs, outputs]), bias: np.zeros([outputs]) }));
