import { expect, test } from 'vitest';
import { besidePublished, published, publishedKs } from './published';
import { sampleReport } from './report.fixture';

const report = sampleReport(0.6);
const ucf101 = (protocol: typeof report.protocol) => ({
  ...report,
  protocol,
  dataSet: {
    ...report.dataSet,
    classes: ['Archery', 'YoYo'],
    videos: report.dataSet.videos.map((video, i) => ({
      ...video,
      path: `UCF/v_${video.labels[0] === 0 ? 'Archery' : 'YoYo'}_g01_c${i}.avi`,
    })),
  },
});

test('only reports of the official split of UCF101 stand beside published numbers', () => {
  expect(besidePublished(report)).toBeUndefined();
  expect(besidePublished({ ...report, protocol: { name: 'official-split' } })).toBeUndefined();
  expect(besidePublished(ucf101({ name: 'leave-one-out' }))).toBeUndefined();
  expect(besidePublished(ucf101({ name: 'official-split' }))).toBe('part');
  expect(published.every(({ hits }) => hits.length === publishedKs.length)).toBe(true);
});

test('the class whose files are spelt otherwise than its folder is one of UCF101', () => {
  const of = ucf101({ name: 'official-split' });
  const videos = of.dataSet.videos.map((video, i) => ({
    ...video,
    path: `HandstandPushups/v_HandStandPushups_g01_c${i}.avi`,
  }));
  expect(
    besidePublished({ ...of, dataSet: { ...of.dataSet, classes: Array(2).fill('HandstandPushups'), videos } }),
  ).toBe('part');
});
