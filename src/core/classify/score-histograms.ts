import type { SampleLabels } from '../evaluation/class-average-precision';

/** Probabilities are counted in bins of one hundredth; a threshold of t / 100 accepts the bins from t on. */
export const bins = 101;

/** Examples by the probability of each class, [classes x 101]: those that are of the class, and the others. */
export type ScoreHistograms = { readonly positive: Uint32Array; readonly negative: Uint32Array };

export type AtThreshold = { readonly precision: number; readonly recall: number; readonly f1: number };

export function scoreHistograms(
  probabilities: Float32Array,
  classCount: number,
  { labels, labelStarts }: SampleLabels,
): ScoreHistograms {
  const positive = new Uint32Array(classCount * bins);
  const negative = new Uint32Array(classCount * bins);
  for (let sample = 0; sample + 1 < labelStarts.length; sample++) {
    const own = labels.subarray(labelStarts[sample], labelStarts[sample + 1]);
    for (let label = 0; label < classCount; label++) {
      const value = probabilities[sample * classCount + label] as number;
      const at = label * bins + Math.min(bins - 1, Math.floor(100 * value + 1e-6));
      const counts = own.includes(label) ? positive : negative;
      counts[at] = (counts[at] as number) + 1;
    }
  }
  return { positive, negative };
}

/** One class, taken for told where its probability is at least `threshold` (hundredths count). 0 where undefined. */
export function atThreshold({ positive, negative }: ScoreHistograms, label: number, threshold: number): AtThreshold {
  const from = Math.round(100 * threshold);
  let [right, wrong, missed] = [0, 0, 0];
  for (let bin = 0; bin < bins; bin++) {
    const hits = positive[label * bins + bin] as number;
    if (bin < from) missed += hits;
    else {
      right += hits;
      wrong += negative[label * bins + bin] as number;
    }
  }
  return {
    precision: right + wrong === 0 ? 0 : right / (right + wrong),
    recall: right + missed === 0 ? 0 : right / (right + missed),
    f1: right === 0 ? 0 : (2 * right) / (2 * right + wrong + missed),
  };
}

/** The threshold of each class that gives the best F1, the lowest of equal ones; 0.5 for a class without examples. */
export function bestThresholds(histograms: ScoreHistograms): Float32Array {
  const classCount = histograms.positive.length / bins;
  return Float32Array.from({ length: classCount }, (_, label) => {
    let best = { threshold: 0.5, f1: 0 };
    for (let t = 1; t < bins; t++) {
      const { f1 } = atThreshold(histograms, label, t / 100);
      if (f1 > best.f1 + 1e-12) best = { threshold: t / 100, f1 };
    }
    return best.threshold;
  });
}

export type Calibration = {
  /** Of the bins that hold pairs: mean probability, share of pairs that are right, and how many. */
  readonly points: readonly { readonly told: number; readonly right: number; readonly pairs: number }[];
  /** Expected calibration error: the mean distance of the two, by pairs (Guo et al. 2017). */
  readonly error: number;
};

/** How often a class is there by how probable it was said to be, in ten bins over all pairs of example and class. */
export function calibrationOf({ positive, negative }: ScoreHistograms): Calibration {
  const sums = Array.from({ length: 10 }, () => ({ told: 0, right: 0, pairs: 0 }));
  positive.forEach((hits, at) => {
    const bin = at % bins;
    const pairs = hits + (negative[at] as number);
    const sum = sums[Math.min(9, Math.floor(bin / 10))] as (typeof sums)[number];
    sum.told += pairs * Math.min(1, (bin + 0.5) / 100);
    sum.right += hits;
    sum.pairs += pairs;
  });
  const points = sums
    .filter(({ pairs }) => pairs > 0)
    .map(({ told, right, pairs }) => ({ told: told / pairs, right: right / pairs, pairs }));
  const all = points.reduce((sum, { pairs }) => sum + pairs, 0);
  const error = points.reduce((sum, { told, right, pairs }) => sum + (pairs / all) * Math.abs(told - right), 0);
  return { points, error };
}
