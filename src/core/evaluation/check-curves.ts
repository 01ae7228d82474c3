import { exactPairs, maxPoints } from './pooled-curves';
import type { GalleryRule } from './protocols';
import type { EvaluationReport } from './report';
import { differ, type Note } from './report-notes';

type Pooled = NonNullable<EvaluationReport['curves']>['pooled'];

/**
 * Holds the pooled curves against one another and the counts of pairs: the scores of all pairs are not kept. Where a curve
 * was thinned, its area is only bounded by its points.
 */
export function* checkCurves(
  { curves, queries: of, scorer }: EvaluationReport,
  rule: GalleryRule,
  note: Note,
): Generator<undefined, void> {
  const expected = scorer.name === 'ranked' && of.video.length > 0;
  if ((curves !== null) !== expected)
    note('curves', expected ? 'are missing' : 'are there, but no ranking to draw them from');
  if (!curves || !expected) return;
  const { pooled } = curves;
  const path = 'curves.pooled';
  const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0);
  const follows = (key: string, written: number, given: number, from: string) => {
    if (differ(written, given)) note(`${path}.${key}`, `is ${written}, but ${from} ${given}`);
  };
  const irrelevant = sum(of.gallery) - sum(of.relevant);
  follows('pairs', pooled.pairs, sum(of.gallery), 'the queries’ galleries have');
  follows('relevant', pooled.relevant, sum(of.relevant), 'the queries have');
  const method = rule.queries.length * rule.gallery.length <= exactPairs ? 'exact' : 'histogram';
  if (pooled.method !== method) note(`${path}.method`, `is ${pooled.method}, but so many pairs are kept by ${method}`);
  follows('similarity.relevant', sum(pooled.similarity.relevant), sum(of.relevant), 'the relevant pairs are');
  follows('similarity.irrelevant', sum(pooled.similarity.irrelevant), irrelevant, 'the irrelevant pairs are');
  const best = of.topScores.reduce((most, [score = most]) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  if (method === 'exact') follows('similarity.to', pooled.similarity.to, best, 'the best match scores');
  yield;

  const { pr, roc } = pooled;
  for (const [key, list, points] of [
    ['pr', pr.recall, pooled.prPoints],
    ['roc', roc.fpr, pooled.rocPoints],
  ] as const) {
    // The first point of a ROC, where nothing is accepted, is never thinned.
    const kept = key === 'pr' ? Math.min(points, maxPoints) : 1 + Math.min(points - 1, maxPoints);
    if (list.length !== kept) note(`${path}.${key}Points`, `is ${points}, but ${list.length} points are listed`);
  }
  rises(`${path}.pr.recall`, pr.recall, note);
  falls(`${path}.pr.threshold`, pr.threshold, note);
  rises(`${path}.roc.fpr`, roc.fpr, note);
  rises(`${path}.roc.tpr`, roc.tpr, note);
  if (roc.threshold[0] !== null) note(`${path}.roc.threshold[0]`, 'is not null: at first nothing is accepted');
  if (roc.threshold.indexOf(null, 1) > 0) note(`${path}.roc.threshold[${roc.threshold.indexOf(null, 1)}]`, 'is null');
  falls(`${path}.roc.threshold`, roc.threshold.slice(1) as number[], note, 1);
  falls(`${path}.interpolated`, pooled.interpolated, note);
  follows(`pr.recall[${pr.recall.length - 1}]`, pr.recall.at(-1) ?? 0, 1, 'all relevant pairs are met in the end:');
  const end = roc.fpr.length - 1;
  follows(`roc.fpr[${end}]`, roc.fpr.at(-1) ?? 0, irrelevant === 0 ? 0 : 1, 'all pairs are accepted in the end:');
  follows(`roc.tpr[${end}]`, roc.tpr.at(-1) ?? 0, 1, 'all pairs are accepted in the end:');
  yield;

  checkAreas(pooled, irrelevant, follows, note);
}

function checkAreas(
  pooled: Pooled,
  irrelevant: number,
  follows: (key: string, written: number, given: number, from: string) => void,
  note: Note,
): void {
  const { pr, roc, relevant } = pooled;
  let [least, most] = [0, 0];
  for (let i = 1; i < roc.fpr.length; i++) {
    const width = (roc.fpr[i] as number) - (roc.fpr[i - 1] as number);
    least += width * (roc.tpr[i - 1] as number);
    most += width * (roc.tpr[i] as number);
  }
  const isWhole = pooled.rocPoints === roc.fpr.length;
  if (irrelevant === 0) follows('auc', pooled.auc, 1, 'without irrelevant pairs it is');
  else if (isWhole) follows('auc', pooled.auc, (least + most) / 2, 'the curve’s area is');
  else if (pooled.auc < least - 1e-9 || pooled.auc > most + 1e-9)
    note('curves.pooled.auc', `is ${pooled.auc}, but the curve's area lies between ${least} and ${most}`);

  if (pooled.prPoints !== pr.recall.length) return;
  const area = pr.recall.reduce(
    (sum, recall, i) => sum + (recall - (pr.recall[i - 1] ?? 0)) * (pr.precision[i] as number),
    0,
  );
  follows('averagePrecision', pooled.averagePrecision, area, 'the curve’s points give');
  const hits = pr.recall.map((recall) => Math.round(recall * relevant));
  let highest = 0;
  let point = pr.recall.length - 1;
  for (let level = 10; level >= 0; level--) {
    for (; point >= 0 && 10 * (hits[point] as number) >= level * relevant; point--)
      highest = Math.max(highest, pr.precision[point] as number);
    follows(
      `interpolated[${level}]`,
      pooled.interpolated[level] as number,
      highest,
      'the curve’s highest from there is',
    );
  }
  if (!isWhole) return;
  // Both curves tell how many irrelevant pairs were accepted at a recall.
  let corner = 1;
  pr.recall.forEach((recall, i) => {
    while (corner < roc.tpr.length - 1 && (roc.tpr[corner] as number) < recall - 1e-12) corner++;
    const [from, to] = [roc.tpr[corner - 1] as number, roc.tpr[corner] as number];
    const share = to > from ? Math.min(1, Math.max(0, (recall - from) / (to - from))) : 0;
    const [left, right] = [roc.fpr[corner - 1] as number, roc.fpr[corner] as number];
    const alarms = (left + share * (right - left)) * irrelevant;
    const expected = (hits[i] as number) / ((hits[i] as number) + alarms);
    follows(`pr.precision[${i}]`, pr.precision[i] as number, expected, 'the ROC gives');
  });
}

function rises(path: string, list: readonly number[], note: Note): void {
  const at = list.findIndex((value, i) => i > 0 && value < (list[i - 1] as number));
  if (at >= 0) note(`${path}[${at}]`, 'is lower than the value before it');
}

function falls(path: string, list: readonly number[], note: Note, from = 0): void {
  const at = list.findIndex((value, i) => i > 0 && value > (list[i - 1] as number));
  if (at >= 0) note(`${path}[${at + from}]`, 'is higher than the value before it');
}
