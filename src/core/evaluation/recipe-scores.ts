import { amongVideos, type CloseView, closeSimilarity } from '../ranking/close-comparison';
import { type Comparison, similaritiesFrom, similarityOf } from '../ranking/comparison';
import { type LibraryMoments, MomentSums, probeOf, squaredFrom, standardised } from '../ranking/library-moments';
import { type RankedPart, rankRow, reorders } from '../ranking/rank-row';
import type { RankingRecipe } from '../ranking/recipe';
import { norm } from '../similarity/dot';
import type { GalleryRule } from './protocols';
import type { ProductBlock, ScoreSource, VectorRows } from './score-block';

/** The vectors of one descriptor, a row a video of the set, as the recipe's stages leave each by itself. */
export type DescribedVideos = {
  readonly weight: number;
  readonly comparison: Comparison;
  readonly matrix: Float32Array;
  readonly dimensions: number;
  /** 1 for a video that has the descriptor; rows of others are zero. */
  readonly present: Uint8Array;
  /** The videos' frames, where the recipe compares those. */
  readonly frames?: readonly (CloseView | undefined)[];
};

/** What multiplies vectors. */
export type Kernels = {
  /** Cosines, or negated distances, among the rows of a matrix [videos x dimensions], which is taken over. */
  readonly scores: (matrix: Float32Array, dimensions: number, metric: 'cosine' | 'euclidean') => ScoreSource;
  readonly products: (gallery: VectorRows) => ProductBlock;
  /** Inner products among the rows of a matrix [n x dimensions], [n x n], for one query among so many videos. */
  readonly gram: (matrix: Float32Array, dimensions: number, videos: number) => Float64Array;
};

/**
 * Scores of a recipe under one protocol. All that is learnt of the library for a query (mean, spread, neighbours) is
 * learnt from the gallery videos that it may find: its own group, where that is excluded, is not even seen.
 */
export function recipeScores(
  descriptors: readonly DescribedVideos[],
  recipe: RankingRecipe,
  rule: GalleryRule,
  kernels: Kernels,
): ScoreSource {
  const [only] = descriptors;
  if (only && descriptors.length === 1 && !reorders(recipe) && isPlain(only.comparison)) {
    return kernels.scores(only.matrix, only.dimensions, 'cosine');
  }
  const close = descriptors.map(({ frames }) => frames && pairwise(frames));
  return {
    // Re-ranking takes some hundredths of a second a query, and nobody waits longer than a moment.
    ...(reorders(recipe) && { height: 4 }),
    prepare: (gallery) => {
      const views = descriptors.map((descriptor) => galleryView(descriptor, gallery, rule, kernels));
      const columnOf = new Map(Array.from(gallery, (video, column) => [video, column]));
      return (queries, out) => {
        const rows = views.map((view) => view.rows(queries));
        queries.forEach((query, at) => {
          const hidden = new Set(Array.from(rule.excluded(query), (video) => columnOf.get(video)));
          const columns: number[] = [];
          for (let column = 0; column < gallery.length; column++) if (!hidden.has(column)) columns.push(column);
          const parts = rows.flatMap((row, i): RankedPart[] => {
            const part = row(at, columns);
            const of = close[i];
            if (!part || !of) return part ? [part] : [];
            const among = (some: readonly number[]) => {
              const members = [query, ...some.map((column) => gallery[columns[column] as number] as number)];
              const alike = (a: number, b: number) => of(members[a] as number, members[b] as number);
              return amongVideos(members.length, alike, recipe.rerank.length === 0);
            };
            return [{ ...part, among }];
          });
          const { scores } = rankRow(parts, recipe, (i, j) => i < j);
          const line = out.subarray(at * gallery.length, (at + 1) * gallery.length);
          line.fill(0);
          columns.forEach((column, i) => {
            line[column] = scores[i] as number;
          });
        });
      };
    },
  };
}

/** Videos up to which similarities of frames are kept: each pair is asked for by many queries. */
const keptUpTo = 4000;

