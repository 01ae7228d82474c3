import { AppError } from '../errors';
import { classesOf, type EvaluationSet } from '../evaluation/evaluation-set';
import type { SplitSettings } from './settings';
import { splitVideos } from './split';

/** Labelled videos of one part, in order of the set, with their classes. */
export type Part = {
  readonly videos: Int32Array;
  /** Classes of entry i: `labels[labelStarts[i]..labelStarts[i + 1]]`, ascending. */
  readonly labels: Int32Array;
  readonly labelStarts: Int32Array;
};

export type TrainingData = {
  /** Names of the classes that training saw, in code unit order; a class is its index. */
  readonly classes: readonly string[];
  readonly train: Part;
  readonly validation: Part;
  readonly test: Part;
  /** Labels of test videos that training never saw, and the number of videos that have no other label: left out. */
  readonly unseen: readonly string[];
  readonly leftOut: number;
  /** Videos in no part. */
  readonly unused: number;
};

/** Divides a set and checks that there is something to learn. `matrix` holds a vector of each video of the set.
 * Errors: `training-impossible`, with the reason. */
export function trainingData(
  set: EvaluationSet,
  { matrix, dimensions }: { readonly matrix: Float32Array; readonly dimensions: number },
  split: SplitSettings,
): TrainingData {
  if (set.videos.length === 0) throw impossible('no labelled video has vectors of this descriptor');
  if (set.classes.length < 2) {
    throw impossible(`all ${set.videos.length} labelled videos are “${set.classes[0]}”, and it takes two labels`);
  }
  const broken = matrix.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) {
    const video = set.videos[Math.floor(broken / dimensions)]?.path;
    throw impossible(`value ${broken % dimensions} of the vector of ${video} is not a number`);
  }
  const parts = splitVideos(set, split);
  if (split.name === 'official' && (parts.train.length === 0 || parts.test.length === 0)) {
    throw impossible('the labels name no train and test videos (column Split, or UCF101’s lists)');
  }
  const seen = new Set<number>();
  for (const video of parts.train) for (const label of classesOf(set, video)) seen.add(label);
  if (seen.size < 2) {
    throw impossible(
      `the split leaves ${parts.train.length} videos of ${seen.size} label${seen.size === 1 ? '' : 's'} to train on`,
    );
  }
  if (parts.test.length === 0) throw impossible('the split leaves no video to test with');
  if (isConstant(matrix, dimensions, parts.train)) {
    throw impossible('all vectors of the training videos are equal');
  }
  const known = [...seen].sort((a, b) => a - b);
  const indexOf = new Map(known.map((label, i) => [label, i]));
  const unseen = new Set<string>();
  const part = (videos: Int32Array): Part => {
    const kept: number[] = [];
    const labels: number[] = [];
    const starts = [0];
    for (const video of videos) {
      const own: number[] = [];
      for (const label of classesOf(set, video)) {
        const index = indexOf.get(label);
        if (index === undefined) unseen.add(set.classes[label] as string);
        else own.push(index);
      }
      if (own.length === 0) continue;
      kept.push(video);
      labels.push(...own);
      starts.push(labels.length);
    }
    return { videos: Int32Array.from(kept), labels: Int32Array.from(labels), labelStarts: Int32Array.from(starts) };
  };
  const [train, validation] = [part(parts.train), part(parts.validation)];
  unseen.clear();
  const test = part(parts.test);
  if (test.videos.length === 0) throw impossible('no test video has a label that training saw');
  return {
    classes: known.map((label) => set.classes[label] as string),
    train,
    validation,
    test,
    unseen: [...unseen].sort(),
    leftOut: parts.test.length - test.videos.length,
    unused: set.videos.length - parts.train.length - parts.validation.length - parts.test.length,
  };
}

/** [videos x classes]: 1 for each class of a video; in shares of 1 where it has several but one is to be told. */
export function targetsOf({ labels, labelStarts }: Part, classCount: number, shared: boolean): Float32Array {
  const out = new Float32Array((labelStarts.length - 1) * classCount);
  for (let i = 0; i + 1 < labelStarts.length; i++) {
    const own = labels.subarray(labelStarts[i], labelStarts[i + 1]);
    for (const label of own) out[i * classCount + label] = shared ? 1 / own.length : 1;
  }
  return out;
}

function isConstant(matrix: Float32Array, dimensions: number, rows: Int32Array): boolean {
  const first = (rows[0] ?? 0) * dimensions;
  return rows.every((row) => {
    for (let d = 0; d < dimensions; d++) if (matrix[row * dimensions + d] !== matrix[first + d]) return false;
    return true;
  });
}

const impossible = (reason: string) =>
  new AppError('training-impossible', `Nothing to train on: ${reason}`, { reason });
