import { classRanks } from '../evaluation/class-average-precision';
import { type Confusion, classScorer, confusionCounter } from '../evaluation/confusion';
import type { EvaluationSet } from '../evaluation/evaluation-set';
import { type PooledCurves, pooledPairs } from '../evaluation/pooled-curves';
import { interpolatedPrecision, truePositiveRates } from '../evaluation/query-accumulator';
import type { Interval } from '../evaluation/resampling';
import type { Epoch } from './fit-network';
import { likeliest } from './head';
import {
  bestThresholds,
  type Calibration,
  calibrationOf,
  type ScoreHistograms,
  scoreHistograms,
} from './score-histograms';
import { scoreIntervals } from './score-intervals';
import type { TrainSettings } from './settings';
import type { Part, TrainingData } from './training-data';

export type ClassifyMetric = 'map-macro' | 'map-micro' | 'accuracy' | 'precision' | 'recall' | 'f1';

/** Tells whose examples a head learnt from and was tested on. */
export type ExamplesKey = {
  readonly from: 'library' | 'files';
  /** Of names, labels, groups, parts and vectors. */
  readonly hash: string;
};

/** Everything a test found. */
export type ClassifyReport = {
  readonly settings: TrainSettings;
  /** Absent from reports kept before it was recorded. */
  readonly examples?: ExamplesKey;
  readonly classes: readonly string[];
  readonly counts: {
    readonly train: number;
    readonly validation: number;
    readonly test: number;
    /** In no part of the split. */
    readonly unused: number;
    /** Of the test part: no label that training saw. */
    readonly leftOut: number;
    /** Labelled, without a vector of the space. */
    readonly withoutVectors: number;
    /** Values of a vector that never vary in training. */
    readonly constant: number;
    /** Examples of the test part left out for lack of memory. */
    readonly untested: number;
    /** Test videos of whose group training saw others. */
    readonly sharedGroups: number;
  };
  readonly unseen: readonly string[];
  readonly groupsKnown: boolean;
  /** Which epoch's weights were kept; undefined for nearest neighbours. */
  readonly epoch: number | undefined;
  readonly epochs: readonly Epoch[];
  /** Where it was trained; undefined for nearest neighbours. */
  readonly device: string | undefined;
  readonly summary: readonly {
    readonly metric: ClassifyMetric;
    readonly value: number;
    readonly interval: Interval | undefined;
    /** Expected of guesses; undefined where that is no fixed number. */
    readonly chance: number | undefined;
  }[];
  /** One row a class, in their order. */
  readonly rows: readonly {
    readonly train: number;
    readonly test: number;
    /** Undefined without test videos. */
    readonly averagePrecision: number | undefined;
    readonly precision: number;
    readonly recall: number;
    readonly f1: number;
  }[];
  readonly confusion: Confusion;
  readonly thresholds: {
    readonly histograms: ScoreHistograms;
    /** Of best F1, one a class, chosen on the validation part; undefined without one. */
    readonly best: Float32Array | undefined;
  };
  readonly calibration: Calibration;
  /** Of each test video: whether its likeliest label is right, and the precision of its labels in the ranking of labels. */
  readonly tested: {
    readonly paths: readonly string[];
    readonly groups: Int32Array;
    readonly right: Uint8Array;
    readonly ranking: Float32Array;
  };
  readonly curves: {
    readonly pooled: PooledCurves;
    /** Over classes: 11-point interpolated precision; true positive rate at false positive rates 0, 0.01 .. 1. */
    readonly interpolated: readonly number[];
    readonly rates: readonly number[];
  };
};

export type JudgeTask = {
  readonly set: EvaluationSet;
  readonly data: TrainingData;
  readonly settings: TrainSettings;
  readonly examples: ExamplesKey;
  readonly withoutVectors: number;
  readonly constant: number;
  readonly untested: number;
  readonly epoch: number | undefined;
  readonly epochs: readonly Epoch[];
  readonly device: string | undefined;
  /** Of the test part, and of the validation part where there is one, [videos x classes]. */
  readonly probabilities: Float32Array;
  readonly validated: Float32Array | undefined;
};

const rowsAtOnce = 256;

/** Judges a head on the test part. A video's predicted label is its likeliest, or all of at least one half where it may
 * have several. Yields often, giving the share done. */
