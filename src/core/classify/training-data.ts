import { AppError } from '../errors';
import { classesOf, type EvaluationSet } from '../evaluation/evaluation-set';
import type { Rows } from './rows';
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

/** Divides a set and checks that there is something to learn. `rows` holds a vector of each video of the set.
 * Errors: `training-impossible`, with the reason. */
export function trainingData(set: EvaluationSet, rows: Rows, split: SplitSettings): TrainingData {
  if (set.videos.length === 0) throw impossible('no labelled video has vectors of this descriptor');
  if (set.classes.length < 2) {
    throw impossible(`all ${set.videos.length} labelled videos are “${set.classes[0]}”, and it takes two labels`);
  }
  const broken = firstBroken(rows);
  if (broken) {
    const video = set.videos[broken.row]?.path;
    throw impossible(`value ${broken.column} of the vector of ${video} is not a number`);
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
  if (isConstant(rows, parts.train)) {
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

/** At most so many entries of a part, evenly over it. */
export function someOf(part: Part, limit: number): Part {
  const count = part.videos.length;
  if (count <= limit) return part;
  const kept = Int32Array.from({ length: limit }, (_, i) => Math.floor((i * count) / limit));
  const labels: number[] = [];
  const labelStarts = new Int32Array(limit + 1);
  kept.forEach((entry, i) => {
    labels.push(...part.labels.subarray(part.labelStarts[entry], part.labelStarts[entry + 1]));
    labelStarts[i + 1] = labels.length;
  });
  return { videos: kept.map((entry) => part.videos[entry] as number), labels: Int32Array.from(labels), labelStarts };
}

const rowsAtOnce = 256;

function firstBroken(rows: Rows): { readonly row: number; readonly column: number } | undefined {
  for (let from = 0; from < rows.count; from += rowsAtOnce) {
    const some = Int32Array.from({ length: Math.min(rowsAtOnce, rows.count - from) }, (_, i) => from + i);
    const at = rows.read(some).findIndex((value) => !Number.isFinite(value));
    if (at >= 0) return { row: from + Math.floor(at / rows.dimensions), column: at % rows.dimensions };
  }
  return undefined;
}

function isConstant(rows: Rows, some: Int32Array): boolean {
  const first = rows.read(some.subarray(0, 1));
  return some.every((row) => rows.read([row]).every((value, d) => value === first[d]));
}

const impossible = (reason: string) =>
  new AppError('training-impossible', `Nothing to train on: ${reason}`, { reason });
