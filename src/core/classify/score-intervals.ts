import type { SampleLabels } from '../evaluation/class-average-precision';
import { type Interval, quantile } from '../evaluation/resampling';
import { seededRandom } from '../random';
import { likeliest } from './head';

export type ScoreIntervals = {
  readonly macro: Interval;
  /** Undefined where there are too many pairs of video and class to rank them together again and again. */
  readonly micro: Interval | undefined;
  readonly accuracy: Interval;
};

const mostReplicates = 1000;
/** Steps of all replicates together, so that thousands of classes take seconds. */
const budget = 2e9;
const mostPairs = 4_000_000;

/**
 * 95 % percentile intervals of a classifier's mAP over classes, over pairs of video and class, and accuracy, from a
 * bootstrap that draws clusters (groups) with replacement. A draw weighs a sample by how often its cluster was drawn; equal
 * weights of one sample share one threshold, as scikit-learn's `sample_weight` does. One step a class, giving the share done.
 */
export function* scoreIntervals(
  scores: Float32Array,
  classCount: number,
  { labels, labelStarts }: SampleLabels,
  { clusters, seed }: { readonly clusters: Int32Array; readonly seed: number },
): Generator<number, ScoreIntervals> {
  const samples = clusters.length;
  const pairs = samples * classCount;
  const replicates = Math.max(100, Math.min(mostReplicates, Math.floor(budget / pairs)));
  const weights = drawnWeights(clusters, replicates, seed);
  const isOf = (sample: number, label: number) =>
    labels.subarray(labelStarts[sample], labelStarts[sample + 1]).includes(label);

  const sums = new Float64Array(replicates);
  const present = new Int32Array(replicates);
  for (let label = 0; label < classCount; label++) {
    yield label / classCount;
    const order = Int32Array.from({ length: samples }, (_, i) => i).sort(
      (a, b) => (scores[b * classCount + label] as number) - (scores[a * classCount + label] as number) || a - b,
    );
    const relevant = order.map((sample) => (isOf(sample, label) ? 1 : 0));
    if (!relevant.includes(1)) continue;
    for (let replicate = 0; replicate < replicates; replicate++) {
      const own = weights.subarray(replicate * samples, (replicate + 1) * samples);
      const precision = weightedPrecision(order, relevant, own);
      if (precision === undefined) continue;
      sums[replicate] = (sums[replicate] as number) + precision;
      present[replicate] = (present[replicate] as number) + 1;
    }
  }
  const first = likeliest(scores, classCount).map((label, sample) => (isOf(sample, label) ? 1 : 0));
  const accuracy = new Float64Array(replicates);
  for (let replicate = 0; replicate < replicates; replicate++) {
    let [right, total] = [0, 0];
    for (let sample = 0; sample < samples; sample++) {
      const weight = weights[replicate * samples + sample] as number;
      total += weight;
      right += weight * (first[sample] as number);
    }
    accuracy[replicate] = right / total;
  }
  return {
    macro: interval(sums.map((sum, i) => sum / (present[i] as number))),
    micro: pairs > mostPairs ? undefined : microInterval(),
    accuracy: interval(accuracy),
  };

  function microInterval(): Interval {
    const order = Int32Array.from({ length: pairs }, (_, i) => i).sort(
      (a, b) => (scores[b] as number) - (scores[a] as number) || a - b,
    );
    const sampleOf = order.map((pair) => Math.floor(pair / classCount));
    const relevant = order.map((pair, i) => (isOf(sampleOf[i] as number, pair % classCount) ? 1 : 0));
    return interval(
      Float64Array.from({ length: replicates }, (_, replicate) => {
        const own = weights.subarray(replicate * samples, (replicate + 1) * samples);
        return weightedPrecision(sampleOf, relevant, own) ?? 0;
      }),
    );
  }
}

/** How often each sample counts in each draw, [replicates x samples]. */
function drawnWeights(clusters: Int32Array, replicates: number, seed: number): Uint16Array {
  const random = seededRandom(seed);
  const names = [...new Set(clusters)];
  const placeOf = new Map(names.map((cluster, i) => [cluster, i]));
  const places = clusters.map((cluster) => placeOf.get(cluster) as number);
  const out = new Uint16Array(replicates * clusters.length);
  const drawn = new Uint16Array(names.length);
  for (let replicate = 0; replicate < replicates; replicate++) {
    drawn.fill(0);
    for (let i = 0; i < names.length; i++) {
      const place = Math.floor(random() * names.length);
      drawn[place] = (drawn[place] as number) + 1;
    }
    places.forEach((place, sample) => {
      out[replicate * clusters.length + sample] = drawn[place] as number;
    });
  }
  return out;
}

/** Average precision of a ranking whose place i is a sample that counts `weights[order[i]]` times. */
function weightedPrecision(order: Int32Array, relevant: Int32Array, weights: Uint16Array): number | undefined {
  let [met, hits, sum] = [0, 0, 0];
  for (let i = 0; i < order.length; i++) {
    const weight = weights[order[i] as number] as number;
    met += weight;
    if (relevant[i] === 0 || weight === 0) continue;
    hits += weight;
    sum += (weight * hits) / met;
  }
  return hits === 0 ? undefined : sum / hits;
}

function interval(values: Float64Array): Interval {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  return [quantile(known, 0.025), quantile(known, 0.975)];
}
