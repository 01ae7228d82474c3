import { type Confusion, mostConfusedPairs } from './confusion';

/** A confusion matrix as it is drawn: all classes, or those most involved in confusions and one line for the others. */
export type ConfusionView = {
  /** Class of each line; -1 for the others together. */
  readonly lines: readonly number[];
  /** Row-major [lines x lines]. */
  readonly counts: Float64Array;
  /** The counts, or their shares of row or column, 0 where that is empty. */
  readonly values: Float64Array;
};

export function confusionView(
  confusion: Confusion,
  classCount: number,
  { normalise, most }: { readonly normalise: 'counts' | 'row' | 'column'; readonly most?: number },
): ConfusionView {
  const lines = most === undefined || most >= classCount ? everyClass(classCount) : mostConfused(confusion, most);
  const other = lines.indexOf(-1);
  const lineOf = new Map(lines.map((label, i) => [label, i]));
  const size = lines.length;
  const counts = new Float64Array(size * size);
  confusion.counts.forEach((count, i) => {
    const row = lineOf.get(confusion.rows[i] as number) ?? other;
    const column = lineOf.get(confusion.columns[i] as number) ?? other;
    counts[row * size + column] = (counts[row * size + column] as number) + count;
  });
  if (normalise === 'counts') return { lines, counts, values: counts };
  const sums = new Float64Array(size);
  const part = (at: number) => (normalise === 'row' ? Math.floor(at / size) : at % size);
  counts.forEach((count, at) => {
    sums[part(at)] = (sums[part(at)] as number) + count;
  });
  return { lines, counts, values: counts.map((count, at) => count / (sums[part(at)] || 1)) };
}

const everyClass = (count: number): readonly number[] => Array.from({ length: count }, (_, label) => label);

/** Classes by their share in wrong cells, as truth or as prediction, in class order; then -1. */
function mostConfused(confusion: Confusion, most: number): readonly number[] {
  const chosen = new Set<number>();
  for (const { truth, predicted } of mostConfusedPairs(confusion, Number.POSITIVE_INFINITY)) {
    for (const label of [truth, predicted]) if (chosen.size < most) chosen.add(label);
    if (chosen.size >= most) break;
  }
  return [...[...chosen].sort((a, b) => a - b), -1];
}
