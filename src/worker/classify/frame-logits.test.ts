import { numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { describe, expect, it } from 'vitest';
import { type FrameReader, initialFrameLayers, type Layer } from '../../core/classify/head';
import { seededRandom } from '../../core/random';
import { createNetwork } from './network';
import { arrays, lossOf, type Weights } from './network-loss';

const [moments, width, units, classes, rows] = [5, 4, 3, 3, 4];
const random = seededRandom(9);
const draw = (length: number) => Float32Array.from({ length }, () => 2 * random() - 1);
const counts = [5, 3, 1, 4];
const features = Float32Array.from(
  counts.flatMap((count) => [
    ...Array.from(draw(moments * width), (value, i) => (i < count * width ? value : 0)),
    ...Array.from({ length: moments }, (_, i) => (i < count ? 1 : 0)),
  ]),
);
const targets = Float32Array.from({ length: rows * classes }, (_, i) =>
  i % classes === Math.floor(i / classes) % classes ? 1 : 0,
);

type Plain = {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float64Array;
  readonly bias: Float64Array;
};
const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));
const through = ({ inputs, outputs, weights, bias }: Plain, x: readonly number[]): number[] =>
  Array.from({ length: outputs }, (_, o) =>
    Array.from({ length: inputs }, (_, d) => (x[d] as number) * (weights[d * outputs + o] as number)).reduce(
      (sum, value) => sum + value,
      bias[o] as number,
    ),
  );

/** The moments of one row at a time scale: means of those that are there. */
function seenAt(row: number, scale: number): number[][] {
  const at = row * moments * (width + 1);
  const all = Array.from({ length: counts[row] as number }, (_, m) =>
    Array.from(features.subarray(at + m * width, at + (m + 1) * width)),
  );
  const steps: number[][] = [];
  for (let from = 0; from < all.length; from += scale) {
    const some = all.slice(from, from + scale);
    steps.push(
      Array.from({ length: width }, (_, d) => some.reduce((sum, x) => sum + (x[d] as number), 0) / some.length),
    );
  }
  return steps;
}

function attention(steps: number[][], [hidden, scores]: Plain[]): number[] {
  const asked = steps.map((x) => through(scores as Plain, through(hidden as Plain, x).map(Math.tanh))[0] as number);
  const total = asked.reduce((sum, value) => sum + Math.exp(value), 0);
  return Array.from({ length: width }, (_, d) =>
    steps.reduce((sum, x, i) => sum + (Math.exp(asked[i] as number) / total) * (x[d] as number), 0),
  );
}

function gru(steps: number[][], [input, recurrent]: Plain[]): number[] {
  return steps.reduce<number[]>((state, x) => {
    const [given, own] = [through(input as Plain, x), through(recurrent as Plain, state)];
    return state.map((before, u) => {
      const at = (of: number[], gate: number) => of[gate * units + u] as number;
      const reset = sigmoid(at(given, 0) + at(own, 0));
      const keep = sigmoid(at(given, 1) + at(own, 1));
      return keep * before + (1 - keep) * Math.tanh(at(given, 2) + reset * at(own, 2));
    });
  }, Array(units).fill(0));
}

/** The loss in double precision, written out. */
function plainLoss(layers: readonly Plain[], { kind, scales }: FrameReader): number {
  const read = kind === 'attention' ? attention : gru;
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const seen = scales.flatMap((scale, i) => read(seenAt(row, scale), layers.slice(2 * i, 2 * i + 2)));
    const logits = through(layers.at(-1) as Plain, seen);
    const log = Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0));
    logits.forEach((value, c) => {
      loss += ((targets[row * classes + c] as number) * (log - value)) / rows;
    });
  }
  return loss;
}

describe.each(['attention', 'gru'] as const)('%s over moments', (kind) => {
  const reader: FrameReader = { kind, moments, width, units, scales: [1, 2] };
  const matrix = (values: Float32Array, columns: number) =>
    np.array(values.slice() as Float32Array<ArrayBuffer>).reshape([values.length / columns, columns]);

  it('has the gradient that finite differences have', async () => {
    const layers = initialFrameLayers(reader, classes, 3).map((layer) => ({ ...layer, bias: draw(layer.outputs) }));
    const loss = (of: Weights) =>
      lossOf(
        of,
        matrix(features, moments * (width + 1)),
        matrix(targets, classes),
        np.array(Array(rows).fill(1 / rows)),
        [],
        {
          outcome: 'one-label',
          penalty: 0,
          reader,
        },
      );
    const [value, gradient] = valueAndGrad(loss)(arrays(layers)) as unknown as [np.Array, Weights];
    const plain = layers.map((layer) => ({
      ...layer,
      weights: Float64Array.from(layer.weights),
      bias: Float64Array.from(layer.bias),
    }));
    expect((await value.data())[0]).toBeCloseTo(plainLoss(plain, reader), 5);
    const step = 1e-4;
    for (const [i, layer] of plain.entries()) {
      for (const part of ['weights', 'bias'] as const) {
        const found = await (gradient[i] as Weights[number])[part].ref.data();
        const values = layer[part];
        for (let at = 0; at < values.length; at++) {
          const kept = values[at] as number;
          const moved = (by: number) => {
            values[at] = kept + by;
            return plainLoss(plain, reader);
          };
          const slope = (moved(step) - moved(-step)) / (2 * step);
          values[at] = kept;
          expect(found[at], `${part} ${at} of layer ${i}`).toBeCloseTo(slope, 4);
        }
      }
    }
    tree.dispose(gradient);
  });

  it('learns, goes on from a state as if it had not stopped, and gives the same with the same seed', async () => {
    const settings = { outcome: 'one-label', penalty: 0.001, learningRate: 0.02, reader } as const;
    const batch = { features, targets, weights: new Float32Array(rows).fill(1), masks: [] };
    const initial = initialFrameLayers(reader, classes, 4);
    const run = async (steps: number, network = createNetwork(initial, settings)) => {
      const losses: number[] = [];
      for (let i = 0; i < steps; i++) losses.push(await network.step(batch));
      return { losses, network };
    };
    const whole = await run(12);
    expect(whole.losses.at(-1)).toBeLessThan(whole.losses[0] as number);
    const half = await run(6);
    const resumed = await run(6, createNetwork(await half.network.state(), settings));
    expect([...half.losses, ...resumed.losses]).toEqual(whole.losses);
    expect(await resumed.network.logits(features)).toEqual(await whole.network.logits(features));
    for (const { network } of [whole, half, resumed]) network.dispose();
  });
});

it('takes layers of every size', () => {
  const sizes = (layers: readonly Layer[]) => layers.map(({ inputs, outputs }) => [inputs, outputs]);
  const of = { moments, width, units, scales: [1, 4] };
  expect(sizes(initialFrameLayers({ ...of, kind: 'gru' }, 7, 1))).toEqual([
    [4, 9],
    [3, 9],
    [4, 9],
    [3, 9],
    [6, 7],
  ]);
});