function pairwise(views: readonly (CloseView | undefined)[]): (a: number, b: number) => number | undefined {
  const count = views.length;
  const known = new Float32Array(count <= keptUpTo ? count * count : 0).fill(Number.NaN);
  return (a, b) => {
    const at = Math.min(a, b) * count + Math.max(a, b);
    const found = known[at];
    if (found !== undefined && !Number.isNaN(found)) return found;
    const [first, second] = [views[a], views[b]];
    if (!first || !second) return undefined;
    const similarity = closeSimilarity(first, second);
    if (similarity !== undefined && at < known.length) known[at] = similarity;
    return similarity;
  };
}

/** Whether cosines are the scores as they are. */
const isPlain = ({ measure, moments }: Comparison): boolean => measure === 'cosine' && !moments;

/** A descriptor's part of one query, over some columns; undefined where the query has no such vector. */
type PartOfQuery = (at: number, columns: readonly number[]) => RankedPart | undefined;

function galleryView(
  descriptor: DescribedVideos,
  gallery: Int32Array,
  rule: GalleryRule,
  kernels: Kernels,
): { readonly rows: (queries: Int32Array) => PartOfQuery } {
  const { weight, comparison, matrix, dimensions, present } = descriptor;
  const { measure } = comparison;
  const row = (video: number) => matrix.subarray(video * dimensions, (video + 1) * dimensions);
  const lengths = Float64Array.from(present, (_, video) => norm(row(video)));
  const beside = comparison.moments && besideGallery(descriptor, gallery, rule, kernels);
  const block = beside
    ? undefined
    : kernels.scores(matrix.slice(), dimensions, measure === 'euclidean' ? 'euclidean' : 'cosine').prepare(gallery);

  const rows = (queries: Int32Array): PartOfQuery => {
    const found = new Float32Array(queries.length * gallery.length);
    block?.(queries, found);
    const views = beside?.(queries);

    return (at, columns) => {
      const query = queries[at] as number;
      if (present[query] === 0) return undefined;
      const view = views?.(at);
      const line = found.subarray(at * gallery.length, (at + 1) * gallery.length);
      const length = lengths[query] as number;
      const ownSquared = view?.ownSquared ?? length ** 2;
      const videoOf = (column: number) => gallery[column] as number;
      const squared = new Float64Array(columns.length);
      const scores = new Float64Array(columns.length);
      const scoreOf = (column: number, square: number): number => {
        if (present[videoOf(column)] === 0) return Number.NaN;
        const score = line[column] as number;
        if (isPlain(comparison)) return score;
        if (measure === 'euclidean') return 1 + score / Math.sqrt(Math.max(1, dimensions));
        const product = view ? view.product(column) : score * length * (lengths[videoOf(column)] as number);
        return similarityOf(measure, product, ownSquared, square, dimensions);
      };
      // Plain loops: there is a column for every video, for every query.
      for (let i = 0; i < columns.length; i++) {
        const column = columns[i] as number;
        const square = view ? view.squared(column) : (lengths[videoOf(column)] as number) ** 2;
        squared[i] = square;
        scores[i] = scoreOf(column, square);
      }
      const among = (some: readonly number[]): Float64Array => {
        const members = [query, ...some.map((i) => videoOf(columns[i] as number))];
        const own = new Float32Array(members.length * dimensions);
        members.forEach((video, i) => {
          own.set(view ? standardised(row(video), view.moments) : row(video), i * dimensions);
        });
        const gram = kernels.gram(own, dimensions, gallery.length);
        const similarities = similaritiesFrom(gram, measure, dimensions);
        if (members.every((video) => present[video] === 1)) return similarities;
        return similarities.map((value, cell) => {
          const [i, j] = [Math.floor(cell / members.length), cell % members.length];
          return present[members[i] as number] === 1 && present[members[j] as number] === 1 ? value : Number.NaN;
        });
      };
      return { weight, scores, squared, ownSquared, among };
    };
  };
  return { rows };
}

