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
  const scored = index.scores(asked, byProducts ? 'cosine' : measure, isCandidate);
  if (!scored) return undefined;
  const kept: number[] = [];
  scored.ids.forEach((id, i) => {
    if (isCandidate(id)) kept.push(i);
  });
  const ids = kept.map((i) => scored.ids[i] as string);
  const lengths = kept.map((i) => scored.lengths[i] as number);
  const scores = Float64Array.from(kept, (i) => scored.scores[i] as number);
  const ownSquared = probe?.squared ?? norm(vector) ** 2;
  const squared = new Float64Array(ids.length);
  ids.forEach((id, i) => {
    squared[i] = beside?.squared(id) ?? (lengths[i] as number) ** 2;
  });
  if (byProducts) {
    const length = norm(asked);
    lengths.forEach((own, i) => {
      const product = (scores[i] as number) * own * length - (probe?.offset ?? 0);
      scores[i] = similarityOf(measure, product, ownSquared, squared[i] as number, dimensions);
    });
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
    const length = moments ? squaredBeside(other, moments) : norm(other) ** 2;
    const product = dot(other, 0, asked) - (probe?.offset ?? 0);
    return { score: similarityOf(measure, product, ownSquared, length, dimensions), squared: length };
  };
  return { ids, scores, squared, ownSquared, among, exactly };
}
