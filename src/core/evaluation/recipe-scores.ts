import { amongVideos, type CloseView, closeSimilarity } from '../ranking/close-comparison';
import { type Comparison, similaritiesFrom, similarityOf } from '../ranking/comparison';
import { type LibraryMoments, MomentSums, probeOf, squaredFrom, standardised } from '../ranking/library-moments';
import { type RankedPart, rankRow, reorders } from '../ranking/rank-row';
import type { RankingRecipe } from '../ranking/recipe';
import { norm } from '../similarity/dot';
import { gramMatrix } from '../similarity/gram';
import type { GalleryRule } from './protocols';
import type { ScoreSource } from './score-block';

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

/** Cosines, or negated distances, among the rows of a matrix. Takes the buffer over; for cosines its rows are brought to
 * unit length at once, and rows written later are compared as they are. */
export type MakeScores = (matrix: Float32Array, dimensions: number, metric: 'cosine' | 'euclidean') => ScoreSource;

/**
 * Scores of a recipe under one protocol. All that is learnt of the library for a query (mean, spread, neighbours) is
 * learnt from the gallery videos that it may find: its own group, where that is excluded, is not even seen.
 */
export function recipeScores(
  descriptors: readonly DescribedVideos[],
  recipe: RankingRecipe,
  rule: GalleryRule,
  make: MakeScores,
): ScoreSource {
  const [only] = descriptors;
  if (only && descriptors.length === 1 && !reorders(recipe) && isPlain(only.comparison)) {
    return make(only.matrix, only.dimensions, 'cosine');
  }
  const close = descriptors.map(({ frames }) => frames && pairwise(frames));
  return {
    // Re-ranking takes a tenth of a second a query, and nobody waits longer than a moment.
    ...(reorders(recipe) && { height: 2 }),
    prepare: (gallery) => {
      const views = descriptors.map((descriptor) => galleryView(descriptor, gallery, rule, make));
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

/** Queries of a block at most. */
const height = 32;

function galleryView(
  descriptor: DescribedVideos,
  gallery: Int32Array,
  rule: GalleryRule,
  make: MakeScores,
): { readonly rows: (queries: Int32Array) => PartOfQuery } {
  const { weight, comparison, matrix, dimensions, present } = descriptor;
  const { measure } = comparison;
  const row = (video: number) => matrix.subarray(video * dimensions, (video + 1) * dimensions);
  const lengths = Float64Array.from(present, (_, video) => norm(row(video)));
  const beside = comparison.moments && besideGallery(descriptor, gallery, rule, lengths, make);
  const block = beside
    ? undefined
    : make(matrix.slice(), dimensions, measure === 'euclidean' ? 'euclidean' : 'cosine').prepare(gallery);

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
      const squared = Float64Array.from(columns, (column) =>
        view ? view.squared(column) : (lengths[videoOf(column)] as number) ** 2,
      );
      const scores = Float64Array.from(columns, (column, i) => {
        if (present[videoOf(column)] === 0) return Number.NaN;
        const score = line[column] as number;
        if (isPlain(comparison)) return score;
        if (measure === 'euclidean') return 1 + score / Math.sqrt(Math.max(1, dimensions));
        const product = view ? view.product(column) : score * length * (lengths[videoOf(column)] as number);
        return similarityOf(measure, product, ownSquared, squared[i] as number, dimensions);
      });
      const among = (some: readonly number[]): Float64Array => {
        const members = [query, ...some.map((i) => videoOf(columns[i] as number))];
        const own = new Float32Array(members.length * dimensions);
        members.forEach((video, i) => {
          own.set(view ? standardised(row(video), view.moments) : row(video), i * dimensions);
        });
        const similarities = similaritiesFrom(
          gramMatrix(own, dimensions, Int32Array.from(members.keys())),
          measure,
          dimensions,
        );
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
  lengths: Float64Array,
  make: MakeScores,
): (queries: Int32Array) => (at: number) => QueryBeside {
  const stage = comparison.moments ?? { name: 'centre' };
  const videos = present.length;
  const row = (video: number) => matrix.subarray(video * dimensions, (video + 1) * dimensions);
  const inGallery = new Uint8Array(videos);
  const sums = new MomentSums(dimensions);
  for (const video of gallery) {
    inGallery[video] = present[video] as number;
    if (present[video] === 1) sums.add(row(video));
  }
  // Rows beyond the videos are written anew for every block: what the vectors, and their squares, are multiplied by.
  const plain = new Float32Array(matrix.length + (2 * height + 1) * dimensions);
  plain.set(matrix);
  const squares = new Float32Array(matrix.length + (height + 1) * dimensions);
  for (let i = 0; i < matrix.length; i++) squares[i] = (matrix[i] as number) ** 2;
  const squareLengths = Float64Array.from(present, (_, video) =>
    norm(squares.subarray(video * dimensions, (video + 1) * dimensions)),
  );
  const plainBlock = make(plain, dimensions, 'cosine').prepare(gallery);
  const squaresBlock = make(squares, dimensions, 'cosine').prepare(gallery);
  const write = (into: Float32Array, place: number, values: Float32Array) =>
    into.set(values, (videos + place) * dimensions);

  /** Squared lengths of the columns beside some moments, which lie at `place` of either matrix. */
  const squaredLengths = (count: number, each: readonly LibraryMoments[]): Float64Array[] => {
    const places = Int32Array.from({ length: count }, (_, i) => videos + height + i);
    const [withMean, ofSquares] = [new Float32Array(count * gallery.length), new Float32Array(count * gallery.length)];
    each.forEach(({ mean, weights }, i) => {
      write(
        plain,
        height + i,
        mean.map((value, d) => value * (weights[d] as number)),
      );
      write(squares, i, weights);
    });
    plainBlock(places, withMean);
    squaresBlock(
      places.map((place) => place - height),
      ofSquares,
    );
    return each.map(({ mean, weights }, i) => {
      const meanSquared = mean.reduce((sum, value, d) => sum + value * value * (weights[d] as number), 0);
      return Float64Array.from(gallery, (video, column) => {
        const at = i * gallery.length + column;
        const [own, square] = [lengths[video] as number, squareLengths[video] as number];
        return squaredFrom((ofSquares[at] as number) * square, (withMean[at] as number) * own, meanSquared);
      });
    });
  };
  const whole = sums.moments(stage);
  const [wholeSquared] = squaredLengths(1, [whole]) as [Float64Array];

  return (queries) => {
    const hidden = Array.from(queries, (query) =>
      [...rule.excluded(query)].filter((video) => video !== query && inGallery[video] === 1),
    );
    const partial = [...hidden.keys()].filter((at) => (hidden[at]?.length ?? 0) > 0);
    const moments = hidden.map((out) => (out.length > 0 ? sums.moments(stage, out.map(row)) : whole));
    const squared = squaredLengths(
      partial.length,
      partial.map((at) => moments[at] as LibraryMoments),
    );
    const probes = Array.from(queries, (query, at) => probeOf(row(query), moments[at] as LibraryMoments));
    probes.forEach(({ probe }, at) => {
      write(plain, at, probe);
    });
    const products = new Float32Array(queries.length * gallery.length);
    plainBlock(
      Int32Array.from(queries, (_, at) => videos + at),
      products,
    );
    return (at) => {
      const { offset, squared: ownSquared } = probes[at] as (typeof probes)[number];
      const lengthsHere = squared[partial.indexOf(at)] ?? wholeSquared;
      return {
        moments: moments[at] as LibraryMoments,
        ownSquared,
        product: (column) =>
          (products[at * gallery.length + column] as number) * (lengths[gallery[column] as number] as number) - offset,
        squared: (column) => lengthsHere[column] as number,
      };
    };
  };
}
