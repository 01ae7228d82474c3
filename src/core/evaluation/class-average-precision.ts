import { strictRanker } from './strict-ranks';

/**
 * Average precision of each class of a classifier, from its scores [samples x classes]: how well the class's samples rank
 * above the others, ties in the order of samples. Undefined for a class without samples. Their mean is mAP over classes.
 */
export function classAveragePrecisions(
  scores: Float32Array,
  classCount: number,
  { labels, labelStarts }: { readonly labels: Int32Array; readonly labelStarts: Int32Array },
): readonly (number | undefined)[] {
  const samples = labelStarts.length - 1;
  const rank = strictRanker(samples);
  const row = new Float32Array(samples);
  const isRelevant = new Uint8Array(samples);
  return Array.from({ length: classCount }, (_, label) => {
    for (let sample = 0; sample < samples; sample++) {
      row[sample] = scores[sample * classCount + label] as number;
      isRelevant[sample] = labels.subarray(labelStarts[sample], labelStarts[sample + 1]).includes(label) ? 1 : 0;
    }
    const relevant = Int32Array.from(isRelevant.keys()).filter((sample) => isRelevant[sample] === 1);
    const ranks = rank(row, relevant, isRelevant);
    return ranks.length === 0 ? undefined : ranks.reduce((sum, at, i) => sum + (i + 1) / at, 0) / ranks.length;
  });
}
