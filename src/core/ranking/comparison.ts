import type { Metric } from '../feature';
import { isClose } from './close-comparison';
import type { MomentStage } from './library-moments';
import type { RankingRecipe, VectorStage } from './recipe';

/** How the vectors of one descriptor are compared under a recipe. */
export type Comparison = {
  readonly measure: Metric | 'inner-product';
  /** What every vector takes by itself; see `prepareVector`. */
  readonly stages: readonly VectorStage[];
  /** What it then takes beside the library. */
  readonly moments: MomentStage | undefined;
};

/** Networks' vectors go through the stages. Colours and hashes, whose numbers are what they are, do not, and hashes are
 * compared bit by bit whatever the distance. What is laid end to end with others is standardised, unless a stage centres it. */
export function comparisonOf(
  metric: Metric,
  { distance, vector, fusion }: RankingRecipe,
  descriptors: number,
): Comparison {
  const stages = metric === 'cosine' ? vector : [];
  const moments = stages.find((stage) => stage.name !== 'signed-root') as MomentStage | undefined;
  if (fusion.name === 'early' && descriptors > 1) {
    return { measure: 'inner-product', stages, moments: moments ?? { name: 'standardise', shrink: 0.1 } };
  }
  const own = distance === 'own' || isClose(distance) || metric === 'hamming';
  return { measure: own ? metric : distance, stages, moments };
}

/** Similarities from inner products [n x n] of vectors of `dimensions` values: cosine, 1 minus the root mean square
 * difference, the share of equal bits, or the products themselves. */
export function similaritiesFrom(gram: Float64Array, measure: Comparison['measure'], dimensions: number): Float64Array {
  const count = Math.sqrt(gram.length);
  const squared = Float64Array.from({ length: count }, (_, i) => gram[i * (count + 1)] as number);
  return gram.map((product, at) =>
    similarityOf(
      measure,
      product,
      squared[Math.floor(at / count)] as number,
      squared[at % count] as number,
      dimensions,
    ),
  );
}

/** Similarity of two vectors from their inner product and squared lengths; see {@link similaritiesFrom}. */
export function similarityOf(
  measure: Comparison['measure'],
  product: number,
  squaredA: number,
  squaredB: number,
  dimensions: number,
): number {
  if (measure === 'inner-product') return product;
  if (measure === 'euclidean') {
    return 1 - Math.sqrt(Math.max(0, squaredA + squaredB - 2 * product) / Math.max(1, dimensions));
  }
  const scale = Math.sqrt(squaredA * squaredB);
  const cosine = scale > 0 ? Math.max(-1, Math.min(1, product / scale)) : 0;
  return measure === 'hamming' ? (1 + cosine) / 2 : cosine;
}
