import { type Array as JaxArray, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { initialLayers, type Layer } from '../../core/classify/head';
import { type ImageShape, tileSide } from '../../core/map/image-shape';
import { type AdamState, adamCorrections, adamStart, adamStep } from '../classify/adam';
import { arrays, matrix, type Weights } from '../classify/network-loss';

/** Numbers that each video is put in. */
export const latent = 2;

/** What a pass over some rows costs, each a mean over them. */
export type Losses = { readonly reconstruction: number; readonly divergence: number };

export type Autoencoder = {
  /** One step on a batch [rows x inputs], with normal noise [rows x 2]. */
  step(rows: Float32Array, noise: Float32Array): Promise<Losses>;
  /** Latent means [rows x 2], and the mean squared error of each row that is rebuilt from them. */
  encode(rows: Float32Array): Promise<{ readonly means: Float32Array; readonly errors: Float32Array }>;
  layers(): Promise<readonly Layer[]>;
  dispose(): void;
};

/** Of a convolutional one, after its first and its second layer. */
const channels = [16, 32] as const;

/** Rows that pass at once where nothing is learnt. */
const rowsAtOnce = 256;

/** Layers to begin with: encoder, mean, logarithm of the variance, decoder, output. Where the encoder has n layers, the decoder
 * with its output has n + 1. A layer that takes fewer values than there are goes over all of them, part after part. */
export function autoencoderLayers(inputs: number, hidden: number, seed: number): readonly Layer[] {
  const encoder = initialLayers([inputs, hidden, latent], seed);
  const variance = initialLayers([inputs, hidden, latent], seed + 1)[1] as Layer;
  return [...encoder, variance, ...initialLayers([latent, hidden, inputs], seed + 2)];
}

/** Those of a convolutional one, over pictures in the order of {@link tileOrder}: in the encoder 4 x 4 pixels become 16 channels,
 * 4 x 4 of these 32, and all of them the hidden values; the decoder is its mirror. A convolution whose stride is the side
 * of its kernel is a layer over tiles. */
export function convolutionalLayers({ rows, columns }: ImageShape, hidden: number, seed: number): readonly Layer[] {
  const area = tileSide ** 2;
  const [fine, coarse] = channels;
  const inner = ((rows * columns) / area ** 2) * coarse;
  const layer = (inputs: number, outputs: number, of: number) => initialLayers([inputs, outputs, 1], of)[0] as Layer;
  const [encoder, mean, variance, decoder, output] = autoencoderLayers(inner, hidden, seed) as Five;
  return [
    layer(area, fine, seed + 3),
    layer(area * fine, coarse, seed + 4),
    encoder,
    mean,
    variance,
    decoder,
    output,
    layer(coarse, area * fine, seed + 5),
    layer(fine, area, seed + 6),
  ];
}

/** Reconstruction plus weighted divergence, a mean over the rows, and the two by themselves (Kingma and Welling 2014, for
 * normal outputs of variance 1). Takes all arrays. */
export function autoencoderLoss(
  of: Weights,
  rows: JaxArray,
  noise: JaxArray,
  divergenceWeight: number,
): [JaxArray, JaxArray] {
  const count = rows.shape[0] as number;
  const { encoder, mean, variance, decoder } = partsOf(of);
  const inner = through(encoder, rows.ref, true);
  const middle = dense(mean, inner.ref);
  const logVariance = dense(variance, inner);
  const place = noise.mul(np.exp(logVariance.ref.mul(0.5))).add(middle.ref);
  const rebuilt = through(decoder, place, false).reshape(rows.shape);
  const reconstruction = np
    .square(rebuilt.sub(rows))
    .sum()
    .mul(0.5 / count);
  const divergence = np
    .square(middle)
    .add(np.exp(logVariance.ref))
    .sub(logVariance)
    .sub(1)
    .sum()
    .mul(0.5 / count);
  const loss = reconstruction.ref.add(divergence.ref.mul(divergenceWeight));
  return [loss, np.stack([reconstruction, divergence])];
}

/** A variational autoencoder on jax-js, with Adam. `initial` is copied; rows have
 * `inputs` values. Call `dispose` at the end. */
export function createAutoencoder(
  initial: readonly Layer[],
  inputs: number,
  { divergenceWeight, learningRate }: { readonly divergenceWeight: number; readonly learningRate: number },
): Autoencoder {
  let state: AdamState<Weights> = adamStart(arrays(initial));
  let steps = 0;
  const train = jit(
    (
      now: AdamState<Weights>,
      rows: JaxArray,
      noise: JaxArray,
      rate: JaxArray,
      correction: JaxArray,
    ): [AdamState<Weights>, JaxArray] => {
      const loss = (of: Weights) => autoencoderLoss(of, rows, noise, divergenceWeight);
      const [[value, parts], gradient] = valueAndGrad(loss, { hasAux: true })(
        tree.ref(now.weights as never) as Weights,
      ) as unknown as [[JaxArray, JaxArray], Weights];
      value.dispose();
      return [adamStep(now, gradient, rate, correction), parts];
    },
  );
  const pass = jit((of: Weights, rows: JaxArray): [JaxArray, JaxArray] => {
    const { encoder, mean, variance, decoder } = partsOf(of);
    tree.dispose(variance as never);
    const middle = dense(mean, through(encoder, rows.ref, true));
    const rebuilt = through(decoder, middle.ref, false).reshape(rows.shape);
    return [middle, np.square(rebuilt.sub(rows)).mean(1)];
  });
  return {
    async step(rows, noise) {
      const [first, second] = adamCorrections(++steps);
      const count = rows.length / inputs;
      const [next, parts] = train(
        state,
        matrix(rows, count, inputs),
        matrix(noise, count, latent),
        np.array(learningRate * first),
        np.array(second),
      );
      state = next;
      const [reconstruction = Number.NaN, divergence = Number.NaN] = await parts.data();
      return { reconstruction, divergence };
    },
    async encode(rows) {
      const count = rows.length / inputs;
      const size = Math.min(count, rowsAtOnce);
      const means = new Float32Array(count * latent);
      const errors = new Float32Array(count);
      for (let from = 0; from < count; from += size) {
        const some = rows.subarray(from * inputs, (from + size) * inputs);
        const padded = new Float32Array(size * inputs);
        padded.set(some);
        const [middle, error] = pass(tree.ref(state.weights as never) as Weights, matrix(padded, size, inputs));
        const own = some.length / inputs;
        means.set(((await middle.data()) as Float32Array).subarray(0, own * latent), from * latent);
        errors.set(((await error.data()) as Float32Array).subarray(0, own), from);
      }
      return { means, errors };
    },
    layers: () =>
      Promise.all(
        initial.map(async ({ inputs: from, outputs }, i): Promise<Layer> => {
          const own = state.weights[i] as Layers;
          const [weights, bias] = await Promise.all([own.weights.ref.data(), own.bias.ref.data()]);
          return {
            inputs: from,
            outputs,
            weights: (weights as Float32Array).slice(),
            bias: (bias as Float32Array).slice(),
          };
        }),
      ),
    dispose() {
      tree.dispose(state as never);
      train.dispose();
      pass.dispose();
    },
  };
}

type Layers = Weights[number];
type Five = [Layer, Layer, Layer, Layer, Layer];

function partsOf(of: Weights): { encoder: Weights; mean: Layers; variance: Layers; decoder: Weights } {
  const depth = (of.length - 3) / 2;
  const [mean, variance] = of.slice(depth, depth + 2) as [Layers, Layers];
  return { encoder: of.slice(0, depth), mean, variance, decoder: of.slice(depth + 2) };
}

/** All of the layers, ReLUs between them, and after the last one where that is wanted. */
const through = (layers: Weights, input: JaxArray, activeEnd: boolean): JaxArray =>
  layers.reduce((values, layer, i) => {
    const output = dense(layer, values);
    return activeEnd || i < layers.length - 1 ? nn.relu(output) : output;
  }, input);

const dense = ({ weights, bias }: Layers, input: JaxArray): JaxArray =>
  np.dot(input.reshape([-1, weights.shape[0] as number]), weights).add(bias);
