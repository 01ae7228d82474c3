import { pairedPermutationTest } from '../evaluation/resampling';
import type { ClassifyReport, ExamplesKey } from './classify-report';
import type { TrainSettings } from './settings';

export type HeadComparison = {
  /** Videos that tested both. */
  readonly videos: number;
  /** Over those: accuracy of each, the difference first - second, and its two-sided p. */
  readonly accuracy: Compared;
  /** Mean precision of a video's own labels in the head's ranking of labels (label ranking average precision). */
  readonly ranking: Compared;
  /** Classes that the second tells much better, the largest gain in average precision first. */
  readonly better: readonly { readonly label: string; readonly first: number; readonly second: number }[];
};

export type Compared = {
  readonly first: number;
  readonly second: number;
  readonly difference: number;
  readonly p: number;
};

const muchBetter = 0.2;

type Learnt = { readonly settings: Pick<TrainSettings, 'split'>; readonly examples?: ExamplesKey };

/** Whether two heads divided the same videos alike. Those of a library are known by their paths, whatever was added since;
 * those of files only by being the same in all. */
export function isOfOneSplit(first: Learnt, second: Learnt): boolean {
  const [{ split: a }, { split: b }] = [first.settings, second.settings];
  if (!first.examples || !second.examples || first.examples.from !== second.examples.from) return false;
  if (first.examples.from === 'files' && first.examples.hash !== second.examples.hash) return false;
  return a.name === b.name && (a.name === 'official' || (a.seed === b.seed && a.test === b.test));
}

/** Two heads of one split over the videos that tested both, paired, whole groups at a time. Undefined where they are of two
 * splits, or share no video. */
export function compareHeads(first: ClassifyReport, second: ClassifyReport): HeadComparison | undefined {
  if (!isOfOneSplit(first, second)) return undefined;
  const places = new Map(second.tested.paths.map((path, i) => [path, i]));
  const pairs = first.tested.paths.flatMap((path, i): [number, number][] => {
    const other = places.get(path);
    return other === undefined ? [] : [[i, other]];
  });
  if (pairs.length === 0) return undefined;
  const clusters = dense(pairs.map(([i]) => first.tested.groups[i] as number));
  const compared = (of: 'right' | 'ranking'): Compared => {
    const a = Float64Array.from(pairs, ([i]) => first.tested[of][i] as number);
    const b = Float64Array.from(pairs, ([, j]) => second.tested[of][j] as number);
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const tested = pairedPermutationTest(a, b, clusters, { permutations: 10_000, seed: 1 });
    return { first: mean(a), second: mean(b), difference: tested.difference, p: tested.p };
  };
  const precisionOf = new Map(second.classes.map((label, i) => [label, second.rows[i]?.averagePrecision]));
  const better = first.classes.flatMap((label, i) => {
    const [own, other] = [first.rows[i]?.averagePrecision, precisionOf.get(label)];
    return own !== undefined && other !== undefined && other - own >= muchBetter
      ? [{ label, first: own, second: other }]
      : [];
  });
  better.sort((a, b) => b.second - b.first - (a.second - a.first));
  return { videos: pairs.length, accuracy: compared('right'), ranking: compared('ranking'), better };
}

/** The same partition with parts numbered from 0. */
function dense(parts: readonly number[]): Int32Array {
  const known = new Map<number, number>();
  return Int32Array.from(parts, (part) => {
    const at = known.get(part) ?? known.size;
    known.set(part, at);
    return at;
  });
}
