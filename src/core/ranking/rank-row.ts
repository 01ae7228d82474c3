import { isClose } from './close-comparison';
import { type Block, blockScales, joinedAmong, joinedCosines } from './early-fusion';
import { fuseScores, type ScoreScale, scoreScales } from './fuse-scores';
import type { RankingRecipe } from './recipe';
import { rerank } from './rerank';
import { topK } from './top-k';

/** Whether the recipe orders the best candidates anew. */
export function reorders({ rerank, distance }: RankingRecipe): boolean {
  return rerank.length > 0 || isClose(distance);
}

/** One descriptor's view of a query and its candidates. */
export type RankedPart = Block & {
  /** Similarities among the query (first) and some candidates, row-major [n + 1 x n + 1]; NaN beside one without the
   * descriptor. */
  readonly among: (candidates: readonly number[]) => Float64Array;
};

export type RankedRow = {
  /** One a candidate; higher is better. */
  readonly scores: Float64Array;
  /** What each descriptor says of a candidate on the scale they share, NaN where it says nothing. */
  readonly partScores: (part: number, candidate: number) => number;
  /** Candidates that were ordered anew. */
  readonly reranked: readonly number[];
};

/**
 * Ranks the candidates of one query: fuses the descriptors' similarities and orders the best anew. `before(i, j)` settles
 * ties; at least `atLeast` candidates are re-ranked, where so many are to be shown.
 */
export function rankRow(
  parts: readonly RankedPart[],
  recipe: RankingRecipe,
  before: (i: number, j: number) => boolean,
  atLeast = 0,
): RankedRow {
  const { scores, partScores, fuse } = fused(parts, recipe);
  if (!reorders(recipe)) return { scores, partScores, reranked: [] };
  const best = topK(scores, Math.max(recipe.candidates, atLeast), before);
  if (best.length < 2) return { scores, partScores, reranked: [] };
  const count = best.length + 1;
  const among = fuse(
    parts.map((part) => part.among(best)),
    count,
  );
  return { scores: placed(scores, best, rerank(recipe.rerank, among, count)), partScores, reranked: best };
}

/** The candidates that {@link rankRow} orders anew, best first. */
export function headOf(
  parts: readonly RankedPart[],
  recipe: RankingRecipe,
  before: (i: number, j: number) => boolean,
  atLeast: number,
): number[] {
  return topK(fused(parts, recipe).scores, Math.max(recipe.candidates, atLeast), before);
}

function fused(parts: readonly RankedPart[], { fusion }: RankingRecipe): Fused {
  return fusion.name === 'early' && parts.length > 1 ? early(parts) : late(parts, fusion);
}

type Fused = Pick<RankedRow, 'scores' | 'partScores'> & {
  readonly fuse: (among: readonly Float64Array[], count: number) => Float64Array;
};

function early(parts: readonly RankedPart[]): Fused {
  const scales = blockScales(parts);
  return {
    scores: joinedCosines(parts, scales),
    partScores: (part, candidate) => {
      const { scores, squared, ownSquared } = parts[part] as RankedPart;
      const length = Math.sqrt(ownSquared * (squared[candidate] as number));
      return length > 0 ? (scores[candidate] as number) / length : 0;
    },
    fuse: (among, count) => joinedAmong(among, scales, count),
  };
}

function late(parts: readonly RankedPart[], fusion: RankingRecipe['fusion']): Fused {
  const scales = scoreScales(parts, fusion.name === 'late' ? fusion.normalisation : 'none');
  return {
    scores: fuseScores(parts, scales),
    partScores: (part, candidate) => {
      const { scale, offset } = scales[part] as ScoreScale;
      return scale * (parts[part]?.scores[candidate] as number) + offset;
    },
    fuse: (among, count) => fusedAmong(parts, scales, among, count),
  };
}

function fusedAmong(
  parts: readonly RankedPart[],
  scales: readonly ScoreScale[],
  among: readonly Float64Array[],
  count: number,
): Float64Array {
  const flat = parts.map(({ weight }, part) => ({ weight, scores: among[part] as Float64Array }));
  const fused = fuseScores(flat, scales);
  // A video without a descriptor is no stranger to itself by it.
  if (parts.length > 1) {
    const total = flat.reduce((sum, { weight }) => sum + weight, 0);
    for (let i = 0; i < count; i++) {
      let [sum, own] = [0, 0];
      flat.forEach(({ weight, scores }, part) => {
        const score = scores[i * count + i] as number;
        const { scale, offset } = scales[part] as ScoreScale;
        if (!Number.isNaN(score)) {
          sum += weight * (scale * score + offset);
          own += weight;
        }
      });
      if (own > 0 && own < total) fused[i * count + i] = sum / own;
    }
  }
  return fused;
}

/** The new scores in their places; what was not ordered anew keeps its order and its gaps below them. */
function placed(scores: Float64Array, best: readonly number[], anew: Float64Array): Float64Array {
  const worst = anew.reduce((least, score) => Math.min(least, score), Number.POSITIVE_INFINITY);
  const edge = scores[best.at(-1) as number] as number;
  const result = scores.map((score) => worst + Math.min(0, score - edge));
  best.forEach((candidate, i) => {
    result[candidate] = anew[i] as number;
  });
  return result;
}
