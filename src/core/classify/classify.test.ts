import { describe, expect, it } from 'vitest';
import type { AppError } from '../errors';
import { evaluationSet, type LabelledVideo, type OfficialPart } from '../evaluation/evaluation-set';
import { neighbourVotes } from './neighbours';
import { fitPreprocessing, preprocessedRows } from './preprocessing';
import { matrixRows } from './rows';
import { scoreIntervals } from './score-intervals';
import type { SplitSettings } from './settings';
import { splitVideos } from './split';
import { trainingData } from './training-data';

const video = (label: string, group: number, clip: number, split?: OfficialPart): LabelledVideo => ({
  id: `${label}${group}${clip}`,
  path: `${label}/${group}-${clip}.mp4`,
  labels: [label],
  group: `${label}${group}`,
  ...(split && { split }),
});
const videos = ['A', 'B'].flatMap((label) =>
  [1, 2, 3, 4, 5, 6].flatMap((group) => [video(label, group, 1), video(label, group, 2)]),
);
const split: SplitSettings = { name: 'groups', test: 0.34, validation: 0.25, seed: 1 };
const rowsOf = (set: readonly unknown[], of = (i: number) => [i, -i]) =>
  matrixRows(Float32Array.from(set.flatMap((_, i) => of(i))), 2);

describe('splits', () => {
  const set = evaluationSet(videos);
  const groupsOf = (part: Int32Array) => new Set([...part].map((i) => set.videos[i]?.group));

  it('keep groups together, share nothing and leave nothing', () => {
    const { train, validation, test } = splitVideos(set, split);
    expect([train.length, validation.length, test.length]).toEqual([12, 4, 8]);
    const groups = [train, validation, test].map(groupsOf);
    expect(groups.reduce((sum, part) => sum + part.size, 0)).toBe(new Set(groups.flatMap((part) => [...part])).size);
    expect([...train, ...validation, ...test].sort((a, b) => a - b)).toEqual([...set.videos.keys()]);
  });

  it('are the same with the same seed, and others with another', () => {
    expect(splitVideos(set, split)).toEqual(splitVideos(set, split));
    expect(splitVideos(set, { ...split, seed: 2 })).not.toEqual(splitVideos(set, split));
  });

  it('validate on the official part for that, where there is one and it is wanted', () => {
    const parts = (['train', 'validation', 'test'] as const).flatMap((part, group) =>
      [1, 2, 3, 4].map((clip) => video('A', group, clip, part)),
    );
    const official = { ...split, name: 'official' } as const;
    expect(splitVideos(evaluationSet(parts), official)).toEqual({
      train: Int32Array.of(0, 1, 2, 3),
      validation: Int32Array.of(4, 5, 6, 7),
      test: Int32Array.of(8, 9, 10, 11),
    });
    const without = splitVideos(evaluationSet(parts), { ...official, validation: 0 });
    expect([without.train.length, without.validation.length]).toEqual([4, 0]);
  });
});

describe('training data', () => {
  const reason = (list: readonly LabelledVideo[], rows = rowsOf(list), how = split): string => {
    try {
      trainingData(evaluationSet(list), rows, how);
    } catch (error) {
      return String((error as AppError).details.reason);
    }
    return '';
  };

  it('is refused in words', () => {
    expect(reason([])).toContain('no labelled video has vectors');
    expect(reason(videos.slice(0, 12))).toContain('all 12 labelled videos are “A”');
    expect(
      reason(
        videos,
        rowsOf(videos, (i) => [0, i === 3 ? Number.NaN : i]),
      ),
    ).toContain('value 1 of the vector of A/2-2.mp4 is not a number');
    expect(
      reason(
        videos,
        rowsOf(videos, () => [1, 2]),
      ),
    ).toContain('are equal');
    expect(reason(videos, undefined, { ...split, name: 'official' })).toContain('name no train and test videos');
    expect(
      reason([video('A', 1, 1, 'train'), video('B', 1, 1, 'test')], undefined, { ...split, name: 'official' }),
    ).toContain('1 videos of 1 label to train on');
  });

  it('names labels that only the test has', () => {
    const list = [
      ...['A', 'B'].flatMap((label) => [video(label, 1, 1, 'train'), video(label, 2, 1, 'test')]),
      video('C', 1, 1, 'test'),
    ];
    const data = trainingData(evaluationSet(list), rowsOf(list), { ...split, name: 'official', validation: 0 });
    expect(data).toMatchObject({ classes: ['A', 'B'], unseen: ['C'], leftOut: 1, unused: 0 });
    expect(data.test.videos).toHaveLength(2);
  });
});

describe('preprocessing', () => {
  const rows = matrixRows(Float32Array.of(1, 5, 3, 5, 100, 7), 2);

  it('standardises by the training rows alone, and ignores what never varies in them', () => {
    const fitted = fitPreprocessing(rows, Int32Array.of(0, 1), 'standardise');
    expect([...preprocessedRows(rows, fitted).read([0, 1, 2])]).toEqual([-1, 0, 1, 0, 98, 0]);
  });

  it('takes the signed root to unit length', () => {
    const fitted = fitPreprocessing(rows, Int32Array.of(0), 'root');
    const [a, b] = preprocessedRows(matrixRows(Float32Array.of(-9, 16), 2), fitted).read([0]);
    expect([a, b]).toEqual([expect.closeTo(-0.6, 6), expect.closeTo(0.8, 6)]);
  });
});

it('lets the nearest vote with their similarity', () => {
  const vectors = Float32Array.of(1, 0, 0.6, 0.8, 0, 1, -1, 0);
  const voters = {
    name: 'nearest-neighbours' as const,
    neighbours: 2,
    vectors,
    labels: Int32Array.of(0, 1, 1, 1),
    labelStarts: Int32Array.of(0, 1, 2, 3, 4),
  };
  const votes = neighbourVotes(voters, Float32Array.of(2, 0), 2, 2);
  let step = votes.next();
  while (!step.done) step = votes.next();
  expect([...step.value]).toEqual([expect.closeTo(1 / 1.6, 6), expect.closeTo(0.6 / 1.6, 6)]);
});

describe('intervals', () => {
  const samples = { labels: Int32Array.of(0, 0, 1, 1, 0, 1), labelStarts: Int32Array.of(0, 1, 2, 3, 4, 5, 6) };
  const run = (scores: Float32Array, clusters: Int32Array) => {
    const steps = scoreIntervals(scores, 2, samples, { clusters, seed: 5 });
    let step = steps.next();
    while (!step.done) step = steps.next();
    return step.value;
  };

  it('are one point where every video is told rightly', () => {
    const scores = Float32Array.of(0.9, 0.1, 0.8, 0.2, 0.2, 0.8, 0.3, 0.7, 0.9, 0.1, 0.1, 0.9);
    expect(run(scores, Int32Array.of(0, 1, 2, 3, 4, 5))).toEqual({ macro: [1, 1], micro: [1, 1], accuracy: [1, 1] });
  });

  it('hold what was measured, and are wider where videos come in groups', () => {
    const scores = Float32Array.of(0.9, 0.1, 0.3, 0.7, 0.2, 0.8, 0.6, 0.4, 0.9, 0.1, 0.1, 0.9);
    const alone = run(scores, Int32Array.of(0, 1, 2, 3, 4, 5));
    const grouped = run(scores, Int32Array.of(0, 1, 0, 1, 0, 0));
    expect(alone.accuracy[0]).toBeLessThan(4 / 6);
    expect(alone.accuracy[1]).toBeGreaterThan(4 / 6);
    expect(grouped.accuracy).toEqual([0, 1]);
  });
});
