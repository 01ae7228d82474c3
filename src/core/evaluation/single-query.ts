import type { EvaluationReport } from './report';

/** The top k of one query, judged. */
export type SingleQuery = {
  /** Indices into `dataSet.videos`, best first. */
  readonly matches: readonly { readonly video: number; readonly score: number; readonly relevant: boolean }[];
  readonly precision: number;
  readonly recall: number;
  /** Classes of the matches, the most frequent first: the query's row of a confusion matrix. A match counts for each of its labels. */
  readonly classes: readonly { readonly label: number; readonly count: number; readonly right: boolean }[];
};

/** Of entry `query` of a report's queries; k counts matches, at most the `topK` the report keeps. */
export function singleQuery({ dataSet, queries }: EvaluationReport, query: number, k: number): SingleQuery {
  const labelsOf = (video: number): readonly number[] => dataSet.videos[video]?.labels ?? [];
  const truth = labelsOf(queries.video[query] as number);
  const matches = (queries.top[query] ?? []).slice(0, k).map((video, i) => ({
    video,
    score: queries.topScores[query]?.[i] as number,
    relevant: labelsOf(video).some((label) => truth.includes(label)),
  }));
  const hits = matches.filter(({ relevant }) => relevant).length;
  const counts = new Map<number, number>();
  for (const { video } of matches) for (const label of labelsOf(video)) counts.set(label, (counts.get(label) ?? 0) + 1);
  return {
    matches,
    precision: hits / k,
    recall: hits / Math.max(1, queries.relevant[query] as number),
    classes: [...counts]
      .map(([label, count]) => ({ label, count, right: truth.includes(label) }))
      .sort((a, b) => b.count - a.count || a.label - b.label),
  };
}

/** Entries of a report's queries that a confusion cell counts by their top match (or vote): the queries behind a click. */
export function queriesOfCell(
  { dataSet, queries }: EvaluationReport,
  truth: number,
  predicted: number,
): readonly number[] {
  const labelsOf = (video: number | undefined): readonly number[] =>
    video === undefined ? [] : (dataSet.videos[video]?.labels ?? []);
  return [...queries.video.keys()].filter((i) => {
    const own = labelsOf(queries.video[i]);
    const found = queries.predicted ? [queries.predicted[i] as number] : labelsOf(queries.top[i]?.[0]);
    if (!own.includes(truth) || !found.includes(predicted)) return false;
    return truth === predicted || !own.some((label) => found.includes(label));
  });
}
