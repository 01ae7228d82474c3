import { type Array as JaxArray, nn, numpy as np } from '@jax-js/jax';
import type { FrameReader, Layer } from '../../core/classify/head';
import type { Outcome } from '../../core/classify/settings';
import { frameLogits } from './frame-logits';

// Arrays of jax-js are counted: what is passed is given away, `ref` keeps it.

export type Weights = { readonly weights: JaxArray; readonly bias: JaxArray }[];

export type LossSettings = {
  readonly outcome: Outcome;
  /** Weighs half the squared weights, biases apart. */
  readonly penalty: number;
  /** Of a network over moments. */
  readonly reader?: FrameReader | undefined;
};

/** Cross-entropy of a batch, each row by its share, and half the squared weights times the penalty. Takes all arrays. */
export function lossOf(
  of: Weights,
  features: JaxArray,
  targets: JaxArray,
  share: JaxArray,
  masks: JaxArray[],
  { outcome, penalty, reader }: LossSettings,
): JaxArray {
  const squares = of
    .map(({ weights }) => np.square(weights.ref).sum())
    .reduce((sum, each) => sum.add(each))
    .mul(penalty / 2);
  const logits = reader ? frameLogits(of, features, masks, reader) : logitsOf(of, features, masks);
  const each =
    outcome === 'one-label'
      ? nn.logSoftmax(logits, 1).mul(targets).sum(1).neg()
      : np
          .maximum(logits.ref, 0)
          .sub(logits.ref.mul(targets))
          .add(np.log1p(np.exp(np.abs(logits).neg())))
          .sum(1);
  return each.mul(share).sum().add(squares);
}

/** Outputs of the last layer. Takes all arrays. */
export function logitsOf(of: Weights, features: JaxArray, masks: JaxArray[]): JaxArray {
  return of.reduce((input, { weights, bias }, i) => {
    const output = np.dot(input, weights).add(bias);
    if (i === of.length - 1) return output;
    const mask = masks[i];
    const active = nn.relu(output);
    return mask ? active.mul(mask) : active;
  }, features);
}

/** A matrix of the device; the values are its own from then on. */
export const matrix = (values: Float32Array, rows: number, columns: number): JaxArray =>
  np.array(values as Float32Array<ArrayBuffer>).reshape([rows, columns]);

/** Copies of the layers on the device. */
export const arrays = (layers: readonly Layer[]): Weights =>
  layers.map(({ inputs, outputs, weights, bias }) => ({
    weights: matrix(weights.slice(), inputs, outputs),
    bias: np.array(bias.slice() as Float32Array<ArrayBuffer>),
  }));
