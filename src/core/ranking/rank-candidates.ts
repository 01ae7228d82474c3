import type { Match } from './match';
import { topK } from './top-k';

export type Candidate = { readonly id: string; readonly path: string };
export type RankedCandidate = Pick<Match, 'id' | 'rank' | 'similarity' | 'percentile'>;

/** The `limit` best of scored candidates: by score, equal scores by path, equal paths by id. */
export function rankCandidates(
  candidates: readonly Candidate[],
  scores: Float64Array,
  limit: number,
): RankedCandidate[] {
  const best = topK(scores, limit, (i, j) => comesBefore(candidates[i] as Candidate, candidates[j] as Candidate));
  const worst = scores[best.at(-1) ?? 0] as number;
  let asGood = 0;
  for (let i = 0; i < scores.length; i++) if ((scores[i] as number) >= worst) asGood++;
  const percentiles = new Float64Array(best.length);
  for (let i = best.length - 1; i >= 0; i--) {
    // Whatever is better than the worst of the best is among them.
    const next = best[i + 1];
    if (next !== undefined && (scores[best[i] as number] as number) > (scores[next] as number)) asGood = i + 1;
    percentiles[i] = (100 * (scores.length - asGood)) / scores.length;
  }
  return best.map((index, i) => ({
    id: (candidates[index] as Candidate).id,
    rank: i + 1,
    similarity: scores[index] as number,
    percentile: percentiles[i] as number,
  }));
}

/** The order that settles ties. */
export function comesBefore(a: Candidate, b: Candidate): boolean {
  return a.path === b.path ? a.id < b.id : a.path < b.path;
}
