import { expect, test } from 'vitest';
import { changesSince, compareReports } from './compare-reports';
import { csvReader } from './csv';
import type { EvaluationReport } from './report';
import { sampleReport } from './report.fixture';
import { describeScorer, type ReportTable, reportToCsv } from './report-export';
import { reportToLatex } from './report-latex';
import { type Counted, queriesOfCell, singleQuery } from './single-query';

const report = sampleReport(0.6);

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

test('every table of results names its protocol, and curves how much of them is kept', () => {
  const header = (table: ReportTable) => csvReader(',').push(reportToCsv(report, table).replaceAll('\r', ''))[0]?.cells;
  for (const table of [
    'summary',
    'classes',
    'confusion',
    'confused-pairs',
    'queries',
    'precision-recall',
    'roc',
    'similarity',
  ] as const) {
    expect(header(table)).toContain('Protocol');
    expect(reportToCsv(report, table).split('\r\n')[1]).toContain('group-excluded');
  }
  const curves = report.curves as NonNullable<EvaluationReport['curves']>;
  const thinned = { ...curves.pooled, method: 'histogram' as const, pairs: 5e6, prPoints: 70_000 };
  const csv = reportToCsv({ ...report, curves: { ...curves, pooled: thinned } }, 'precision-recall');
  expect(csv).toContain('"scores of 5,000,000 pairs counted in 65,536 bins; ');
  expect(csv).toContain(' of 70,000 points kept"');
  expect(reportToCsv(report, 'precision-recall')).not.toContain('kept');
});

test('LaTeX names protocol, intervals and chance, and escapes', () => {
  const latex = reportToLatex(report);
  expect(latex).toContain('Clips \\& 100 \\% of\\_them: colour, cosine; protocol group-excluded; 40 of 40 queries');
  expect(latex).toMatch(/Hit@1 & \d+\.\d \{\[\}\d+\.\d, \d+\.\d\{\]\} & /);
  expect(reportToLatex(sampleReport(0.6, '\\input{x}^~'))).toContain(
    '\\textbackslash{}input\\{x\\}\\textasciicircum{}\\textasciitilde{}',
  );
  expect(describeScorer({ ...report, scorer: { name: 'frame-knn', neighbours: 3 } })).toBe('colour, frame-knn, K = 3');
});

test('LaTeX has a row a class and the most confused pairs, each as wide as its head', () => {
  const latex = reportToLatex({ ...report, dataSet: { ...report.dataSet, classes: ['A_1 & 50 %', '[x]'] } });
  const rows = latex.split('\n').filter((line) => line.endsWith('\\\\') && !line.includes('caption'));
  const cells = (start: string) =>
    rows
      .find((line) => line.trim().startsWith(start))
      ?.split(/(?<!\\)&/)
      .map((cell) => cell.trim());
  const [first] = report.classes;
  const hit = report.summary.findIndex(({ metric }) => metric === 'hit@1');
  expect(cells('A\\_1')?.slice(0, 4)).toEqual([
    'A\\_1 \\& 50 \\%',
    `${first?.videos}`,
    `${first?.queries}`,
    (100 * (first?.values[hit] as number)).toFixed(1),
  ]);
  expect(cells('A\\_1')).toHaveLength(cells('Class')?.length ?? 0);
  expect(cells('{[}x{]}')).toHaveLength(cells('Class')?.length ?? 0);
  expect(rows.filter((line) => /(A\\_1|\{\[\}x\{\]\}).*(A\\_1|\{\[\}x\{\]\})/.test(line))).toHaveLength(2);
});

test('the view of one query agrees with its metrics, and cells list their queries', () => {
  const at5 = report.summary.findIndex(({ metric }) => metric === 'precision@5');
  const recall = report.summary.findIndex(({ metric }) => metric === 'recall@5');
  const f1 = report.summary.findIndex(({ metric }) => metric === 'f1@5');
  report.queries.video.forEach((_, i) => {
    const view = singleQuery(report, i, 5);
    expect(view.precision).toBe(report.queries.values[at5]?.[i]);
    expect(view.recall).toBe(report.queries.values[recall]?.[i]);
    expect(view.f1).toBeCloseTo(report.queries.values[f1]?.[i] as number, 12);
    expect(view.classes.reduce((sum, { count }) => sum + count, 0)).toBe(5);
  });
  const cell = (row: number, column: number, counted?: Counted) =>
    queriesOfCell(report, { truth: [row], predicted: [column] }, counted);
  const { rows, columns, counts } = report.confusion.top1;
  expect(rows.map((row, i) => cell(row, columns[i] as number).length)).toEqual(counts);
  const of5 = report.confusion.topK as EvaluationReport['confusion']['top1'];
  const places = (row: number, column: number) =>
    cell(row, column, 'topK').reduce((sum, { places }) => sum + places.length, 0);
  expect(of5.rows.map((row, i) => places(row, of5.columns[i] as number))).toEqual(of5.counts);

  // A line that gathers classes opens what lies in all of its cells.
  const every = report.dataSet.classes.map((_, label) => label);
  const [first, ...others] = every as [number, ...number[]];
  const sum = (truth: readonly number[], predicted: readonly number[]) =>
    counts.reduce(
      (total, count, i) =>
        truth.includes(rows[i] as number) && predicted.includes(columns[i] as number) ? total + count : total,
      0,
    );
  for (const [truth, predicted] of [
    [[first], others],
    [others, [first]],
    [others, others],
    [every, every],
  ] as const)
    expect(queriesOfCell(report, { truth, predicted })).toHaveLength(sum(truth, predicted));
});

test('a better descriptor is told from a worse one, a report not from itself', () => {
  const better = compareReports(sampleReport(2), report);
  expect(better).toMatchObject({ queries: 40, onlyFirst: 0, onlySecond: 0 });
  expect(better.rows.find(({ metric }) => metric === 'ap')?.difference).toBeGreaterThan(0);
  expect(better.rows.find(({ metric }) => metric === 'ap')?.p).toBeLessThan(0.05);
  expect(compareReports(report, report).rows.every(({ p, difference }) => p === 1 && difference === 0)).toBe(true);
});

test('changes since a report', () => {
  const [descriptor] = report.descriptors as [EvaluationReport['descriptors'][number]];
  const ids = report.dataSet.videos.map(({ id }) => id);
  expect(changesSince(report, { dataSetHash: 'h', descriptors: [descriptor], ids })).toEqual([]);
  const replaced = ids.with(3, '12-another');
  expect(changesSince(report, { dataSetHash: 'h', descriptors: [descriptor], ids: replaced })).toEqual(['contents']);
  const imported = ids.map((id) => `import:0:${id}`);
  expect(changesSince(report, { dataSetHash: 'h', descriptors: [descriptor], ids: imported })).toEqual([]);
  expect(
    changesSince(report, {
      dataSetHash: 'i',
      ids: replaced,
      descriptors: [{ ...descriptor, modelHash: 'm', sampling: 'every frame' }],
    }),
  ).toEqual(['data', 'model', 'sampling']);
});
