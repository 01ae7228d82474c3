import { expect, test } from 'vitest';
import { buffersOf, isPackedReport, isReport, packReport, unpackReport } from './packed-report';
import { sampleReport } from './report.fixture';
import { writeReport } from './report-json';

function resultOf<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const ranked = sampleReport(0.6);
const [first, ...others] = ranked.dataSet.videos as [
  (typeof ranked.dataSet.videos)[0],
  ...typeof ranked.dataSet.videos,
];
const voted = {
  ...ranked,
  curves: null,
  dataSet: {
    ...ranked.dataSet,
    videos: [{ ...first, split: 'train' as const, labels: [0, 1], group: null }, ...others],
  },
  queries: { ...ranked.queries, predicted: ranked.queries.video.map((i) => i % 2) },
};
const cases = [
  ['a ranking', ranked],
  ['votes', voted],
] as const;

test.each(cases)('a report of %s comes back from between threads as it was', (_, report) => {
  const packed = resultOf(packReport(report));
  const sent = structuredClone(packed, { transfer: buffersOf(packed) as ArrayBuffer[] });
  expect(packed.top.flat).toHaveLength(0);
  expect([isPackedReport(sent), isReport(sent), isReport(report)]).toEqual([true, false, true]);
  expect(resultOf(unpackReport(sent))).toStrictEqual(report);
});

test.each(cases)('the JSON of %s, written in parts, is that of the whole', (_, report) => {
  const long = { ...report, excluded: Array.from({ length: 1201 }, (__, i) => i) };
  const parts: string[] = [];
  resultOf(writeReport(long, (part) => parts.push(part)));
  expect(JSON.parse(parts.join(''))).toStrictEqual(long);
});
