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
  const ascending = scores.slice().sort();
  return best.map((index, position) => {
    const similarity = scores[index] as number;
    return {
      id: (candidates[index] as Candidate).id,
      rank: position + 1,
      similarity,
      percentile: (100 * countBelow(ascending, similarity)) / scores.length,
    };
  });
}

/** The order that settles ties. */
export function comesBefore(a: Candidate, b: Candidate): boolean {
  return a.path === b.path ? a.id < b.id : a.path < b.path;
}

/** How many of the sorted values are less than `value`. */
function countBelow(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
