import { numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { describe, expect, it } from 'vitest';
import type { Layer } from '../../core/classify/head';
import { seededRandom } from '../../core/random';
import { arrays, type Weights } from '../classify/network-loss';
import { autoencoderLayers, autoencoderLoss, createAutoencoder } from './autoencoder';
import { fitAutoencoder } from './fit-autoencoder';

const [count, inputs, hidden] = [5, 6, 4];
const random = seededRandom(2);
const draw = (length: number) => Float32Array.from({ length }, () => 2 * random() - 1);
const rows = draw(count * inputs);
const noise = draw(count * 2);
const weight = 0.7;

/** The loss in double precision, written out. */
function plainLoss(layers: readonly Layer[]): { reconstruction: number; divergence: number; loss: number } {
  const [encoder, mean, variance, decoder, output] = layers as [Layer, Layer, Layer, Layer, Layer];
  const dense = ({ inputs: from, outputs, weights, bias }: Layer, input: readonly number[]) =>
    Array.from({ length: outputs }, (_, o) => {
      let sum = bias[o] as number;
      for (let d = 0; d < from; d++) sum += (input[d] as number) * (weights[d * outputs + o] as number);
      return sum;
    });
  const relu = (values: readonly number[]) => values.map((value) => Math.max(0, value));
  let [reconstruction, divergence] = [0, 0];
  for (let row = 0; row < count; row++) {
    const input = Array.from(rows.subarray(row * inputs, (row + 1) * inputs));
    const inner = relu(dense(encoder, input));
    const [middle, logVariance] = [dense(mean, inner), dense(variance, inner)];
    const place = middle.map(
      (value, i) => value + (noise[2 * row + i] as number) * Math.exp((logVariance[i] as number) / 2),
    );
    const rebuilt = dense(output, relu(dense(decoder, place)));
    reconstruction += rebuilt.reduce((sum, value, d) => sum + (value - (input[d] as number)) ** 2, 0) / 2 / count;
    divergence -=
      logVariance.reduce((sum, value, i) => sum + 1 + value - (middle[i] as number) ** 2 - Math.exp(value), 0) /
      2 /
      count;
  }
  return { reconstruction, divergence, loss: reconstruction + weight * divergence };
}

describe('variational autoencoder', () => {
  const layers = autoencoderLayers(inputs, hidden, 5).map((layer) => ({ ...layer, bias: draw(layer.outputs) }));

  it('has the gradient that finite differences have', async () => {
    const loss = (of: Weights) =>
      autoencoderLoss(
        of,
        np.array(rows.slice()).reshape([count, inputs]),
        np.array(noise.slice()).reshape([count, 2]),
        weight,
      );
    const [[value, parts], gradient] = valueAndGrad(loss, { hasAux: true })(arrays(layers)) as unknown as [
      [np.Array, np.Array],
      Weights,
    ];
    const plain = plainLoss(layers);
    expect((await value.data())[0]).toBeCloseTo(plain.loss, 4);
    const [reconstruction, divergence] = await parts.data();
    expect(reconstruction).toBeCloseTo(plain.reconstruction, 4);
    expect(divergence).toBeCloseTo(plain.divergence, 4);
    const step = 1e-4;
    for (const [i, layer] of layers.entries()) {
      for (const part of ['weights', 'bias'] as const) {
        const found = await (gradient[i] as Weights[number])[part].ref.data();
        for (let at = 0; at < layer[part].length; at++) {
          const moved = (by: number) => {
            const changed = { ...layer, [part]: Float64Array.from(layer[part]) } as unknown as Layer;
            changed[part][at] = (changed[part][at] as number) + by;
            return plainLoss(layers.map((each, other) => (other === i ? changed : each))).loss;
          };
          expect(found[at]).toBeCloseTo((moved(step) - moved(-step)) / (2 * step), 3);
        }
      }
    }
    tree.dispose(gradient as never);
  });

  it('tells the losses of a step, and learns', async () => {
    const model = createAutoencoder(layers, inputs, { divergenceWeight: weight, learningRate: 0.01 });
    const first = await model.step(rows.slice(), noise.slice());
    const plain = plainLoss(layers);
    expect(first.reconstruction).toBeCloseTo(plain.reconstruction, 4);
    expect(first.divergence).toBeCloseTo(plain.divergence, 4);
    for (let i = 0; i < 100; i++) await model.step(rows.slice(), noise.slice());
    const last = await model.step(rows.slice(), noise.slice());
    expect(last.reconstruction + weight * last.divergence).toBeLessThan(0.8 * plain.loss);
    model.dispose();
  }, 60_000);
});

describe('its training', () => {
  const planes = (seed: number) => {
    const own = seededRandom(seed);
    return Float32Array.from({ length: 60 * 10 }, (_, i) => {
      const group = Math.floor(i / 200);
      return ((i % 10) % 3 === group ? 2 : -1) + 0.2 * own();
    });
  };
  const settings = { hidden: 8, epochs: 60, batch: 64, learningRate: 0.01, divergenceWeight: 1, seed: 3 };
  const trained = (given: Partial<typeof settings> = {}, matrix = planes(1)) =>
    fitAutoencoder(
      { matrix, dimensions: 10 },
      autoencoderLayers(10, settings.hidden, given.seed ?? settings.seed),
      { ...settings, ...given },
      () => undefined,
      () => undefined,
    );

  it('gives the same with the same seed; the loss falls, and groups part', async () => {
    const made = await trained();
    expect((await trained()).coordinates).toEqual(made.coordinates);
    expect((await trained({ seed: 4 })).coordinates).not.toEqual(made.coordinates);
    const epochs = made.epochs;
    expect(epochs).toHaveLength(60);
    expect(epochs.at(-1)?.reconstruction).toBeLessThan(0.5 * (epochs[0]?.reconstruction ?? 0));
    expect(made.errors).toHaveLength(60);
    const place = (row: number) => made.coordinates.subarray(2 * row, 2 * row + 2);
    const far = (a: number, b: number) =>
      Math.hypot((place(a)[0] as number) - (place(b)[0] as number), (place(a)[1] as number) - (place(b)[1] as number));
    expect(far(0, 5)).toBeLessThan(far(0, 30));
    expect(far(45, 55)).toBeLessThan(far(45, 25));
  }, 60_000);

  it('says when the loss is no longer a number', async () => {
    await expect(trained({ learningRate: 1e9 })).rejects.toMatchObject({ code: 'training-diverged' });
  });
});