/** A query beside the moments of what it may know of the gallery. */
type QueryBeside = {
  readonly moments: LibraryMoments;
  readonly ownSquared: number;
  /** Inner product with a column's vector, and the squared length of that, standardised. */
  readonly product: (column: number) => number;
  readonly squared: (column: number) => number;
};

/**
 * Standardised products without standardised vectors: those change with every query that may not know its group, and so
 * does only what the stored vectors are multiplied by. Where a query hides nothing but itself, the moments are those of
 * the whole gallery, as in a search of the library.
 */
function besideGallery(
  { comparison, matrix, dimensions, present }: DescribedVideos,
  gallery: Int32Array,
  rule: GalleryRule,
  kernels: Kernels,
): (queries: Int32Array) => (at: number) => QueryBeside {
  const stage = comparison.moments ?? { name: 'centre' };
  const count = gallery.length;
  const row = (video: number) => matrix.subarray(video * dimensions, (video + 1) * dimensions);
  const inGallery = new Uint8Array(present.length);
  const sums = new MomentSums(dimensions);
  for (const video of gallery) {
    inGallery[video] = present[video] as number;
    if (present[video] === 1) sums.add(row(video));
  }
  const square = new Float32Array(dimensions);
  const squareOf = (vector: Float32Array): Float32Array => {
    for (let d = 0; d < dimensions; d++) square[d] = (vector[d] as number) ** 2;
    return square;
  };
  const galleryRow = (column: number) => row(gallery[column] as number);
  const products = kernels.products({ count, dimensions, row: galleryRow });
  const squareProducts = kernels.products({ count, dimensions, row: (column) => squareOf(galleryRow(column)) });

  /** Products with the probes, and squared lengths of the columns beside each of the moments. */
  const multiply = (probes: readonly Float32Array[], each: readonly LibraryMoments[]) => {
    const means = each.map(({ mean, weights }) => mean.map((value, d) => value * (weights[d] as number)));
    const found = new Float32Array((probes.length + each.length) * count);
    const ofSquares = new Float32Array(each.length * count);
    products([...probes, ...means], found);
    squareProducts(
      each.map(({ weights }) => weights),
      ofSquares,
    );
    const withMeans = found.subarray(probes.length * count);
    const squared = each.map(({ mean, weights }, i) => {
      const meanSquared = mean.reduce((sum, value, d) => sum + value * value * (weights[d] as number), 0);
      const lengths = new Float64Array(count);
      for (let column = 0; column < count; column++) {
        const at = i * count + column;
        lengths[column] = squaredFrom(ofSquares[at] as number, withMeans[at] as number, meanSquared);
      }
      return lengths;
    });
    return { found, squared };
  };
  const whole = sums.moments(stage);
  const wholeSquared = multiply([], [whole]).squared[0] as Float64Array;

  return (queries) => {
    const hidden = Array.from(queries, (query) =>
      [...rule.excluded(query)].filter((video) => video !== query && inGallery[video] === 1),
    );
    const partial = [...hidden.keys()].filter((at) => (hidden[at]?.length ?? 0) > 0);
    const moments = hidden.map((out) => (out.length > 0 ? sums.moments(stage, out.map(row)) : whole));
    const probes = Array.from(queries, (query, at) => probeOf(row(query), moments[at] as LibraryMoments));
    const { found, squared } = multiply(
      probes.map(({ probe }) => probe),
      partial.map((at) => moments[at] as LibraryMoments),
    );
    return (at) => {
      const { offset, squared: ownSquared } = probes[at] as (typeof probes)[number];
      const lengthsHere = squared[partial.indexOf(at)] ?? wholeSquared;
      return {
        moments: moments[at] as LibraryMoments,
        ownSquared,
        product: (column) => (found[at * count + column] as number) - offset,
        squared: (column) => lengthsHere[column] as number,
      };
    };
  };
}
