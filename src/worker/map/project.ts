import type { Layer } from '../../core/classify/head';
import { AppError } from '../../core/errors';
import { kMeans } from '../../core/k-means';
import { type ImageShape, isTileable, tileOrder } from '../../core/map/image-shape';
import { fitColumns, type InputBlock, inputRows } from '../../core/map/input-rows';
import { nearestNeighbours } from '../../core/map/nearest-neighbours';
import { principalComponents } from '../../core/map/principal-components';
import { type AutoencoderSettings, fewestPoints, type ProjectionSettings } from '../../core/map/projection';
import { firstNonFinite } from '../../core/similarity/similarity';
import type { ProjectApi, ProjectionOutcome, ProjectionUpdate } from '../../protocol/map-api';
import { chooseDevice } from '../classify/device';
import { inSlices, type Pause, slices } from '../library/slices';
import { autoencoderLayers, convolutionalLayers, createAutoencoder } from './autoencoder';
import { fitAutoencoder } from './fit-autoencoder';
import { umapLayout } from './umap-layout';

/** Milliseconds between two looks at a map in the making. */
const tellEvery = 400;
/** Neighbours and clusters are looked for along so many principal components at most, as is usual. */
const reducedTo = 50;

/** Makes maps; see {@link ProjectApi}. */
export function createProjecting(): ProjectApi {
  return {
    async project({ blocks, settings }, onUpdate, options = {}) {
      const pause = slices(options);
      const rows = checkedRows(blocks, settings);
      if (settings.method === 'pca') return pca(rows, settings.seed, pause);
      if (settings.method === 'umap') return umap(rows, settings, onUpdate, pause);
      const { input, layers: initial } = networkFor(rows, settings);
      const { coordinates, epochs, errors, layers } = await fitAutoencoder(input, initial, settings, onUpdate, pause);
      const network = { columns: fitColumns(blocks, settings.scaling), layers };
      return { coordinates, autoencoder: { epochs, errors, network } };
    },
    async place({ blocks, settings, network: { columns, layers } }) {
      const known = blocks.map(({ dimensions }, block) => columns[block]?.standard?.mean.length ?? dimensions);
      if (settings.method === 'umap' || settings.method === 'pca' || columns.length !== blocks.length) {
        throw impossible('this one was not drawn by a network that knows these vectors');
      }
      if (blocks.some(({ dimensions }, block) => dimensions !== known[block])) {
        throw impossible(`the network knows vectors of ${known.join(' + ')} values`);
      }
      await chooseDevice();
      const { input } = networkFor(inputRows(blocks, settings.scaling, columns), settings);
      const model = createAutoencoder(layers, input.dimensions, settings);
      try {
        const { means, errors } = await model.encode(input.matrix);
        return { coordinates: means, errors };
      } finally {
        model.dispose();
      }
    },
    async cluster({ blocks, settings, clusters }, options = {}) {
      const pause = slices(options);
      const { matrix, dimensions } = await reduced(checkedRows(blocks, settings), settings.seed, pause, 1);
      const points = Float64Array.from(matrix);
      const { centroids } = kMeans(points, dimensions, {
        clusters,
        seed: settings.seed,
        starts: 3,
        maxIterations: 100,
      });
      return bySize(nearestCentroids(points, centroids, dimensions), clusters);
    },
  };
}

const impossible = (reason: string) => new AppError('map-impossible', `No map: ${reason}`, { reason });

type TrainedSettings = Extract<ProjectionSettings, AutoencoderSettings>;

/** The rows as the method's network reads them, and its layers before training. */
function networkFor(
  rows: InputBlock,
  settings: TrainedSettings,
): { readonly input: InputBlock; readonly layers: readonly Layer[] } {
  const { hidden, seed } = settings;
  if (settings.method === 'vae') return { input: rows, layers: autoencoderLayers(rows.dimensions, hidden, seed) };
  return { input: tiled(rows, settings.image), layers: convolutionalLayers(settings.image, hidden, seed) };
}

