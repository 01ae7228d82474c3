import { numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { describe, expect, it } from 'vitest';
import { initialLayers, type Layer } from '../../core/classify/head';
import type { Outcome } from '../../core/classify/settings';
import { seededRandom } from '../../core/random';
import { checkProducts } from './device';
import { createNetwork } from './network';
import { arrays, lossOf, type Weights } from './network-loss';

const sizes = [5, 4, 3];
const rows = 6;
const random = seededRandom(7);
const draw = (length: number) => Float32Array.from({ length }, () => 2 * random() - 1);
const features = draw(rows * 5);
const masks = [Float32Array.from({ length: rows * 4 }, (_, i) => (i % 3 === 0 ? 0 : 1.5))];
const weights = Float32Array.of(1, 1, 1, 1, 1, 0);
const targetsOf = (outcome: Outcome) =>
  Float32Array.from({ length: rows * 3 }, (_, i) => {
    const own = i % 3 === Math.floor(i / 3) % 3;
    return own || (outcome === 'several-labels' && i % 5 === 0) ? 1 : 0;
  });
const matrix = (values: Float32Array, columns: number) =>
  np.array(values.slice() as Float32Array<ArrayBuffer>).reshape([values.length / columns, columns]);

/** The loss in double precision, written out. */
function plainLoss(layers: readonly Layer[], outcome: Outcome, penalty: number): number {
  const targets = targetsOf(outcome);
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    let input = Array.from(features.subarray(row * 5, row * 5 + 5));
    layers.forEach(({ inputs, outputs, weights: w, bias }, i) => {
      input = Array.from({ length: outputs }, (_, o) => {
        let sum = bias[o] as number;
        for (let d = 0; d < inputs; d++) sum += (input[d] as number) * (w[d * outputs + o] as number);
        const mask = masks[i]?.[row * outputs + o] ?? 1;
        return i < layers.length - 1 ? Math.max(0, sum) * mask : sum;
      });
    });
    const log = Math.log(input.reduce((sum, value) => sum + Math.exp(value), 0));
    const each = input.map((value, c) => {
      const target = targets[row * 3 + c] as number;
      return outcome === 'one-label' ? target * (log - value) : Math.log(1 + Math.exp(value)) - target * value;
    });
    loss += ((weights[row] as number) / 5) * each.reduce((sum, value) => sum + value, 0);
  }
  const squares = layers.reduce((sum, layer) => sum + layer.weights.reduce((own, w) => own + w * w, 0), 0);
  return loss + (penalty / 2) * squares;
}

const batch = (outcome: Outcome) => ({ features, targets: targetsOf(outcome), weights, masks });

describe.each(['one-label', 'several-labels'] as const)('network, %s', (outcome) => {
  it('has the gradient that finite differences have', async () => {
    const layers = initialLayers(sizes, 3).map((layer) => ({ ...layer, bias: draw(layer.outputs) }));
    const loss = (of: Weights) =>
      lossOf(
        of,
        matrix(features, 5),
        matrix(targetsOf(outcome), 3),
        np.array(weights.map((weight) => weight / 5)),
        masks.map((mask) => matrix(mask, 4)),
        { outcome, penalty: 0.1 },
      );
    const [value, gradient] = valueAndGrad(loss)(arrays(layers)) as unknown as [np.Array, Weights];
    expect((await value.data())[0]).toBeCloseTo(plainLoss(layers, outcome, 0.1), 5);
    const step = 1e-3;
    for (const [i, layer] of layers.entries()) {
      for (const part of ['weights', 'bias'] as const) {
        const found = await (gradient[i] as Weights[number])[part].ref.data();
        for (let at = 0; at < layer[part].length; at++) {
          const moved = (by: number) => {
            const changed = { ...layer, [part]: Float64Array.from(layer[part]) } as unknown as Layer;
            changed[part][at] = (changed[part][at] as number) + by;
            return plainLoss(
              layers.map((each, other) => (other === i ? changed : each)),
              outcome,
              0.1,
            );
          };
          expect(found[at]).toBeCloseTo((moved(step) - moved(-step)) / (2 * step), 3);
        }
      }
    }
    tree.dispose(gradient);
  });

  it('steps as Adam does', async () => {
    const initial = initialLayers([5, 3], 1);
    const network = createNetwork(initial, { outcome, penalty: 0.1, learningRate: 0.01 });
    const plain = { ...batch(outcome), masks: [] };
    const loss = await network.step(plain);
    expect(loss).toBeCloseTo(plainLoss(initial, outcome, 0.1), 5);
    const [once] = await network.layers();
    // From zeros the first step has the learning rate's length in every direction that matters.
    for (const moved of once?.weights ?? []) expect(Math.abs(moved)).toBeCloseTo(0.01, 4);
    for (let i = 0; i < 60; i++) await network.step(plain);
    expect(await network.step(plain)).toBeLessThan(loss);
    network.dispose();
  });

  it('gives the same with the same seed', async () => {
    const run = async () => {
      const network = createNetwork(initialLayers(sizes, 11), { outcome, penalty: 0.01, learningRate: 0.05 });
      for (let i = 0; i < 5; i++) await network.step(batch(outcome));
      const [layers, logits] = [await network.layers(), await network.logits(features)];
      network.dispose();
      return { layers, logits };
    };
    expect(await run()).toEqual(await run());
  });
});

it('computes a known product', async () => {
  await expect(checkProducts()).resolves.toBeUndefined();
});
