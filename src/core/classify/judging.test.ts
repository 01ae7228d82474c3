import { describe, expect, it } from 'vitest';
import { evaluationSet, type LabelledVideo } from '../evaluation/evaluation-set';
import { adviceOf } from './advice';
import { type ExamplesKey, judgeHead } from './classify-report';
import { compareHeads } from './compare-heads';
import { matrixRows } from './rows';
import { atThreshold, bestThresholds, calibrationOf, scoreHistograms } from './score-histograms';
import type { TrainSettings } from './settings';
import { trainingData } from './training-data';

const samples = { labels: Int32Array.of(0, 1, 0, 1), labelStarts: Int32Array.of(0, 1, 2, 3, 4) };
const scores = Float32Array.of(0.9, 0.1, 0.3, 0.7, 0.4, 0.6, 0.2, 0.8);

describe('thresholds', () => {
  const histograms = scoreHistograms(scores, 2, samples);

  it('tell precision, recall and F1 as counted by hand', () => {
    expect(atThreshold(histograms, 0, 0.5)).toEqual({ precision: 1, recall: 0.5, f1: 2 / 3 });
    expect(atThreshold(histograms, 0, 0.3)).toEqual({ precision: 2 / 3, recall: 1, f1: 0.8 });
    expect(atThreshold(histograms, 1, 0.95)).toEqual({ precision: 0, recall: 0, f1: 0 });
  });

  it('of best F1 part what can be parted', () => {
    const [first, second] = bestThresholds(histograms);
    expect(first).toBeCloseTo(0.31, 5);
    expect(second).toBeCloseTo(0.61, 5);
    expect(
      bestThresholds(
        scoreHistograms(scores, 2, { labels: Int32Array.of(), labelStarts: Int32Array.of(0, 0, 0, 0, 0) }),
      ),
    ).toEqual(Float32Array.of(0.5, 0.5));
  });

  it('accept what scores exactly as much', () => {
    const exact = scoreHistograms(Float32Array.of(0.5, 0.29, 1), 1, {
      labels: Int32Array.of(0, 0, 0),
      labelStarts: Int32Array.of(0, 1, 2, 3),
    });
    expect(atThreshold(exact, 0, 0.5).recall).toBeCloseTo(2 / 3, 9);
    expect(atThreshold(exact, 0, 0.29).recall).toBe(1);
    expect(atThreshold(exact, 0, 1).recall).toBeCloseTo(1 / 3, 9);
  });
});

it('calibration compares what is told with what is', () => {
  const half = scoreHistograms(
    Float32Array.from({ length: 8 }, (_, i) => (i < 4 ? 0.85 : 0.05)),
    1,
    {
      labels: Int32Array.of(0, 0, 0),
      labelStarts: Int32Array.of(0, 1, 2, 3, 3, 3, 3, 3, 3),
    },
  );
  const { points, error } = calibrationOf(half);
  expect(points.map(({ right, pairs }) => [right, pairs])).toEqual([
    [0, 4],
    [0.75, 4],
  ]);
  expect(error).toBeCloseTo((0.055 + 0.105) / 2, 3);
});

const settings = (split: TrainSettings['split']['name']): TrainSettings => ({
  head: { name: 'logistic', l2: 1 },
  outcome: 'one-label',
  scaling: 'none',
  split: { name: split, test: 0.5, validation: 0, seed: 1 },
  descent: { epochs: 1, batch: 8, learningRate: 0.1, patience: 5 },
});

/** Two labels, groups of two clips; `wrong` of the test videos are told as the other label. */
const library: ExamplesKey = { from: 'library', hash: 'a' };

function report(split: TrainSettings['split']['name'], wrong: number, examples = library) {
  const videos = Array.from({ length: 24 }, (_, i): LabelledVideo => {
    const label = i % 2 ? 'B' : 'A';
    return { id: `${i}`, path: `${label}/${String(i).padStart(2, '0')}`, labels: [label], group: `g${i >> 2}${label}` };
  });
  const set = evaluationSet(videos);
  const rows = matrixRows(
    Float32Array.from(set.videos, (_, i) => i),
    1,
  );
  const data = trainingData(set, rows, settings(split).split);
  const probabilities = new Float32Array(data.test.videos.length * 2);
  data.test.videos.forEach((_, i) => {
    const truth = data.test.labels[i] as number;
    const told = i < wrong ? 1 - truth : truth;
    probabilities.set(told === 0 ? [0.9, 0.1] : [0.1, 0.9], 2 * i);
  });
  const judging = judgeHead({
    set,
    data,
    settings: settings(split),
    examples,
    withoutVectors: 0,
    untested: 0,
    constant: 0,
    epoch: 1,
    epochs: [],
    device: 'wasm',
    probabilities,
    validated: undefined,
  });
  let step = judging.next();
  while (!step.done) step = judging.next();
  return step.value;
}

describe('advice', () => {
  it('is silent where all is well', () => {
    expect(adviceOf(report('groups', 0)).map(({ about }) => about)).toEqual(['calibration']);
  });

  it('names confused pairs, and leaks of groups', () => {
    const told = adviceOf(report('ratio', 3));
    expect(told[0]).toMatchObject({ about: 'leakage' });
    expect(told.find(({ about }) => about === 'confused')).toMatchObject({ pairs: [{ truth: 'A', predicted: 'B' }] });
  });
});

describe('two heads of one split', () => {
  it('are compared over common tests', () => {
    const [good, bad] = [report('groups', 0), report('groups', 6)];
    const same = compareHeads(good, good);
    expect(same).toMatchObject({ videos: good.counts.test, accuracy: { difference: 0, p: 1 }, better: [] });
    const found = compareHeads(bad, good);
    expect(found?.accuracy.difference).toBeCloseTo(-6 / good.counts.test, 9);
    expect(found?.accuracy.p).toBeLessThan(0.5);
    expect(found?.better[0]).toMatchObject({ label: 'B', second: 1 });
  });

  it('are not compared where files held other examples of the same names', () => {
    const [here, there] = [report('groups', 0, { from: 'files', hash: 'a' }), report('groups', 6)];
    const other = report('groups', 6, { from: 'files', hash: 'b' });
    expect(compareHeads(here, there)).toBeUndefined();
    expect(compareHeads(here, other)).toBeUndefined();
    expect(compareHeads(here, report('groups', 6, { from: 'files', hash: 'a' }))).toBeDefined();
    // A video was added to the library since.
    expect(compareHeads(there, report('groups', 0, { from: 'library', hash: 'b' }))).toBeDefined();
  });
});