function checkedRows(blocks: readonly InputBlock[], { scaling }: ProjectionSettings): InputBlock {
  const [first] = blocks;
  const count = first ? first.matrix.length / first.dimensions : 0;
  if (!(count >= fewestPoints)) {
    throw impossible(`${count} videos have vectors of this kind, and it takes ${fewestPoints}`);
  }
  for (const { matrix, dimensions } of blocks) {
    const wrong = firstNonFinite(matrix);
    if (wrong >= 0) throw impossible(`vector ${Math.floor(wrong / dimensions) + 1} holds a value that is no number`);
  }
  const rows = inputRows(blocks, scaling);
  const same = rows.matrix.every((value, i) => i < rows.dimensions || value === rows.matrix[i % rows.dimensions]);
  if (same) throw impossible('all vectors are the same');
  return rows;
}

/** Pictures in the order in which the convolutional network reads them. */
function tiled({ matrix, dimensions }: InputBlock, image: ImageShape): InputBlock {
  if (dimensions !== image.rows * image.columns || !isTileable(image)) {
    throw impossible(`vectors of ${dimensions} values are no pictures of ${image.rows} x ${image.columns}`);
  }
  const order = tileOrder(image);
  const tiles = matrix.map((_, i) => matrix[i - (i % dimensions) + (order[i % dimensions] as number)] as number);
  return { matrix: tiles, dimensions };
}

async function pca({ matrix, dimensions }: InputBlock, seed: number, pause: Pause): Promise<ProjectionOutcome> {
  const steps = principalComponents(matrix, dimensions, { count: 2, seed });
  const { coordinates, explained } = await inSlices(steps, pause, 'Finding the main directions', (share) => share);
  const [first = 0, second = 0] = explained;
  return { coordinates: planar(coordinates, explained.length), explained: [first, second] };
}

async function umap(
  rows: InputBlock,
  settings: Extract<ProjectionSettings, { method: 'umap' }>,
  onUpdate: (update: ProjectionUpdate) => void,
  pause: Pause,
): Promise<ProjectionOutcome> {
  const { matrix, dimensions } = await reduced(rows, settings.seed, pause, 0.2);
  const neighbours = await inSlices(
    // The layout asks for one point more than there are neighbours.
    nearestNeighbours(matrix, dimensions, Math.min(settings.neighbours, matrix.length / dimensions - 2)),
    pause,
    'Finding neighbours',
    (share) => 0.2 + 0.3 * share,
  );
  const { steps, coordinates } = umapLayout(neighbours, planar(matrix, dimensions), settings);
  let told = performance.now();
  await inSlices(steps, pause, 'Laying the map out', (share) => {
    if (performance.now() - told > tellEvery) {
      onUpdate({ coordinates: coordinates(), epochs: [] });
      told = performance.now();
    }
    return 0.5 + 0.5 * share;
  });
  return { coordinates: coordinates() };
}

/** The rows along their first principal components; `part` is the share of the progress that this is. */
async function reduced(
  { matrix, dimensions }: InputBlock,
  seed: number,
  pause: Pause,
  part: number,
): Promise<InputBlock> {
  const options = { count: reducedTo, seed, sweeps: 6 };
  const steps = principalComponents(matrix, dimensions, options);
  const { coordinates, explained } = await inSlices(steps, pause, 'Reducing the vectors', (share) => part * share);
  return { matrix: coordinates, dimensions: explained.length };
}

/** The first two of `width` columns; where there is but one, the other is 0. */
function planar(matrix: Float32Array, width: number): Float32Array {
  return Float32Array.from({ length: (2 * matrix.length) / width }, (_, i) =>
    i % 2 < width ? (matrix[Math.floor(i / 2) * width + (i % 2)] as number) : 0,
  );
}

function nearestCentroids(points: Float64Array, centroids: Float64Array, dimensions: number): Int32Array {
  return Int32Array.from({ length: points.length / dimensions }, (_, i) => {
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    for (let c = 0; c * dimensions < centroids.length; c++) {
      let squared = 0;
      for (let d = 0; d < dimensions; d++) {
        squared += ((points[i * dimensions + d] as number) - (centroids[c * dimensions + d] as number)) ** 2;
      }
      if (squared < least) [best, least] = [c, squared];
    }
    return best;
  });
}

/** The same clusters, numbered from the largest on. */
function bySize(clusters: Int32Array, count: number): Int32Array {
  const sizes = new Int32Array(count);
  for (const cluster of clusters) sizes[cluster] = (sizes[cluster] as number) + 1;
  const order = [...sizes.keys()].sort((a, b) => (sizes[b] as number) - (sizes[a] as number) || a - b);
  const place = new Map(order.map((cluster, at) => [cluster, at]));
  return clusters.map((cluster) => place.get(cluster) as number);
}
