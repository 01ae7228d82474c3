import { AppError } from '../../core/errors';
import type { EvaluationSet } from '../../core/evaluation/evaluation-set';
import type { DescribedVideos, Kernels } from '../../core/evaluation/recipe-scores';
import type { ReportDescriptor } from '../../core/evaluation/report';
import {
  normaliseRows,
  type ProductBlock,
  type ScoreSource,
  type VectorRows,
  vectorProducts,
  vectorScores,
} from '../../core/evaluation/score-block';
import { type Instantiate, type SimdKernel, simdCosineScores, simdProducts } from '../../core/evaluation/simd-scores';
import type { Metric } from '../../core/feature';
import { type CloseDistance, type CloseView, closeView, viewBytes } from '../../core/ranking/close-comparison';
import { describeSampling } from '../../core/sampling';
import { gramMatrix } from '../../core/similarity/gram';
import { dequantise, dequantiseRow, type QuantisedFrames, quantisedBlock } from '../../core/similarity/quantise';
import type { Database } from '../storage/database';
import { readFrames, readQuantisedFrames, readSomeVectors, readSpaces } from '../storage/features';
import type { SpaceIndex } from './space-index';

export type Spaces = readonly { readonly key: string; readonly weight: number; readonly index: SpaceIndex }[];

/** Multiplications up to which scores are summed in double precision; beyond, the faster kernel sums in single. */
const exactUpTo = 2e9;
/** Bytes that one matrix may take. */
const largest = 600e6;
const framesAtOnce = 64;
/** Bytes of frame vectors up to which they are all unpacked at once, and of those unpacked at a time beyond. */
const wholeUpTo = 200e6;
const partBytes = 64e6;

/** The videos' vectors in each space, in the order of the set. */
export function describedVideos(spaces: Spaces, { videos }: EvaluationSet): DescribedVideos[] {
  return spaces.map(({ index, weight }) => {
    // Of two lengths the shorter is brought to the longer, as in a search.
    const dimensions = videos.reduce((most, { id }) => Math.max(most, index.get(id)?.length ?? 0), 0);
    checkSize(videos.length * dimensions * 4);
    const matrix = new Float32Array(videos.length * dimensions);
    const present = new Uint8Array(videos.length);
    for (const [i, { id, path }] of videos.entries()) {
      const vector = index.get(id);
      if (!vector) continue;
      const fitted = index.resample(vector, dimensions);
      if (!fitted) throw new AppError('features-missing', `The vector of ${path} has another length`, { name: path });
      matrix.set(fitted, i * dimensions);
      present[i] = 1;
    }
    return { weight, comparison: index.comparison, matrix, dimensions, present };
  });
}

/** The descriptors with the frames of the videos, for a recipe that compares those. Errors: `evaluation-too-large`. */
export async function withFrames(
  database: Database,
  spaces: Spaces,
  { videos }: EvaluationSet,
  described: readonly DescribedVideos[],
  distance: CloseDistance,
): Promise<DescribedVideos[]> {
  const framed: DescribedVideos[] = [];
  for (const [at, { key, index }] of spaces.entries()) {
    const { metric } = index.geometry;
    const frames: (CloseView | undefined)[] = [];
    let bytes = 0;
    for (let from = 0; from < videos.length; from += framesAtOnce) {
      const some = videos.slice(from, from + framesAtOnce).map(({ id }) => id);
      for (const stored of await readFrames(database, key, some)) {
        const view = stored && closeView(distance, stored, metric, index.comparison.stages);
        bytes += view ? viewBytes(view) : 0;
        frames.push(view);
      }
      checkSize(bytes);
    }
    const concerned = frames.some((view) => view !== undefined);
    framed.push({ ...(described[at] as DescribedVideos), ...(concerned && { frames }) });
  }
  return framed;
}

/** Scores of the videos' frames, and where those of each video begin. */
export async function frameSource(
  database: Database,
  spaces: Spaces,
  { videos }: EvaluationSet,
  neighbours: number,
): Promise<{ readonly scores: ScoreSource; readonly frameStarts: Int32Array }> {
  const [space] = spaces;
  if (!space) throw new Error('An evaluation needs a space');
  const { key, index } = space;
  const frameStarts = new Int32Array(videos.length + 1);
  videos.forEach(({ id }, i) => {
    frameStarts[i + 1] = (frameStarts[i] as number) + index.frames(id);
  });
  const total = frameStarts[videos.length] as number;
  if (total === 0) {
    const reason = 'the descriptor has no frame vectors (export them "with the vectors of every frame")';
    throw new AppError('evaluation-empty', `Nothing to evaluate: ${reason}`, { reason });
  }
  const { frameDimensions, metric } = index.geometry;
  // One list of nearest frames for every frame.
  checkSize(total * (neighbours + 1) * 8);
  const packed = metric !== 'euclidean' && total * frameDimensions * 4 > wholeUpTo;
  checkSize(total * frameDimensions * (packed ? 1 : 4));
  const frames = packed ? packedFrames(total, frameDimensions) : wholeFrames(total, frameDimensions, metric);
  for (let from = 0; from < videos.length; from += framesAtOnce) {
    const some = videos.slice(from, from + framesAtOnce).map(({ id }) => id);
    for (const [i, stored] of (await readQuantisedFrames(database, key, some)).entries()) {
      if (stored) frames.put(stored, frameStarts[from + i] as number);
    }
  }
  return { scores: frames.scores(), frameStarts };
}

