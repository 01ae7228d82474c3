import type { EvaluationReport } from './report';

/** The top k of one query, judged. */
export type SingleQuery = {
  /** Indices into `dataSet.videos`, best first. */
  readonly matches: readonly { readonly video: number; readonly score: number; readonly relevant: boolean }[];
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Classes of the matches, the most frequent first: the query's row of a confusion matrix. A match counts for each of its labels. */
  readonly classes: readonly { readonly label: number; readonly count: number; readonly right: boolean }[];
};

/** Entries of a report's queries by the path of their video; of paths that are there twice the later ones end in ` (2)`. */
export function queryNames({ dataSet, queries }: EvaluationReport): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  queries.video.forEach((video, query) => {
    const path = dataSet.videos[video]?.path ?? '';
    let name = path;
    for (let n = 2; names.has(name); n++) name = `${path} (${n})`;
    names.set(name, query);
  });
  return names;
}

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
  const precision = hits / k;
  const recall = hits / Math.max(1, queries.relevant[query] as number);
  return {
    matches,
    precision,
    recall,
    f1: hits > 0 ? (2 * precision * recall) / (precision + recall) : 0,
    classes: [...counts]
      .map(([label, count]) => ({ label, count, right: truth.includes(label) }))
      .sort((a, b) => b.count - a.count || a.label - b.label),
  };
}

/** What a confusion matrix counts: the best match (or the vote), each of the best k, or the votes of single frames. */
export type Counted = keyof EvaluationReport['confusion'];

export type CellQuery = {
  /** Entry of the report's queries. */
  readonly query: number;
  /** Places in the query's `top`, ascending, of the neighbours of the predicted classes among its best k. */
  readonly places: readonly number[];
};

/** Classes of a cell's row and of its column: one each, or all that a matrix draws as one line. */
export type CellClasses = { readonly truth: readonly number[]; readonly predicted: readonly number[] };

/**
 * The queries behind a confusion cell, each with the neighbours that put it there. `frames` gives the queries with a
 * neighbour of a predicted class: which frame voted for what is not kept.
 */
export function queriesOfCell(
  { dataSet, queries, settings }: EvaluationReport,
  { truth, predicted }: CellClasses,
  counted: Counted = 'top1',
): readonly CellQuery[] {
  const [ofRow, ofColumn] = [new Set(truth), new Set(predicted)];
  const labelsOf = (video: number | undefined): readonly number[] =>
    video === undefined ? [] : (dataSet.videos[video]?.labels ?? []);
  return queries.video.flatMap((video, query): CellQuery[] => {
    const own = labelsOf(video);
    const belongs = (found: readonly number[]) => {
      const right = own.filter((label) => found.includes(label));
      return right.length > 0
        ? right.some((label) => ofRow.has(label) && ofColumn.has(label))
        : own.some((label) => ofRow.has(label)) && found.some((label) => ofColumn.has(label));
    };
    const near = (queries.top[query] ?? []).slice(0, settings.confusionK);
    const places = near.flatMap((match, place) => (belongs(labelsOf(match)) ? [place] : []));
    const vote = queries.predicted?.[query];
    const counts = counted !== 'top1' ? places.length > 0 : vote === undefined ? places[0] === 0 : belongs([vote]);
    return counts ? [{ query, places }] : [];
  });
}
