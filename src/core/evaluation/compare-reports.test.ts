import { expect, test } from 'vitest';
import { compareReports } from './compare-reports';
import { sampleReport } from './report.fixture';
import { queryNames } from './single-query';

/** Two videos of one name, of which only the first is found at once. */
const report = (first: string, second: string) => {
  const own = sampleReport(0.6);
  const videos = own.dataSet.videos.slice(0, 2).map((video, i) => ({
    ...video,
    id: i === 0 ? first : second,
    path: 'clip.mp4',
    labels: [0],
  }));
  const values = own.queries.values.map(() => [1, 0]);
  return { ...own, dataSet: { ...own.dataSet, videos }, queries: { ...own.queries, video: [0, 1], values } };
};

test('queries of one path are told apart', () => {
  expect([...queryNames(report('a', 'b'))]).toEqual([
    ['clip.mp4', 0],
    ['clip.mp4 (2)', 1],
  ]);
});

test('queries of one path are paired by content', () => {
  const same = compareReports(report('a', 'b'), report('a', 'b'), { permutations: 10, seed: 1 });
  expect(same).toMatchObject({ queries: 2, onlyFirst: 0, onlySecond: 0 });
  expect(same.rows[0]).toMatchObject({ first: 0.5, second: 0.5, difference: 0, p: 1 });
  const [row] = compareReports(report('a', 'b'), report('b', 'a'), { permutations: 10, seed: 1 }).rows;
  expect(row).toMatchObject({ first: 0.5, second: 0.5 });
  // From another profile, by path: each once.
  expect(compareReports(report('a', 'b'), report('c', 'd'), { permutations: 10, seed: 1 }).queries).toBe(2);
});

test('reports of different protocols are said to be so', () => {
  const own = sampleReport(0.6);
  expect(compareReports(own, own, { permutations: 10, seed: 1 }).protocols).toBeUndefined();
  const loose = { ...own, protocol: { name: 'leave-one-out' as const } };
  expect(compareReports(own, loose, { permutations: 10, seed: 1 }).protocols).toEqual([
    'group-excluded',
    'leave-one-out',
  ]);
});
