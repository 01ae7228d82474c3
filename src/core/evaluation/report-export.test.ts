import { expect, test } from 'vitest';
import { seededRandom } from '../random';
import { changesSince, compareReports } from './compare-reports';
import { csvReader } from './csv';
import { defaultSettings, evaluateRanking } from './evaluate';
import { evaluationSet } from './evaluation-set';
import type { EvaluationReport } from './report';
import { describeScorer, type ReportTable, reportToCsv, reportToLatex } from './report-export';
import { vectorScores } from './score-block';
import { queriesOfCell, singleQuery } from './single-query';

function evaluate(signal: number, name = 'Clips & 100 % of_them'): EvaluationReport {
  const random = seededRandom(5);
  const videos = Array.from({ length: 40 }, (_, i) => ({
    id: `${i}`,
    path: `clip ${String(i).padStart(2, '0')}`,
    labels: [i % 2 ? '=cmd|A' : '__proto__'],
    group: `${i >> 2}`,
  }));
  const set = evaluationSet(videos);
  const vectors = Float32Array.from(
    set.videos.flatMap((_, i) => Array.from({ length: 8 }, (__, d) => random() + (d === i % 2 ? signal : 0))),
  );
  const descriptor = {
    extractor: 'colour',
    version: 1,
    modelHash: null,
    preprocessing: '',
    sampling: '8 uniform frames',
    weight: 1,
  };
  const steps = evaluateRanking({
    set,
    protocol: { name: 'group-excluded' },
    scorer: { name: 'ranked', metric: 'cosine', stages: [] },
    settings: { ...defaultSettings, ks: [1, 5], replicates: 50 },
    head: { name, created: '2026-01-01T00:00:00Z', dataSetHash: 'h', descriptors: [descriptor], withoutVectors: 0 },
    scores: vectorScores(vectors, 8, 'cosine'),
  });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const report = evaluate(0.6);

test('tables have a header and the numbers of the report, and no formula', () => {
  const rows = (table: ReportTable) =>
    csvReader(',')
      .push(reportToCsv(report, table).replaceAll('\r', ''))
      .map(({ cells }) => cells);
  const [header, first] = rows('summary');
  expect(header?.slice(0, 3)).toEqual(['Metric', 'Protocol', 'Micro']);
  expect(first?.slice(0, 3)).toEqual(['Hit@1', 'group-excluded', String(report.summary[0]?.micro)]);
  expect(rows('classes').map(([name]) => name)).toEqual(['Class', '=cmd|A', '__proto__']);
  expect(rows('queries')).toHaveLength(41);
  expect(rows('roc')).toHaveLength(1 + (report.curves?.pooled.roc.fpr.length ?? 0));
  expect(rows('precision-recall')).toHaveLength(1 + (report.curves?.pooled.pr.recall.length ?? 0));
  for (const table of [
    'summary',
    'classes',
    'confusion',
    'confused-pairs',
    'queries',
    'precision-recall',
    'roc',
    'similarity',
    'runtime',
  ] as const)
    expect(reportToCsv(report, table)).not.toMatch(/(^|[,"\n])=/);
});

test('LaTeX names protocol, intervals and chance, and escapes', () => {
  const latex = reportToLatex(report);
  expect(latex).toContain('Clips \\& 100 \\% of\\_them: colour, cosine; protocol group-excluded; 40 of 40 queries');
  expect(latex).toMatch(/Hit@1 & \d+\.\d \[\d+\.\d, \d+\.\d\] & /);
  expect(reportToLatex(evaluate(0.6, '\\input{x}^~'))).toContain(
    '\\textbackslash{}input\\{x\\}\\textasciicircum{}\\textasciitilde{}',
  );
  expect(describeScorer({ ...report, scorer: { name: 'frame-knn', neighbours: 3 } })).toBe('colour, frame-knn, K = 3');
});

test('the view of one query agrees with its metrics, and cells list their queries', () => {
  const at5 = report.summary.findIndex(({ metric }) => metric === 'precision@5');
  const recall = report.summary.findIndex(({ metric }) => metric === 'recall@5');
  report.queries.video.forEach((_, i) => {
    const view = singleQuery(report, i, 5);
    expect(view.precision).toBe(report.queries.values[at5]?.[i]);
    expect(view.recall).toBe(report.queries.values[recall]?.[i]);
    expect(view.classes.reduce((sum, { count }) => sum + count, 0)).toBe(5);
  });
  const { rows, columns, counts } = report.confusion.top1;
  expect(rows.map((row, i) => queriesOfCell(report, row, columns[i] as number).length)).toEqual(counts);
});

test('a better descriptor is told from a worse one, a report not from itself', () => {
  const better = compareReports(evaluate(2), report);
  expect(better).toMatchObject({ queries: 40, onlyFirst: 0, onlySecond: 0 });
  expect(better.rows.find(({ metric }) => metric === 'ap')?.difference).toBeGreaterThan(0);
  expect(better.rows.find(({ metric }) => metric === 'ap')?.p).toBeLessThan(0.05);
  expect(compareReports(report, report).rows.every(({ p, difference }) => p === 1 && difference === 0)).toBe(true);
});

test('changes since a report', () => {
  const [descriptor] = report.descriptors as [EvaluationReport['descriptors'][number]];
  expect(changesSince(report, { dataSetHash: 'h', descriptors: [descriptor] })).toEqual([]);
  expect(
    changesSince(report, {
      dataSetHash: 'i',
      descriptors: [{ ...descriptor, modelHash: 'm', sampling: 'every frame' }],
    }),
  ).toEqual(['data', 'model', 'sampling']);
});
