import type { Layer } from '../../core/classify/head';
import { AppError } from '../../core/errors';
import type { InputBlock } from '../../core/map/input-rows';
import type { AutoencoderEpoch, AutoencoderSettings } from '../../core/map/projection';
import { seededRandom } from '../../core/random';
import type { ProjectionUpdate } from '../../protocol/map-api';
import { chooseDevice } from '../classify/device';
import type { Pause } from '../library/slices';
import { createAutoencoder, latent } from './autoencoder';

/** Milliseconds between two looks at the latent plane while it is learnt. */
const tellEvery = 700;

export type FittedAutoencoder = {
  readonly coordinates: Float32Array;
  readonly epochs: readonly AutoencoderEpoch[];
  readonly errors: Float32Array;
  readonly layers: readonly Layer[];
};

/** Trains a variational autoencoder, of those layers at first, on the rows; the map is their latent means. Errors: `training-diverged`,
 * `training-unsound`. */
export async function fitAutoencoder(
  { matrix, dimensions }: InputBlock,
  layers: readonly Layer[],
  settings: AutoencoderSettings & { readonly seed: number },
  onUpdate: (update: ProjectionUpdate) => void,
  pause: Pause,
): Promise<FittedAutoencoder> {
  await chooseDevice();
  const { epochs: wanted, batch, seed } = settings;
  const count = matrix.length / dimensions;
  const random = seededRandom(seed);
  const order = Int32Array.from({ length: count }, (_, row) => row);
  const model = createAutoencoder(layers, dimensions, settings);
  try {
    const epochs: AutoencoderEpoch[] = [];
    let fresh: AutoencoderEpoch[] = [];
    let told = performance.now();
    for (let epoch = 1; epoch <= wanted; epoch++) {
      shuffle(order, random);
      let [reconstruction, divergence] = [0, 0];
      for (let from = 0; from < count; from += batch) {
        const rows = order.subarray(from, from + batch);
        const losses = await model.step(rowsOf(matrix, dimensions, rows), normals(rows.length * latent, random));
        reconstruction += (losses.reconstruction * rows.length) / count;
        divergence += (losses.divergence * rows.length) / count;
        const wait = pause(`Training, epoch ${epoch} of ${wanted}`, (epoch - 1 + from / count) / wanted);
        if (wait) await wait;
      }
      if (!Number.isFinite(reconstruction + divergence)) {
        throw new AppError('training-diverged', `The loss of epoch ${epoch} is no number`, { epoch });
      }
      const ended = { epoch, reconstruction, divergence };
      epochs.push(ended);
      fresh.push(ended);
      if (performance.now() - told > tellEvery) {
        onUpdate({ coordinates: (await model.encode(matrix)).means, epochs: fresh });
        told = performance.now();
        fresh = [];
      }
    }
    const { means, errors } = await model.encode(matrix);
    return { coordinates: means, epochs, errors, layers: await model.layers() };
  } finally {
    model.dispose();
  }
}

function rowsOf(matrix: Float32Array, dimensions: number, rows: Int32Array): Float32Array {
  const out = new Float32Array(rows.length * dimensions);
  rows.forEach((row, i) => {
    out.set(matrix.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions);
  });
  return out;
}

function shuffle(order: Int32Array, random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const kept = order[i] as number;
    order[i] = order[j] as number;
    order[j] = kept;
  }
}

/** Standard normal numbers (Box and Muller 1958). */
function normals(count: number, random: () => number): Float32Array {
  return Float32Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
}
