import type { Metric } from '../../core/feature';
import type { ProjectionMethod } from '../../core/map/projection';
import type { Comparison } from '../../core/ranking/comparison';
import { prepareVector } from '../../core/ranking/prepare-vector';
import { similarity } from '../../core/similarity/similarity';
import { tileFrames } from '../../core/similarity/tile-frames';
import { extractors } from '../../extractors/registry';
import type { SpaceRow, VectorRow } from '../storage/schema';
import { BesideLibrary } from './beside-library';
import { type Keeping, PackedMatrix, type RankedBy } from './packed-matrix';

/** How vectors of a space are compared, and how many floats a frame has. */
export type Geometry = {
  readonly metric: Metric;
  readonly aggregation: 'mean' | 'concatenate';
  readonly frameDimensions: number;
};

/** Places on maps: their distance is what they say. */
const ofMaps: readonly string[] = ['umap', 'pca', 'vae', 'conv-vae'] satisfies ProjectionMethod[];

/** As the card of the space's extractor says; an import of unknown origin is compared by cosine. */
export function geometryOf({ space, frameDimensions }: Pick<SpaceRow, 'space' | 'frameDimensions'>): Geometry {
  const card = extractors.find(({ id }) => id === space.extractor);
  return {
    metric: card?.metric ?? (ofMaps.includes(space.extractor) ? 'euclidean' : 'cosine'),
    aggregation: card?.aggregation ?? 'mean',
    frameDimensions,
  };
}

/** The vectors of one space in memory. Vectors that lay frames end to end differ in length with the number of frames:
 * each length has a matrix of its own. */
export class SpaceIndex {
  readonly #matrices = new Map<number, PackedMatrix>();
  readonly #frames = new Map<string, number>();
  readonly #beside = new Map<number, BesideLibrary>();

  /** Every vector is kept as the stages of the comparison leave it; of a compact index, as rounding leaves it then. */
  constructor(
    readonly geometry: Geometry,
    readonly comparison: Comparison = { measure: geometry.metric, stages: [], moments: undefined },
    readonly keeping: Keeping = {},
  ) {}

  put({ video, vector, frames }: Pick<VectorRow, 'video' | 'vector' | 'frames'>): void {
    const known = this.#matrixOf(video);
    if (known) this.#besideOf(known.dimensions)?.remove(video, known.get(video) as Float32Array);
    if (known && known.dimensions !== vector.length) known.remove(video);
    const matrix = this.#matrices.get(vector.length) ?? new PackedMatrix(vector.length, this.#keeping());
    this.#matrices.set(vector.length, matrix);
    const prepared = prepareVector(vector, this.comparison.stages);
    matrix.put(video, prepared);
    // What is taken away later is what the matrix holds.
    this.#besideOf(vector.length)?.put(video, this.keeping.compact ? (matrix.get(video) as Float32Array) : prepared);
    this.#frames.set(video, frames);
  }

