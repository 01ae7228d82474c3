import type { Split } from './ground-truth';

/** Where a set's makers put a video; `validation` chooses when training stops, and is of no use elsewhere. */
export type OfficialPart = Split | 'validation';

/** A library video with its ground truth. */
export type LabelledVideo = {
  readonly id: string;
  readonly path: string;
  readonly labels: readonly string[];
  readonly group?: string;
  readonly split?: OfficialPart;
};

/** Labelled videos in the order that settles ties: by path, then id, in UTF-16 code units. Vectors are laid out alike. */
export type EvaluationSet = {
  readonly videos: readonly LabelledVideo[];
  /** Class names in code unit order; a class is its index. */
  readonly classes: readonly string[];
  /** Classes of video i: `labels[labelStarts[i]..labelStarts[i + 1]]`, ascending. */
  readonly labels: Int32Array;
  readonly labelStarts: Int32Array;
  /** Group of each video; a video without one is a group of its own. */
  readonly groups: Int32Array;
  readonly groupCount: number;
  /** Whether any video came with a group. */
  readonly groupsKnown: boolean;
  /** Videos left out because they have no label. */
  readonly unlabelled: number;
};

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function evaluationSet(given: readonly LabelledVideo[]): EvaluationSet {
  const videos = given
    .filter(({ labels }) => labels.length > 0)
    .sort((a, b) => order(a.path, b.path) || order(a.id, b.id));
  const classes = [...new Set(videos.flatMap((video) => video.labels))].sort(order);
  const classIndex = new Map(classes.map((label, i) => [label, i]));
  const labels: number[] = [];
  const labelStarts = new Int32Array(videos.length + 1);
  const groups = new Int32Array(videos.length);
  const groupIndex = new Map<string, number>();
  let groupCount = 0;
  videos.forEach((video, i) => {
    const own = [...new Set(video.labels)].map((label) => classIndex.get(label) as number).sort((a, b) => a - b);
    labels.push(...own);
    labelStarts[i + 1] = labels.length;
    const known = video.group === undefined ? undefined : groupIndex.get(video.group);
    const group = known ?? groupCount++;
    if (video.group !== undefined) groupIndex.set(video.group, group);
    groups[i] = group;
  });
  return {
    videos,
    classes,
    labels: Int32Array.from(labels),
    labelStarts,
    groups,
    groupCount,
    groupsKnown: groupIndex.size > 0,
    unlabelled: given.length - videos.length,
  };
}

/** Classes of one video, ascending; a view. */
export function classesOf({ labels, labelStarts }: EvaluationSet, video: number): Int32Array {
  return labels.subarray(labelStarts[video], labelStarts[video + 1]);
}

/** Whether two videos share a class. */
export function sharesClass({ labels, labelStarts }: EvaluationSet, a: number, b: number): boolean {
  let i = labelStarts[a] as number;
  let j = labelStarts[b] as number;
  const endA = labelStarts[a + 1] as number;
  const endB = labelStarts[b + 1] as number;
  while (i < endA && j < endB) {
    const difference = (labels[i] as number) - (labels[j] as number);
    if (difference === 0) return true;
    if (difference < 0) i++;
    else j++;
  }
  return false;
}

/** Canonical text of paths, labels, groups and splits; its SHA-256 is the data-set hash of a report. */
export function dataSetText({ videos }: EvaluationSet): string {
  return videos
    .map(({ path, labels, group, split }) =>
      JSON.stringify([path, [...new Set(labels)].sort(order), group ?? null, split ?? null]),
    )
    .join('\n');
}
