import { strictRanker } from './strict-ranks';

/** Classes of each sample: `labels[labelStarts[i]..labelStarts[i + 1]]`. */
export type SampleLabels = { readonly labels: Int32Array; readonly labelStarts: Int32Array };

/**
 * Ranks, 1 for the best and ascending, of each class's samples among all samples by a classifier's scores [samples x
 * classes], ties in the order of samples. Empty for a class without samples; a view, valid until the next step.
 */
export function* classRanks(
  scores: Float32Array,
  classCount: number,
  { labels, labelStarts }: SampleLabels,
): Generator<Int32Array> {
  const samples = labelStarts.length - 1;
  const rank = strictRanker(samples);
  const row = new Float32Array(samples);
  const isRelevant = new Uint8Array(samples);
  for (let label = 0; label < classCount; label++) {
    for (let sample = 0; sample < samples; sample++) {
      row[sample] = scores[sample * classCount + label] as number;
      isRelevant[sample] = labels.subarray(labelStarts[sample], labelStarts[sample + 1]).includes(label) ? 1 : 0;
    }
    yield rank(
      row,
      Int32Array.from(isRelevant.keys()).filter((sample) => isRelevant[sample] === 1),
      isRelevant,
    );
  }
}

/**
 * Average precision of each class of a classifier, from its scores [samples x classes]: how well the class's samples rank
 * above the others, ties in the order of samples. Undefined for a class without samples. Their mean is mAP over classes.
 */
export function classAveragePrecisions(
  scores: Float32Array,
  classCount: number,
  samples: SampleLabels,
): readonly (number | undefined)[] {
  return Array.from(classRanks(scores, classCount, samples), (ranks) =>
    ranks.length === 0 ? undefined : ranks.reduce((sum, at, i) => sum + (i + 1) / at, 0) / ranks.length,
  );
}
