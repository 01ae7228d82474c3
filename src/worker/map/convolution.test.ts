import { numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { describe, expect, it } from 'vitest';
import type { Layer } from '../../core/classify/head';
import { tileOrder } from '../../core/map/image-shape';
import type { ProjectionSettings } from '../../core/map/projection';
import { seededRandom } from '../../core/random';
import { arrays, type Weights } from '../classify/network-loss';
import { autoencoderLoss, convolutionalLayers } from './autoencoder';
import { createProjecting } from './project';

const image = { rows: 32, columns: 16 };
const pixels = image.rows * image.columns;
const count = 2;
const weight = 0.7;
const random = seededRandom(4);
const draw = (length: number) => Float32Array.from({ length }, () => 2 * random() - 1);
const pictures = draw(count * pixels);
const noise = draw(count * 2);

type Planes = {
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  readonly values: Float64Array;
};

const relu = (values: Float64Array) => values.map((value) => Math.max(0, value));

function dense({ inputs, outputs, weights, bias }: Layer, input: Float64Array): Float64Array {
  return Float64Array.from({ length: outputs }, (_, o) => {
    let sum = bias[o] as number;
    for (let i = 0; i < inputs; i++) sum += (input[i] as number) * (weights[i * outputs + o] as number);
    return sum;
  });
}

/** A convolution by a 4 x 4 kernel and stride 4, in double precision. */
function convolve({ outputs, weights, bias }: Layer, { rows, columns, channels, values }: Planes): Planes {
  const out = {
    rows: rows / 4,
    columns: columns / 4,
    channels: outputs,
    values: new Float64Array((rows * columns * outputs) / 16),
  };
  for (let y = 0; y < out.rows; y++)
    for (let x = 0; x < out.columns; x++)
      for (let o = 0; o < outputs; o++) {
        let sum = bias[o] as number;
        for (let ky = 0; ky < 4; ky++)
          for (let kx = 0; kx < 4; kx++)
            for (let c = 0; c < channels; c++) {
              const value = values[((4 * y + ky) * columns + 4 * x + kx) * channels + c] as number;
              sum += value * (weights[((ky * 4 + kx) * channels + c) * outputs + o] as number);
            }
        out.values[(y * out.columns + x) * outputs + o] = sum;
      }
  return out;
}

/** The transposed convolution of the same kind. */
function spread({ outputs, weights, bias }: Layer, { rows, columns, channels, values }: Planes): Planes {
  const own = outputs / 16;
  const out = {
    rows: 4 * rows,
    columns: 4 * columns,
    channels: own,
    values: new Float64Array(rows * columns * outputs),
  };
  for (let y = 0; y < out.rows; y++)
    for (let x = 0; x < out.columns; x++)
      for (let o = 0; o < own; o++) {
        const at = ((y % 4) * 4 + (x % 4)) * own + o;
        let sum = bias[at] as number;
        for (let c = 0; c < channels; c++) {
          const value = values[(Math.floor(y / 4) * columns + Math.floor(x / 4)) * channels + c] as number;
          sum += value * (weights[c * outputs + at] as number);
        }
        out.values[(y * out.columns + x) * own + o] = sum;
      }
  return out;
}

const active = (planes: Planes): Planes => ({ ...planes, values: relu(planes.values) });

function plainLoss(layers: readonly Layer[]): number {
  const [fine, coarse, encoder, mean, variance, decoder, output, unfold, paint] = layers as readonly [
    Layer,
    Layer,
    Layer,
    Layer,
    Layer,
    Layer,
    Layer,
    Layer,
    Layer,
  ];
  let loss = 0;
  for (let row = 0; row < count; row++) {
    const values = Float64Array.from(pictures.subarray(row * pixels, (row + 1) * pixels));
    const seen = active(convolve(coarse, active(convolve(fine, { ...image, channels: 1, values }))));
    const inner = relu(dense(encoder, seen.values));
    const [middle, logVariance] = [dense(mean, inner), dense(variance, inner)];
    const place = middle.map(
      (value, i) => value + (noise[2 * row + i] as number) * Math.exp((logVariance[i] as number) / 2),
    );
    const drawn = { ...seen, values: relu(dense(output, relu(dense(decoder, place)))) };
    const rebuilt = spread(paint, active(spread(unfold, drawn)));
    loss += rebuilt.values.reduce((sum, value, d) => sum + (value - (values[d] as number)) ** 2, 0) / 2 / count;
    middle.forEach((value, i) => {
      const spreadOf = logVariance[i] as number;
      loss -= (weight * (1 + spreadOf - value ** 2 - Math.exp(spreadOf))) / 2 / count;
    });
  }
  return loss;
}

describe('convolutional autoencoder', () => {
  const layers = convolutionalLayers(image, 5, 6).map((layer) => ({
    ...layer,
    bias: draw(layer.outputs).map((v) => v / 5),
  }));

  it('is made of convolutions, and has the gradient that finite differences have', async () => {
    const order = tileOrder(image);
    const tiles = pictures.map((_, i) => pictures[i - (i % pixels) + (order[i % pixels] as number)] as number);
    const loss = (of: Weights) =>
      autoencoderLoss(
        of,
        np.array(tiles.slice()).reshape([count, pixels]),
        np.array(noise.slice()).reshape([count, 2]),
        weight,
      );
    const [[value, parts], gradient] = valueAndGrad(loss, { hasAux: true })(arrays(layers)) as unknown as [
      [np.Array, np.Array],
      Weights,
    ];
    parts.dispose();
    expect((await value.data())[0]).toBeCloseTo(plainLoss(layers), 3);
    const step = 1e-5;
    for (const [i, layer] of layers.entries()) {
      for (const part of ['weights', 'bias'] as const) {
        const found = await (gradient[i] as Weights[number])[part].ref.data();
        const every = Math.max(1, Math.floor(layer[part].length / 12));
        for (let at = 0; at < layer[part].length; at += every) {
          const moved = (by: number) => {
            const changed = { ...layer, [part]: Float64Array.from(layer[part]) } as unknown as Layer;
            changed[part][at] = (changed[part][at] as number) + by;
            return plainLoss(layers.map((each, other) => (other === i ? changed : each)));
          };
          const expected = (moved(step) - moved(-step)) / (2 * step);
          expect(Math.abs((found[at] as number) - expected)).toBeLessThan(1e-3 * Math.max(1, Math.abs(expected)));
        }
      }
    }
    tree.dispose(gradient as never);
  }, 60_000);
});

describe('its map', () => {
  const settings: ProjectionSettings = {
    method: 'conv-vae',
    image,
    hidden: 8,
    epochs: 40,
    batch: 32,
    learningRate: 0.003,
    divergenceWeight: 1,
    seed: 3,
    scaling: 'standardise',
  };
  /** Pictures of a bar that lies high, in the middle or low. */
  const bars = Float32Array.from({ length: 24 * pixels }, (_, i) => {
    const [row, group] = [Math.floor((i % pixels) / image.columns), Math.floor(i / (8 * pixels))];
    return (Math.floor(row / 11) === group ? 1 : 0) + 0.3 * random();
  });
  const project = (given: Partial<ProjectionSettings> = {}, matrix = bars, dimensions = pixels) =>
    createProjecting().project(
      { blocks: [{ matrix, dimensions }], settings: { ...settings, ...given } as ProjectionSettings },
      () => undefined,
    );

  it('parts kinds of pictures, the same with the same seed', async () => {
    const { coordinates, autoencoder } = await project();
    expect((await project()).coordinates).toEqual(coordinates);
    expect((await project({ seed: 4 })).coordinates).not.toEqual(coordinates);
    const losses = autoencoder?.epochs.map(({ reconstruction }) => reconstruction) ?? [];
    expect(losses.at(-1)).toBeLessThan(0.8 * (losses[0] ?? 0));
    expect(autoencoder?.errors).toHaveLength(24);
    const at = (point: number) => coordinates.subarray(2 * point, 2 * point + 2) as unknown as [number, number];
    for (let point = 0; point < 24; point++) {
      const far = Array.from({ length: 24 }, (_, other) =>
        other === point ? Infinity : Math.hypot(at(point)[0] - at(other)[0], at(point)[1] - at(other)[1]),
      );
      expect(Math.floor(far.indexOf(Math.min(...far)) / 8)).toBe(Math.floor(point / 8));
    }
  }, 120_000);

  it('says which vectors are no pictures', async () => {
    await expect(project({}, bars, pixels / 2)).rejects.toMatchObject({ code: 'map-impossible' });
    const odd = { image: { rows: 64, columns: 8 } } as Partial<ProjectionSettings>;
    await expect(project(odd)).rejects.toMatchObject({ code: 'map-impossible' });
  });
});
