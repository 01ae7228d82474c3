import { type Array as JaxArray, numpy as np, tree } from '@jax-js/jax';

const decay = { first: 0.9, second: 0.999, epsilon: 1e-8 };

/** Weights and the running moments of their slopes. */
export type AdamState<Weights> = { readonly weights: Weights; readonly first: Weights; readonly second: Weights };

export function adamStart<Weights>(weights: Weights): AdamState<Weights> {
  const zeros = () => tree.map((weight: JaxArray) => np.zerosLike(weight), tree.ref(weights as never)) as Weights;
  return { weights, first: zeros(), second: zeros() };
}

/** What scales the first and the second moment in step `step`, from 1 on. */
export const adamCorrections = (step: number): readonly [number, number] => [
  1 / (1 - decay.first ** step),
  1 / (1 - decay.second ** step),
];

/** One step of Adam (Kingma and Ba 2015), to be traced. `rate` is the learning rate times the first correction. Takes
 * all arrays. */
export function adamStep<Weights>(
  { weights, first, second }: AdamState<Weights>,
  gradient: Weights,
  rate: JaxArray,
  correction: JaxArray,
): AdamState<Weights> {
  const map = tree.map as unknown as (of: (...arrays: JaxArray[]) => JaxArray, ...trees: Weights[]) => Weights;
  const ref = (of: Weights) => tree.ref(of as never) as Weights;
  const one = map((moment, slope) => moment.mul(decay.first).add(slope.mul(1 - decay.first)), first, ref(gradient));
  const two = map(
    (moment, slope) => moment.mul(decay.second).add(np.square(slope).mul(1 - decay.second)),
    second,
    gradient,
  );
  const next = map(
    (weight, m, v) => weight.sub(m.mul(rate.ref).div(np.sqrt(v.mul(correction.ref)).add(decay.epsilon))),
    weights,
    ref(one),
    ref(two),
  );
  rate.dispose();
  correction.dispose();
  return { weights: next, first: one, second: two };
}
