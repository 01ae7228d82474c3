import { type Confusion, classScorer, confusionCounter } from './confusion';
import { classesOf, type EvaluationSet } from './evaluation-set';
import { queryValues } from './query-values';
import type { EvaluationReport } from './report';
import { classTable } from './report-assembly';
import { differ, type Note } from './report-notes';

/** Counts the classes' rows and the confusions again. */
export function* checkTables(report: EvaluationReport, set: EvaluationSet, note: Note): Generator<undefined, void> {
  const { queries: of, classes, macroScores, confusion, settings } = report;
  const scorer = classScorer(set.classes.length);
  const top1 = confusionCounter(set.classes.length);
  const topK = confusionCounter(set.classes.length);
  for (const [query, video] of of.video.entries()) {
    const truth = classesOf(set, video);
    const vote = of.predicted?.[query];
    const matches = (of.top[query] ?? []).slice(0, settings.confusionK);
    const found = vote === undefined ? matches.map((match) => classesOf(set, match)) : [Int32Array.of(vote)];
    found.forEach((predicted, place) => {
      topK.add(truth, predicted);
      if (place > 0) return;
      top1.add(truth, predicted);
      scorer.add(truth, predicted);
    });
    yield;
  }
  const values = of.values.map((list) => Float64Array.from(list));
  const expected = classTable(set, queryValues(set, Int32Array.from(of.video), values), scorer);

  if (classes.length !== expected.classes.length)
    note('classes', `has ${classes.length} rows, but there are ${expected.classes.length} classes`);
  expected.classes.forEach((own, at) => {
    const row = classes[at];
    if (!row) return;
    for (const key of ['label', 'videos', 'queries', 'precision', 'recall', 'f1'] as const)
      if (differ(row[key], own[key])) note(`classes[${at}].${key}`, `is ${row[key]}, but the queries give ${own[key]}`);
    if (row.values.length !== own.values.length)
      note(`classes[${at}].values`, `has ${row.values.length} entries, not ${own.values.length}`);
    else
      row.values.forEach((value, i) => {
        if (differ(value, own.values[i] as number))
          note(`classes[${at}].values[${i}]`, `is ${value}, but the mean of its queries is ${own.values[i]}`);
      });
  });
  for (const key of ['precision', 'recall', 'f1'] as const)
    if (differ(macroScores[key], expected.macroScores[key]))
      note(`macroScores.${key}`, `is ${macroScores[key]}, but the classes’ mean is ${expected.macroScores[key]}`);

  const ranked = report.scorer.name === 'ranked';
  checkTable('confusion.top1', confusion.top1, top1.finish(), note);
  if (ranked === (confusion.topK === null)) note('confusion.topK', 'is for rankings, and not for frame-knn');
  else if (confusion.topK) checkTable('confusion.topK', confusion.topK, topK.finish(), note);
  if (ranked !== (confusion.frames === null)) note('confusion.frames', 'is for frame-knn, and not for rankings');
}

function checkTable(path: string, table: Confusion, counted: Confusion, note: Note): void {
  const length = Math.max(table.counts.length, counted.counts.length);
  for (let i = 0; i < length; i++) {
    const [row, column, count] = [table.rows[i], table.columns[i], table.counts[i]];
    const same = row === counted.rows[i] && column === counted.columns[i];
    const expected = same ? (counted.counts[i] as number) : 0;
    if (count === undefined) {
      note(`${path}.counts`, `has ${table.counts.length} entries, not ${counted.counts.length}`);
      return;
    }
    if (differ(count, expected)) note(`${path}.counts[${i}]`, `is ${count}, but the matches count ${expected}`);
    if (!same) return;
  }
}
