import type { MetricId } from './metrics';
import type { EvaluationReport } from './report';
import { describeProtocol } from './report-export';
import { pairedPermutationTest } from './resampling';

export type ReportComparison = {
  /** In words, where the reports follow different ones: then their numbers answer different questions. */
  readonly protocols: readonly [first: string, second: string] | undefined;
  /** Queries both reports answered, matched by content or path, and labels. */
  readonly queries: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Metrics both reports have: means over the common queries, their difference (first - second) and its two-sided p. */
  readonly rows: readonly {
    readonly metric: MetricId;
    readonly first: number;
    readonly second: number;
    readonly difference: number;
    readonly p: number;
  }[];
};

/**
 * Two reports over the queries they have in common, by a paired permutation test that flips whole groups (videos, where
 * groups are unknown). p values are not corrected for the number of metrics.
 */
export function compareReports(
  first: EvaluationReport,
  second: EvaluationReport,
  { permutations, seed }: { readonly permutations: number; readonly seed: number } = { permutations: 10_000, seed: 1 },
): ReportComparison {
  const pairs = commonQueries(first, second);
  const groupIndex = new Map<string, number>();
  const clusters = Int32Array.from(pairs, ([i]) => {
    const video = first.dataSet.videos[first.queries.video[i] as number];
    const name = video?.group == null ? `video ${i}` : `group ${video.group}`;
    const known = groupIndex.get(name) ?? groupIndex.size;
    groupIndex.set(name, known);
    return known;
  });
  const rows = first.summary.flatMap(({ metric }, at) => {
    const other = second.summary.findIndex((row) => row.metric === metric);
    if (other < 0 || pairs.length === 0) return [];
    const a = Float64Array.from(pairs, ([i]) => first.queries.values[at]?.[i] as number);
    const b = Float64Array.from(pairs, ([, j]) => second.queries.values[other]?.[j] as number);
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    return [
      { metric, first: mean(a), second: mean(b), ...pairedPermutationTest(a, b, clusters, { permutations, seed }) },
    ];
  });
  const protocols = [describeProtocol(first.protocol), describeProtocol(second.protocol)] as const;
  return {
    protocols: protocols[0] === protocols[1] ? undefined : protocols,
    queries: pairs.length,
    onlyFirst: first.queries.video.length - pairs.length,
    onlySecond: second.queries.video.length - pairs.length,
    rows,
  };
}

/** Entries of both reports' queries that are of one video with the same labels: by its id, else by its path. */
function commonQueries(first: EvaluationReport, second: EvaluationReport): readonly (readonly [number, number])[] {
  const keysOf = (key: 'id' | 'path', { dataSet, queries }: EvaluationReport): string[] =>
    queries.video.map((index) => {
      const video = dataSet.videos[index];
      return JSON.stringify([video?.[key], video?.labels.map((label) => dataSet.classes[label])]);
    });
  const partners = new Map<number, number>();
  for (const key of ['id', 'path'] as const) {
    const taken = new Set(partners.values());
    const places = new Map<string, number[]>();
    keysOf(key, second).forEach((name, place) => {
      if (taken.has(place)) return;
      const list = places.get(name);
      if (list) list.push(place);
      else places.set(name, [place]);
    });
    keysOf(key, first).forEach((name, place) => {
      const partner = partners.has(place) ? undefined : places.get(name)?.shift();
      if (partner !== undefined) partners.set(place, partner);
    });
  }
  return [...partners].sort(([a], [b]) => a - b);
}

/** What differs between a report and the present state of things, for a word beside an old report. */
export function changesSince(
  report: EvaluationReport,
  now: Pick<EvaluationReport, 'descriptors'> & {
    readonly dataSetHash: string;
    /** In the order of `dataSet.videos`. */
    readonly ids: readonly string[];
  },
): readonly ('data' | 'contents' | 'extractor' | 'model' | 'preprocessing' | 'sampling')[] {
  const differs = (key: keyof EvaluationReport['descriptors'][number]) =>
    report.descriptors.length !== now.descriptors.length ||
    report.descriptors.some((descriptor, i) => descriptor[key] !== now.descriptors[i]?.[key]);
  const sameData = report.dataSet.hash === now.dataSetHash;
  const { videos } = report.dataSet;
  return [
    ...(sameData ? [] : (['data'] as const)),
    ...(sameData && videos.some(({ id }, i) => otherContent(id, now.ids[i])) ? (['contents'] as const) : []),
    ...(differs('extractor') || differs('version') ? (['extractor'] as const) : []),
    ...(differs('modelHash') ? (['model'] as const) : []),
    ...(differs('preprocessing') ? (['preprocessing'] as const) : []),
    ...(differs('sampling') ? (['sampling'] as const) : []),
  ];
}

/** Ids tell contents, but for videos that are known by imported vectors alone. */
function otherContent(id: string, now: string | undefined): boolean {
  return now !== undefined && id !== now && !id.startsWith('import:') && !now.startsWith('import:');
}
