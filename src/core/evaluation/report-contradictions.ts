import { confusionCounter } from './confusion';
import type { EvaluationReport, ReportProblem } from './report';

/** What in a report of the right shape cannot be: lists of unlike length, indices of nothing, numbers that do not follow
 * from those of the queries. */
export function contradictions(report: EvaluationReport): ReportProblem[] {
  const problems = unlike(report);
  // What follows from lists that are cut short tells nothing.
  return problems.length > 0 ? problems : unfollowed(report);
}

function unlike(report: EvaluationReport): ReportProblem[] {
  const { dataSet, queries: of, summary: rows, classes, confusion: tables, curves } = report;
  const problems: ReportProblem[] = [];
  const below = (path: string, list: readonly number[], limit: number) => {
    const at = list.findIndex((index) => index >= limit);
    if (at >= 0) problems.push({ path: `${path}[${at}]`, reason: `is ${list[at]}; there are only ${limit}` });
  };
  const total = of.video.length;
  const videos = dataSet.videos.length;
  const labels = dataSet.classes.length;
  dataSet.videos.forEach((video, i) => {
    below(`dataSet.videos[${i}].labels`, video.labels, labels);
  });
  below('queries.video', of.video, videos);
  below('excluded', report.excluded, videos);
  for (const key of ['gallery', 'relevant', 'firstRank', 'top', 'topScores'] as const)
    length(`queries.${key}`, of[key], total, problems);
  if (of.predicted) {
    length('queries.predicted', of.predicted, total, problems);
    below('queries.predicted', of.predicted, labels);
  }
  of.top.forEach((list, i) => {
    below(`queries.top[${i}]`, list, videos);
    length(`queries.topScores[${i}]`, of.topScores[i] ?? [], list.length, problems);
  });
  length('queries.values', of.values, rows.length, problems);
  below(
    'classes',
    classes.map(({ label }) => label),
    labels,
  );
  for (const [name, table] of Object.entries(tables)) {
    if (!table) continue;
    below(`confusion.${name}.rows`, table.rows, labels);
    below(`confusion.${name}.columns`, table.columns, labels);
    length(`confusion.${name}.columns`, table.columns, table.rows.length, problems);
    length(`confusion.${name}.counts`, table.counts, table.rows.length, problems);
  }
  if (curves) {
    const { pr, roc } = curves.pooled;
    length('curves.pooled.pr.precision', pr.precision, pr.recall.length, problems);
    length('curves.pooled.pr.threshold', pr.threshold, pr.recall.length, problems);
    length('curves.pooled.roc.tpr', roc.tpr, roc.fpr.length, problems);
    length('curves.pooled.roc.threshold', roc.threshold, roc.fpr.length, problems);
    length('curves.interpolated.micro', curves.interpolated.micro, 11, problems);
    length('curves.interpolated.macro', curves.interpolated.macro, 11, problems);
    length('curves.rates.micro', curves.rates.micro, 101, problems);
    length('curves.rates.macro', curves.rates.macro, 101, problems);
  }
  if (report.counts.answered !== total)
    problems.push({ path: 'counts.answered', reason: `is not the ${total} queries listed` });
  rows.forEach((_, i) => {
    length(`queries.values[${i}]`, of.values[i] ?? [], total, problems);
  });
  classes.forEach((row, i) => {
    if (row.values.length > 0) length(`classes[${i}].values`, row.values, rows.length, problems);
  });
  return problems;
}

/** Averages in another order of summing differ by so much. */
const tolerance = 1e-9;

function unfollowed(report: EvaluationReport): ReportProblem[] {
  const { dataSet, queries: of, summary: rows, classes, confusion: tables, settings } = report;
  const problems: ReportProblem[] = [];
  const follows = (path: string, written: number, expected: number, from: string) => {
    if (Math.abs(written - expected) > tolerance)
      problems.push({ path, reason: `is ${written}, but ${from} ${expected}` });
  };
  const labelsOf = (video: number | undefined): number[] =>
    video === undefined ? [] : (dataSet.videos[video]?.labels ?? []);

  const queriesOf = dataSet.classes.map((): number[] => []);
  of.video.forEach((video, query) => {
    for (const label of labelsOf(video)) queriesOf[label]?.push(query);
  });
  const answered = queriesOf.filter((list) => list.length > 0);
  rows.forEach((row, i) => {
    const values = of.values[i] ?? [];
    const mean = (list: readonly number[]) => list.reduce((sum, query) => sum + (values[query] ?? 0), 0) / list.length;
    if (values.length === 0) return;
    follows(`summary[${i}].micro`, row.micro, mean([...values.keys()]), 'the queries’ mean is');
    const macro = answered.reduce((sum, list) => sum + mean(list), 0) / answered.length;
    follows(`summary[${i}].macro`, row.macro, macro, 'the classes’ mean is');
    classes.forEach(({ label, values: written }, at) => {
      const list = queriesOf[label] ?? [];
      if (written.length > 0 && list.length > 0)
        follows(`classes[${at}].values[${i}]`, written[i] as number, mean(list), 'the mean of its queries is');
    });
  });
  classes.forEach(({ label, queries }, at) => {
    follows(`classes[${at}].queries`, queries, queriesOf[label]?.length ?? 0, 'the queries listed are');
  });

  for (const [name, depth] of [['top1', 1] as const, ['topK', settings.confusionK] as const]) {
    const table = tables[name];
    if (!table) continue;
    const counter = confusionCounter(dataSet.classes.length);
    of.video.forEach((video, query) => {
      const truth = Int32Array.from(labelsOf(video));
      const vote = of.predicted?.[query];
      if (vote !== undefined) counter.add(truth, Int32Array.of(vote));
      else
        for (const match of (of.top[query] ?? []).slice(0, depth)) counter.add(truth, Int32Array.from(labelsOf(match)));
    });
    const counted = counter.finish();
    length(`confusion.${name}.counts`, table.counts, counted.counts.length, problems);
    table.counts.forEach((count, i) => {
      const same = table.rows[i] === counted.rows[i] && table.columns[i] === counted.columns[i];
      follows(`confusion.${name}.counts[${i}]`, count, same ? (counted.counts[i] as number) : 0, 'the matches count');
    });
  }
  return problems;
}

function length(path: string, list: readonly unknown[], expected: number, problems: ReportProblem[]): void {
  if (list.length !== expected) problems.push({ path, reason: `has ${list.length} entries, not ${expected}` });
}
