import { defaultDevice, init, numpy as np } from '@jax-js/jax';
import { once } from '../../core/async';
import { initialLayers } from '../../core/classify/head';
import { AppError } from '../../core/errors';
import { seededRandom } from '../../core/random';
import { createNetwork } from './network';

export type TrainDevice = 'webgpu' | 'wasm';

/** The device that trains, set as jax-js's own: the graphics processor where one step there comes out as it does on the CPU,
 * else WASM. Errors: `training-unsound`, where not even that computes rightly. */
export const chooseDevice = once(async (): Promise<TrainDevice> => {
  const usual = defaultDevice();
  await checkProducts();
  if (!(await hasGraphicsProcessor())) return 'wasm';
  try {
    if (!(await init('webgpu')).includes('webgpu')) return 'wasm';
    const expected = await oneStep();
    defaultDevice('webgpu');
    await checkProducts();
    const found = await oneStep();
    if (expected.every((value, i) => Math.abs(value - (found[i] as number)) <= 1e-3 * Math.max(1, Math.abs(value)))) {
      return 'webgpu';
    }
  } catch {
    // A driver that fails is one that is not used.
  }
  defaultDevice(usual);
  return 'wasm';
});

/** Software in place of a graphics processor is slower than WASM. */
async function hasGraphicsProcessor(): Promise<boolean> {
  const adapter = await globalThis.navigator?.gpu?.requestAdapter().catch(() => null);
  return adapter !== null && adapter !== undefined && !adapter.info.isFallbackAdapter;
}

/** Loss and outputs of a small network before and after three steps. */
async function oneStep(): Promise<readonly number[]> {
  const [size, inputs, classes] = [8, 24, 5];
  const random = seededRandom(3);
  const draw = (length: number) => Float32Array.from({ length }, () => 2 * random() - 1);
  const features = draw(size * inputs);
  const targets = draw(size * classes).map((value) => (value > 0 ? 1 : 0));
  const weights = new Float32Array(size).fill(1);
  const network = createNetwork(initialLayers([inputs, 16, classes], 5), {
    outcome: 'several-labels',
    penalty: 0.01,
    learningRate: 0.01,
  });
  try {
    const losses: number[] = [];
    for (let i = 0; i < 3; i++) losses.push(await network.step({ features, targets, weights, masks: [] }));
    return [...losses, ...(await network.logits(features))];
  } finally {
    network.dispose();
  }
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
