import { markedGroups, noMark, otherMark } from '../../ui/point-map/marks';

export type LegendEntry = { readonly name: string; readonly mark: number; readonly count: number };

export type Colouring = {
  /** The mark of every point. */
  readonly marks: Uint8Array;
  /** The largest first; then all others together, then those without. */
  readonly legend: readonly LegendEntry[];
};

const fifths = ['lowest fifth', '2nd fifth', '3rd fifth', '4th fifth', 'highest fifth'] as const;

/** Each value's fifth of all, by rank. */
export function fifthsOf(values: Float32Array): readonly string[] {
  const ascending = [...values.keys()].sort((a, b) => (values[a] as number) - (values[b] as number));
  const out: string[] = [];
  ascending.forEach((point, rank) => {
    out[point] = fifths[Math.floor((fifths.length * rank) / values.length)] as string;
  });
  return out;
}

/** Gives the largest groups marks of their own. `without` names the points of no group. */
export function colouringOf(groups: readonly (string | undefined)[], without: string): Colouring {
  const counts = new Map<string, number>();
  for (const group of groups) if (group !== undefined) counts.set(group, (counts.get(group) ?? 0) + 1);
  const ranked = [...counts].sort(([a, of], [b, than]) => than - of || (a < b ? -1 : 1));
  const markOf = new Map(ranked.slice(0, markedGroups).map(([name], mark) => [name, mark]));
  const marks = Uint8Array.from(groups, (group) => (group === undefined ? noMark : (markOf.get(group) ?? otherMark)));
  const legend = ranked.slice(0, markedGroups).map(([name, count], mark) => ({ name, mark, count }));
  const others = ranked.slice(markedGroups);
  const left = groups.filter((group) => group === undefined).length;
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
