import { similaritiesFrom, similarityOf } from '../../core/ranking/comparison';
import { probeOf, squaredBeside, standardised } from '../../core/ranking/library-moments';
import { prepareVector } from '../../core/ranking/prepare-vector';
import type { RankedPart } from '../../core/ranking/rank-row';
import { dot, norm } from '../../core/similarity/dot';
import { gramMatrix } from '../../core/similarity/gram';
import type { SpaceIndex } from './space-index';

/** One space as a query sees it: see {@link RankedPart}, over `ids` in place of candidates. */
export type SpaceView = Pick<RankedPart, 'squared' | 'ownSquared' | 'scores'> & {
  readonly ids: readonly string[];
  readonly among: (ids: readonly string[]) => Float64Array;
  /** Takes a video's vector, prepared, in place of what a compact index keeps; gives similarity and squared length by it,
   * undefined where it is of another length. */
  readonly exactly: (
    id: string,
    vector: Float32Array,
  ) => { readonly score: number; readonly squared: number } | undefined;
};

/** What a query is in a space: its vector, prepared already where the index gave it. */
export type QueryVector = { readonly vector: Float32Array; readonly prepared: boolean };

/** Compares a query with the candidates of a space. Undefined where no vector of the space can be compared with it. */
export function viewSpace(
  index: SpaceIndex,
  query: QueryVector,
  isCandidate: (id: string) => boolean,
): SpaceView | undefined {
  const { measure, stages } = index.comparison;
  const vector = query.prepared ? query.vector : prepareVector(query.vector, stages);
  const dimensions = vector.length;
  const beside = index.beside(dimensions);
  const probe = beside && probeOf(vector, beside.moments);
  const asked = probe?.probe ?? vector;
  const byProducts = probe !== undefined || measure === 'inner-product';
  const ownSquared = probe?.squared ?? norm(vector) ** 2;
  const offset = probe?.offset ?? 0;
  const similarityBy = (product: number, square: number) =>
    similarityOf(measure, product - offset, ownSquared, square, dimensions);
  const rankedBy = byProducts ? { known: (id: string) => beside?.squared(id) ?? 0, score: similarityBy } : undefined;
  const scored = index.scores(asked, byProducts ? 'cosine' : measure, isCandidate, rankedBy);
  if (!scored) return undefined;
  // One pass over the library: a hundred thousand videos take it longer than the kernel takes for their vectors.
  const ids: string[] = [];
  const scores = new Float64Array(scored.ids.length);
  const squared = new Float64Array(scored.ids.length);
  const length = norm(asked);
  for (let i = 0; i < scored.ids.length; i++) {
    const id = scored.ids[i] as string;
    if (!isCandidate(id)) continue;
    const at = ids.length;
    const own = scored.lengths[i] as number;
    const score = scored.scores[i] as number;
    const ownSquare = beside ? beside.squared(id) : own ** 2;
    squared[at] = ownSquare;
    scores[at] = byProducts ? similarityBy(score * own * length, ownSquare) : score;
    ids.push(id);
  }

  const exact = new Map<string, Float32Array>();
  const among = (of: readonly string[]): Float64Array => {
    const moments = beside?.moments;
    const rows = [vector, ...of.map((id) => exact.get(id) ?? index.get(id))];
    const longest = rows.reduce((most, row) => Math.max(most, row?.length ?? 0), 0);
    const known = rows.flatMap((row, i) => {
      const fitted = row && index.resample(row, longest);
      return fitted
        ? [{ i, row: moments && fitted.length === dimensions ? standardised(fitted, moments) : fitted }]
        : [];
    });
    const matrix = new Float32Array(known.length * longest);
    known.forEach(({ row }, i) => {
      matrix.set(row, i * longest);
    });
    const gram = gramMatrix(matrix, longest, Int32Array.from(known.keys()));
    const similarities = similaritiesFrom(gram, measure, longest);
    if (known.length === rows.length) return similarities;
    const whole = new Float64Array(rows.length ** 2).fill(Number.NaN);
    known.forEach((a, p) => {
      known.forEach((b, q) => {
        whole[a.i * rows.length + b.i] = similarities[p * known.length + q] as number;
      });
    });
    return whole;
  };
  const moments = beside?.moments;
  const exactly = (id: string, other: Float32Array) => {
    if (other.length !== dimensions) return undefined;
    exact.set(id, other);
    const square = moments ? squaredBeside(other, moments) : norm(other) ** 2;
    return { score: similarityBy(dot(other, 0, asked), square), squared: square };
  };
  const [kept, keptSquared] = [scores.subarray(0, ids.length), squared.subarray(0, ids.length)];
  return { ids, scores: kept, squared: keptSquared, ownSquared, among, exactly };
}