export function* judgeHead(task: JudgeTask): Generator<number, ClassifyReport> {
  const { set, data, settings, probabilities } = task;
  const { classes, train, test } = data;
  const width = classes.length;
  const samples = test.videos.length;
  const confusion = confusionCounter(width);
  const scorer = classScorer(width);
  const pool = pooledPairs(probabilities.length);
  const right = new Uint8Array(samples);
  const ranking = new Float32Array(samples);
  const first = likeliest(probabilities, width);
  for (let i = 0; i < samples; i++) {
    const row = probabilities.subarray(i * width, (i + 1) * width);
    const likeliestAlone = first.subarray(i, i + 1);
    const own = settings.outcome === 'one-label' ? likeliestAlone : likelyLabels(row);
    const truth = labelsOf(test, i);
    right[i] = truth.includes(first[i] as number) ? 1 : 0;
    ranking[i] = labelRanking(row, truth);
    confusion.add(truth, own.length > 0 ? own : likeliestAlone);
    scorer.add(truth, own);
    const isRelevant = new Uint8Array(width);
    for (const label of truth) isRelevant[label] = 1;
    pool.add(row, isRelevant);
    if (i % rowsAtOnce === 0) yield (0.2 * i) / samples;
  }
  const pooled = pool.finish();
  yield 0.2;
  const { precisions, ...curves } = yield* shareOf(0.2, 0.4, overClasses(probabilities, width, test));
  const clusters = test.videos.map((video) => set.groups[video] as number);
  const resampling = { clusters, seed: settings.split.seed };
  const intervals = yield* shareOf(0.4, 1, scoreIntervals(probabilities, width, test, resampling));
  const scores = scorer.finish();
  const [trained, tested] = [countsOf(train, width), countsOf(test, width)];
  const rows = scores.map(({ precision, recall, f1 }, label) => ({
    train: trained[label] as number,
    test: tested[label] as number,
    averagePrecision: precisions[label],
    precision,
    recall,
    f1,
  }));
  const present = rows.filter((row) => row.test > 0);
  const rightly = right.reduce((sum, each) => sum + each, 0);
  const histograms = scoreHistograms(probabilities, width, test);
  const validated = task.validated && scoreHistograms(task.validated, width, data.validation);
  const mean = (of: (row: (typeof rows)[number]) => number) =>
    present.reduce((sum, row) => sum + of(row), 0) / present.length;
  const common = Math.max(...trained);
  const likely = tested[trained.indexOf(common)] ?? 0;
  const plain = { interval: undefined, chance: undefined };
  return {
    settings,
    examples: task.examples,
    classes,
    counts: {
      train: train.videos.length,
      validation: data.validation.videos.length,
      test: samples,
      unused: data.unused,
      leftOut: data.leftOut,
      withoutVectors: task.withoutVectors,
      constant: task.constant,
      untested: task.untested,
      sharedGroups: set.groupsKnown ? sharedGroups(set, data) : 0,
    },
    unseen: data.unseen,
    groupsKnown: set.groupsKnown,
    epoch: task.epoch,
    epochs: task.epochs,
    device: task.device,
    summary: [
      {
        metric: 'map-macro',
        value: mean(({ averagePrecision = 0 }) => averagePrecision),
        interval: intervals.macro,
        chance: mean((row) => row.test / samples),
      },
      {
        metric: 'map-micro',
        value: pooled.averagePrecision,
        interval: intervals.micro,
        chance: pooled.relevant / pooled.pairs,
      },
      // The best blind guess: the label that most training videos have.
      { metric: 'accuracy', value: rightly / samples, interval: intervals.accuracy, chance: likely / samples },
      { metric: 'precision', value: mean(({ precision }) => precision), ...plain },
      { metric: 'recall', value: mean(({ recall }) => recall), ...plain },
      { metric: 'f1', value: mean(({ f1 }) => f1), ...plain },
    ],
    rows,
    confusion: confusion.finish(),
    thresholds: { histograms, best: validated && bestThresholds(validated) },
    calibration: calibrationOf(histograms),
    tested: {
      paths: Array.from(test.videos, (video) => set.videos[video]?.path ?? ''),
      groups: clusters,
      right,
      ranking,
    },
    curves: { pooled, ...curves },
  };
}

/** Mean over a row's labels of the share of labels among those that score at least as much (Tsoumakas et al. 2010). */
function labelRanking(row: Float32Array, truth: Int32Array): number {
  let sum = 0;
  for (const label of truth) {
    const score = row[label] as number;
    let [above, right] = [0, 0];
    for (let other = 0; other < row.length; other++) if ((row[other] as number) >= score) above++;
    for (const other of truth) if ((row[other] as number) >= score) right++;
    sum += right / above;
  }
  return truth.length === 0 ? 0 : sum / truth.length;
}

function sharedGroups(set: EvaluationSet, { train, validation, test }: TrainingData): number {
  const seen = new Set([...train.videos, ...validation.videos].map((video) => set.groups[video] as number));
  return test.videos.filter((video) => seen.has(set.groups[video] as number)).length;
}

/** Classes that a video which may have several is taken for. */
const likelyLabels = (row: Float32Array) =>
  Int32Array.from(row.keys()).filter((label) => (row[label] as number) >= 0.5);

const labelsOf = ({ labels, labelStarts }: Part, i: number): Int32Array =>
  labels.subarray(labelStarts[i], labelStarts[i + 1]);

function countsOf({ labels }: Part, width: number): readonly number[] {
  const counts = Array<number>(width).fill(0);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts;
}

/** Of each class its average precision, undefined without test videos; over classes the mean curves. One step a class, giving
 * the share done. */
function* overClasses(probabilities: Float32Array, width: number, test: Part) {
  const precisions: (number | undefined)[] = [];
  const interpolated = new Float64Array(11);
  const rates = new Float64Array(101);
  const [precision, rate] = [new Float64Array(11), new Float64Array(101)];
  let present = 0;
  for (const ranks of classRanks(probabilities, width, test)) {
    const sum = ranks.reduce((before, at, i) => before + (i + 1) / at, 0);
    precisions.push(ranks.length === 0 ? undefined : sum / ranks.length);
    if (ranks.length > 0) {
      present++;
      interpolatedPrecision(ranks, precision);
      truePositiveRates(ranks, test.videos.length - ranks.length, rate);
      precision.forEach((value, i) => {
        interpolated[i] = (interpolated[i] as number) + value;
      });
      rate.forEach((value, i) => {
        rates[i] = (rates[i] as number) + value;
      });
    }
    yield precisions.length / width;
  }
  return {
    precisions,
    interpolated: Array.from(interpolated, (sum) => sum / present),
    rates: Array.from(rates, (sum) => sum / present),
  };
}

/** The same steps, their shares as a part of a longer work. */
function* shareOf<Result>(from: number, to: number, steps: Generator<number, Result>): Generator<number, Result> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    yield from + (to - from) * step.value;
  }
}
