import type { EvaluationReport } from './report';
import type { Note } from './report-notes';

/** Lists of unlike length, and indices of nothing. */
export function checkLists(report: EvaluationReport, note: Note): void {
  const { dataSet, queries: of, summary: rows, classes, confusion: tables, curves } = report;
  const length = (path: string, list: readonly unknown[], expected: number) => {
    if (list.length !== expected) note(path, `has ${list.length} entries, not ${expected}`);
  };
  const below = (path: string, list: readonly number[], limit: number) => {
    const at = list.findIndex((index) => index >= limit);
    if (at >= 0) note(`${path}[${at}]`, `is ${list[at]}; there are only ${limit}`);
  };
  const total = of.video.length;
  const videos = dataSet.videos.length;
  const labels = dataSet.classes.length;
  dataSet.videos.forEach((video, i) => {
    below(`dataSet.videos[${i}].labels`, video.labels, labels);
  });
  below('queries.video', of.video, videos);
  below('excluded', report.excluded, videos);
  below('withoutFrames', report.withoutFrames ?? [], videos);
  for (const key of ['gallery', 'relevant', 'firstRank', 'top', 'topScores'] as const)
    length(`queries.${key}`, of[key], total);
  if (of.predicted) {
    length('queries.predicted', of.predicted, total);
    below('queries.predicted', of.predicted, labels);
  }
  of.top.forEach((list, i) => {
    below(`queries.top[${i}]`, list, videos);
    length(`queries.topScores[${i}]`, of.topScores[i] ?? [], list.length);
  });
  length('queries.values', of.values, rows.length);
  below(
    'classes',
    classes.map(({ label }) => label),
    labels,
  );
  for (const [name, table] of Object.entries(tables)) {
    if (!table) continue;
    below(`confusion.${name}.rows`, table.rows, labels);
    below(`confusion.${name}.columns`, table.columns, labels);
    length(`confusion.${name}.columns`, table.columns, table.rows.length);
    length(`confusion.${name}.counts`, table.counts, table.rows.length);
  }
  if (curves) {
    const { pr, roc } = curves.pooled;
    length('curves.pooled.pr.precision', pr.precision, pr.recall.length);
    length('curves.pooled.pr.threshold', pr.threshold, pr.recall.length);
    length('curves.pooled.roc.tpr', roc.tpr, roc.fpr.length);
    length('curves.pooled.roc.threshold', roc.threshold, roc.fpr.length);
    length('curves.interpolated.micro', curves.interpolated.micro, 11);
    length('curves.interpolated.macro', curves.interpolated.macro, 11);
    length('curves.rates.micro', curves.rates.micro, 101);
    length('curves.rates.macro', curves.rates.macro, 101);
  }
  if (report.counts.answered !== total) note('counts.answered', `is not the ${total} queries listed`);
  rows.forEach((_, i) => {
    length(`queries.values[${i}]`, of.values[i] ?? [], total);
  });
  classes.forEach((row, i) => {
    if (row.values.length > 0) length(`classes[${i}].values`, row.values, rows.length);
  });
}