function wholeFrames(total: number, dimensions: number, metric: Metric) {
  const matrix = new Float32Array(total * dimensions);
  return {
    put: (stored: QuantisedFrames, row: number) => matrix.set(dequantise(stored), row * dimensions),
    scores: () => sourceOf(matrix, dimensions, metric),
  };
}

/** Frames that stay packed but for those that are compared. */
function packedFrames(total: number, dimensions: number) {
  const blocks = Math.ceil(dimensions / quantisedBlock);
  const all = {
    values: new Int8Array(total * dimensions),
    scales: new Float32Array(total * blocks),
    count: total,
    dimensions,
  };
  const kept = keptInstance();
  const row = (index: number): Float32Array => {
    const values = new Float32Array(dimensions);
    dequantiseRow(all, index, values);
    normaliseRows(values, dimensions);
    return values;
  };
  return {
    put({ values, scales }: QuantisedFrames, at: number): void {
      all.values.set(values, at * dimensions);
      all.scales.set(scales, at * blocks);
    },
    scores: (): ScoreSource => ({
      width: Math.ceil(partBytes / (4 * dimensions)),
      prepare: (gallery) => {
        const part = { count: gallery.length, dimensions, row: (i: number) => row(gallery[i] as number) };
        const products = simdProducts(part, kept);
        return (queries, out) => products(Array.from(queries, row), out);
      },
    }),
  };
}

/** Instances that take each other's place in one memory. */
function keptInstance(): Instantiate {
  let kept: { readonly pages: number; readonly kernel: SimdKernel } | undefined;
  return (module, pages) => {
    if (!kept || kept.pages < pages) kept = { pages, kernel: instantiate(module, pages) };
    return kept.kernel;
  };
}

function checkSize(bytes: number): void {
  if (bytes <= largest) return;
  const megabytes = Math.round(bytes / 1e6);
  throw new AppError('evaluation-too-large', `The vectors take ${megabytes} MB`, { megabytes });
}

/** What multiplies vectors in an evaluation. */
export const kernels: Kernels = { scores: sourceOf, products: productsOf, gram: gramOf };

const isExact = (videos: number, dimensions: number) => videos ** 2 * dimensions <= exactUpTo;

function productsOf(gallery: VectorRows): ProductBlock {
  return isExact(gallery.count, gallery.dimensions) ? vectorProducts(gallery) : simdProducts(gallery, instantiate);
}

const forGrams = keptInstance();

function gramOf(matrix: Float32Array, dimensions: number, videos: number): Float64Array {
  const count = matrix.length / Math.max(1, dimensions);
  if (isExact(videos, dimensions))
    return gramMatrix(
      matrix,
      dimensions,
      Int32Array.from({ length: count }, (_, i) => i),
    );
  const row = (index: number) => matrix.subarray(index * dimensions, (index + 1) * dimensions);
  const found = new Float32Array(count * count);
  simdProducts({ count, dimensions, row }, forGrams)(
    Array.from({ length: count }, (_, i) => row(i)),
    found,
  );
  return Float64Array.from(found);
}

/** Scores among the rows of a matrix, which is taken over. */
function sourceOf(matrix: Float32Array, dimensions: number, metric: Metric): ScoreSource {
  const rows = matrix.length / Math.max(1, dimensions);
  if (metric === 'euclidean' || isExact(rows, dimensions)) return vectorScores(matrix, dimensions, metric);
  return simdCosineScores(matrix, dimensions, instantiate);
}

function instantiate(module: Uint8Array<ArrayBuffer>, pages: number): SimdKernel {
  const memory = new WebAssembly.Memory({ initial: pages });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), { m: { memory } });
  return { memory, products: exports.products as SimdKernel['products'] };
}

/** What the spaces are, with the samplings in use among the videos. */
export async function descriptorsOf(
  database: Database,
  spaces: Spaces,
  { videos }: EvaluationSet,
): Promise<ReportDescriptor[]> {
  const rows = new Map((await readSpaces(database)).map((row) => [row.key, row]));
  const ids = videos.map(({ id }) => id);
  return Promise.all(
    spaces.map(async ({ key, weight }) => {
      const row = rows.get(key);
      if (!row) throw new AppError('features-missing', 'The library holds no vectors of this kind', { space: key });
      return { ...row.space, sampling: await samplings(database, key, ids, describeSampling(row.sampling)), weight };
    }),
  );
}

const samplingCap = 256;

/** All samplings of the videos, in order; those of a large set are told by its first videos. */
async function samplings(database: Database, key: string, ids: readonly string[], fallback: string): Promise<string> {
  const found = new Set<string>();
  for (let from = 0; from < Math.min(ids.length, samplingCap); from += framesAtOnce) {
    const some = await readSomeVectors(database, key, ids.slice(from, from + framesAtOnce));
    for (const vector of some) if (vector) found.add(describeSampling(vector.sampling));
  }
  return [...found].sort().join('; ') || fallback;
}
