import { markedGroups, noMark, otherMark } from '../../ui/point-map/marks';

export type LegendEntry = { readonly name: string; readonly mark: number; readonly count: number };

export type Colouring = {
  /** The mark of every point. */
  readonly marks: Uint8Array;
  /** The largest first, or as they are ordered; then all others together, then those without. */
  readonly legend: readonly LegendEntry[];
};

/** From the lowest on. */
export const fifths = ['lowest fifth', '2nd fifth', '3rd fifth', '4th fifth', 'highest fifth'] as const;

/** Each value's fifth of all, by rank. */
export function fifthsOf(values: Float32Array): readonly string[] {
  const ascending = [...values.keys()].sort((a, b) => (values[a] as number) - (values[b] as number));
  const out: string[] = [];
  ascending.forEach((point, rank) => {
    out[point] = fifths[Math.floor((fifths.length * rank) / values.length)] as string;
  });
  return out;
}

type Options = {
  /** Names the points of no group. */
  readonly without: string;
  /** Whether a point is there still: the others count nowhere. */
  readonly isThere: (point: number) => boolean;
  /** Of groups that have an order. */
  readonly order?: readonly string[] | undefined;
};

/** Gives the largest groups marks of their own. */
export function colouringOf(
  groups: readonly (string | undefined)[],
  { without, isThere, order = [] }: Options,
): Colouring {
  const counts = new Map<string, number>();
  let left = 0;
  groups.forEach((group, point) => {
    if (!isThere(point)) return;
    if (group === undefined) left++;
    else counts.set(group, (counts.get(group) ?? 0) + 1);
  });
  const ranked = [...counts].sort(
    ([a, of], [b, than]) => order.indexOf(a) - order.indexOf(b) || than - of || (a < b ? -1 : 1),
  );
  const markOf = new Map(ranked.slice(0, markedGroups).map(([name], mark) => [name, mark]));
  const marks = Uint8Array.from(groups, (group) => (group === undefined ? noMark : (markOf.get(group) ?? otherMark)));
  const legend = ranked.slice(0, markedGroups).map(([name, count], mark) => ({ name, mark, count }));
  const others = ranked.slice(markedGroups);
  return {
    marks,
    legend: [
      ...legend,
      ...(others.length > 0
        ? [
            {
              name: `${others.length} others`,
              mark: otherMark,
              count: others.reduce((sum, [, count]) => sum + count, 0),
            },
          ]
        : []),
      ...(left > 0 ? [{ name: without, mark: noMark, count: left }] : []),
    ],
  };
}