  /** Distances are taken of floats where there are any: bytes beside them find nothing. */
  #keeping(): Keeping {
    const { measure, moments } = this.comparison;
    const byDistance = measure === 'euclidean' && !moments;
    return byDistance ? { ...this.keeping, bytesFrom: Number.POSITIVE_INFINITY } : this.keeping;
  }

  remove(video: string): void {
    const known = this.#matrixOf(video);
    if (known) this.#besideOf(known.dimensions)?.remove(video, known.get(video) as Float32Array);
    known?.remove(video);
    this.#frames.delete(video);
  }

  /** The moments of the library's vectors of this length, where the comparison asks for them. */
  beside(dimensions: number): BesideLibrary | undefined {
    const beside = this.#besideOf(dimensions);
    const matrix = this.#matrices.get(dimensions);
    beside?.renew(matrix?.ids ?? [], (video) => matrix?.view(video));
    return beside;
  }

  has(video: string): boolean {
    return this.#frames.has(video);
  }

  /** A view, valid until the next change; a copy as rounding left it where the index is compact. */
  get(video: string): Float32Array | undefined {
    return this.#matrixOf(video)?.get(video);
  }

  /** Number of frame vectors stored for a video. */
  frames(video: string): number {
    return this.#frames.get(video) ?? 0;
  }

  get ids(): string[] {
    return [...this.#frames.keys()];
  }

  get size(): number {
    return this.#frames.size;
  }

  /** Values of all vectors together. */
  get values(): number {
    return [...this.#matrices.values()].reduce((sum, { size, dimensions }) => sum + size * dimensions, 0);
  }

  /** What the vectors take in memory. */
  get bytes(): number {
    return [...this.#matrices.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Length of most vectors. */
  get dimensions(): number {
    let [most, dimensions] = [0, 0];
    for (const matrix of this.#matrices.values()) {
      if (matrix.size > most) [most, dimensions] = [matrix.size, matrix.dimensions];
    }
    return dimensions;
  }

  resample(vector: Float32Array, dimensions: number): Float32Array | undefined {
    return resample(vector, dimensions, this.geometry);
  }

  /** Whether a query of this length can be compared with any vector. */
  comparable(length: number): boolean {
    const sizes = [...this.#matrices.values()].filter(({ size }) => size > 0);
    return sizes.length === 0 || sizes.some(({ dimensions }) => fits(length, dimensions, this.geometry));
  }

  /** Similarity of every vector to the query, beside its Euclidean length, or undefined where none can be compared with it. Of two lengths the
   * shorter is brought to the longer, so that similarity does not depend on which of the two is asked for. `counts` says
   * which videos the best are sought among, `rankedBy` what tells them. */
  scores(
    query: Float32Array,
    metric: Metric = this.geometry.metric,
    counts?: (video: string) => boolean,
    rankedBy?: RankedBy,
  ): { ids: readonly string[]; lengths: readonly number[]; scores: Float64Array } | undefined {
    const parts = [...this.#matrices.values()].flatMap((matrix) => {
      const scores = matrix.size > 0 && this.#scoresOf(matrix, query, metric, counts, rankedBy);
      return scores ? [{ ids: matrix.ids, lengths: matrix.lengths, scores }] : [];
    });
    if (parts.length === 0 && this.#frames.size > 0) return undefined;
    const [only] = parts;
    if (only && parts.length === 1) return only;
    const scores = new Float64Array(parts.reduce((sum, part) => sum + part.scores.length, 0));
    let at = 0;
    for (const part of parts) {
      scores.set(part.scores, at);
      at += part.scores.length;
    }
    return { ids: parts.flatMap(({ ids }) => ids), lengths: parts.flatMap(({ lengths }) => lengths), scores };
  }

  #scoresOf(
    matrix: PackedMatrix,
    query: Float32Array,
    metric: Metric,
    counts: ((video: string) => boolean) | undefined,
    rankedBy: RankedBy | undefined,
  ): Float64Array | undefined {
    if (query.length <= matrix.dimensions) {
      const resampled = this.resample(query, matrix.dimensions);
      return resampled && matrix.scores(metric, resampled, counts, rankedBy);
    }
    const rows = matrix.ids.map((id) => this.resample(matrix.get(id) as Float32Array, query.length));
    if (!rows.every((row) => row !== undefined)) return undefined;
    return Float64Array.from(rows, (row) => similarity(metric, row, query));
  }

  #besideOf(dimensions: number): BesideLibrary | undefined {
    const { moments } = this.comparison;
    if (!moments) return undefined;
    const known = this.#beside.get(dimensions) ?? new BesideLibrary(moments, dimensions);
    this.#beside.set(dimensions, known);
    return known;
  }

  #matrixOf(video: string): PackedMatrix | undefined {
    for (const matrix of this.#matrices.values()) if (matrix.has(video)) return matrix;
    return undefined;
  }
}

/** The vector at another length: frames repeated or thinned where they lie end to end, else undefined unless equal. */
export function resample(vector: Float32Array, dimensions: number, geometry: Geometry): Float32Array | undefined {
  if (vector.length === dimensions) return vector;
  if (!fits(vector.length, dimensions, geometry)) return undefined;
  const { frameDimensions } = geometry;
  return tileFrames(vector, vector.length / frameDimensions, dimensions / frameDimensions);
}

function fits(length: number, dimensions: number, { aggregation, frameDimensions }: Geometry): boolean {
  if (length === dimensions) return true;
  const [from, to] = [length / frameDimensions, dimensions / frameDimensions];
  return aggregation === 'concatenate' && Number.isInteger(from) && Number.isInteger(to) && from > 0 && to > 0;
}
