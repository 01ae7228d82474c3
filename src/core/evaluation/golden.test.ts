import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { classAveragePrecisions } from './class-average-precision';
import { denseConfusion } from './confusion';
import { defaultSettings, evaluateRanking } from './evaluate';
import { evaluationSet } from './evaluation-set';
import type { MetricId } from './metrics';
import { checkReport } from './report';
import type { ScoreSource } from './score-block';

type Golden = {
  classifier: { scores: number[][]; truth: number[]; ap: number[] };
  cases: {
    name: string;
    classes: number;
    labels: number[][];
    groups: number[];
    ks: number[];
    scores: number[][];
    protocols: Record<
      'leave-one-out' | 'group-excluded',
      {
        queries: ({ video: number } & Record<MetricId, number>)[];
        excluded: number[];
        pooled: Record<'pairs' | 'relevant' | 'averagePrecision' | 'auc', number> &
          Record<'recall' | 'precision' | 'threshold' | 'fpr' | 'tpr' | 'interpolated', number[]>;
        confusion?: number[][];
        accuracy?: number;
        scores: Record<'precision' | 'recall' | 'f1' | 'support', number[]>;
      }
    >;
  }[];
};

const golden = JSON.parse(readFileSync(new URL('./fixtures/golden.json', import.meta.url), 'utf8')) as Golden;

function close(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] as number)), `entry ${i}: ${value} against ${expected[i]}`).toBeLessThan(1e-9);
  });
}

for (const given of golden.cases) {
  for (const protocol of ['leave-one-out', 'group-excluded'] as const) {
    describe(`${given.name}, ${protocol}, as scikit-learn has it`, () => {
      const expected = given.protocols[protocol];
      const set = evaluationSet(
        given.labels.map((labels, i) => ({
          id: `${i}`,
          path: String(i).padStart(3, '0'),
          labels: labels.map((label) => `class ${label}`),
          group: `${given.groups[i]}`,
        })),
      );
      // An empty class has no name in the set; fixtures number classes without gaps closed.
      const classNumber = set.classes.map((name) => Number(name.split(' ')[1]));
      const scores: ScoreSource = {
        prepare: (gallery) => (queries, out) =>
          queries.forEach((query, i) => {
            gallery.forEach((video, j) => {
              out[i * gallery.length + j] = (given.scores[query]?.[video] as number) / 64;
            });
          }),
      };
      const report = run(
        evaluateRanking({
          set,
          protocol: { name: protocol },
          scorer: { name: 'ranked', metric: 'cosine', stages: [] },
          settings: { ...defaultSettings, ks: given.ks, replicates: 20 },
          head: { name: given.name, created: '', dataSetHash: '', descriptors: [descriptor], withoutVectors: 0 },
          scores,
        }),
      );

      test('each metric of each query', () => {
        expect(report.queries.video).toEqual(expected.queries.map(({ video }) => video));
        expect(report.excluded).toEqual(expected.excluded);
        report.summary.forEach(({ metric, micro }, i) => {
          const values = expected.queries.map((query) => query[metric] as number);
          close(report.queries.values[i] as number[], values);
          close([micro], [values.reduce((sum, value) => sum + value, 0) / values.length]);
        });
      });

      test('macro averages', () => {
        report.summary.forEach(({ metric, macro }) => {
          const means = classNumber.flatMap((label) => {
            const own = expected.queries.filter(({ video }) => given.labels[video]?.includes(label));
            return own.length === 0
              ? []
              : [own.reduce((sum, query) => sum + (query[metric] as number), 0) / own.length];
          });
          close([macro], [means.reduce((sum, value) => sum + value, 0) / means.length]);
        });
      });

      test('pooled curves', () => {
        const pooled = report.curves?.pooled;
        if (!pooled) throw new Error('There are no curves.');
        expect([pooled.method, pooled.pairs, pooled.relevant]).toEqual([
          'exact',
          expected.pooled.pairs,
          expected.pooled.relevant,
        ]);
        close(pooled.pr.recall, expected.pooled.recall);
        close(pooled.pr.precision, expected.pooled.precision);
        close(pooled.pr.threshold, expected.pooled.threshold);
        close([pooled.averagePrecision], [expected.pooled.averagePrecision]);
        close(pooled.interpolated, expected.pooled.interpolated);
        if (pooled.pairs > pooled.relevant) {
          close([pooled.auc], [expected.pooled.auc]);
          close(pooled.roc.fpr, expected.pooled.fpr);
          close(pooled.roc.tpr, expected.pooled.tpr);
        }
        const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0);
        expect(sum(pooled.similarity.relevant)).toBe(pooled.relevant);
        expect(sum(pooled.similarity.irrelevant)).toBe(pooled.pairs - pooled.relevant);
      });

      test('confusion and class scores', () => {
        const pick = (values: readonly number[]) => classNumber.map((label) => values[label] as number);
        if (expected.confusion) {
          const dense = denseConfusion(report.confusion.top1, set.classes.length);
          close(
            [...dense],
            classNumber.flatMap((row) => pick(expected.confusion?.[row] as number[])),
          );
          close(
            [report.summary.find(({ metric }) => metric === 'hit@1')?.micro as number],
            [expected.accuracy as number],
          );
        }
        for (const key of ['precision', 'recall', 'f1'] as const)
          close(
            report.classes.map((row) => row[key]),
            pick(expected.scores[key]),
          );
        close(
          report.classes.map(({ queries }) => queries),
          pick(expected.scores.support),
        );
      });

      test('the report passes its own check, as text too', () => {
        expect(run(checkReport(JSON.parse(JSON.stringify(report))))).toEqual({ ok: true, report });
      });
    });
  }
}

test('average precision of each class of a classifier', () => {
  const { scores, truth, ap } = golden.classifier;
  const labels = Int32Array.from(truth);
  const starts = Int32Array.from({ length: truth.length + 1 }, (_, i) => i);
  close(
    classAveragePrecisions(Float32Array.from(scores.flat()), 4, { labels, labelStarts: starts }).map(
      (value) => value ?? -1,
    ),
    ap,
  );
});

const descriptor = { extractor: 'x', version: 1, modelHash: null, preprocessing: '', sampling: '', weight: 1 };

function run<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
