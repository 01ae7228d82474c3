/** Curves over all (query, gallery) pairs, ranked together; equal scores share one threshold. */
export type PooledCurves = {
  /** `exact`, or `histogram` of 2^16 score bins where there are too many pairs to keep. */
  readonly method: 'exact' | 'histogram';
  readonly pairs: number;
  readonly relevant: number;
  /** One point for each recall reached, thresholds falling. */
  readonly pr: {
    readonly threshold: readonly number[];
    readonly recall: readonly number[];
    readonly precision: readonly number[];
  };
  /** Corners, thresholds falling; begins at (0, 0) with a threshold of null (accept nothing). */
  readonly roc: {
    readonly threshold: readonly (number | null)[];
    readonly fpr: readonly number[];
    readonly tpr: readonly number[];
  };
  /** Points before thinning to at most `maxPoints`. */
  readonly prPoints: number;
  readonly rocPoints: number;
  /** Step-wise area under the precision-recall curve, and trapezoid area under the ROC. */
  readonly averagePrecision: number;
  readonly auc: number;
  /** Highest precision at or beyond each of the recalls 0, 0.1, … 1. */
  readonly interpolated: readonly number[];
  /** Relevant and irrelevant pairs by score, equal bins from `from` to `to`. */
  readonly similarity: {
    readonly from: number;
    readonly to: number;
    readonly relevant: readonly number[];
    readonly irrelevant: readonly number[];
  };
};

/** How much of a curve is kept, in words; empty where that is all of it. */
export function keptOfCurve(
  pooled: Pick<PooledCurves, 'method' | 'pairs' | 'prPoints' | 'rocPoints' | 'pr' | 'roc'>,
  curve: 'pr' | 'roc',
): string {
  const number = (count: number) => count.toLocaleString('en');
  const [kept, all] =
    curve === 'pr' ? [pooled.pr.recall.length, pooled.prPoints] : [pooled.roc.fpr.length, pooled.rocPoints];
  const binned = `scores of ${number(pooled.pairs)} pairs counted in ${number(binCount)} bins`;
  const thinned = `${number(kept)} of ${number(all)} points kept`;
  return [pooled.method === 'histogram' && binned, kept < all && thinned].filter(Boolean).join('; ');
}

export type PooledPairs = {
  /** Adds a row; columns with a NaN score are not pairs. */
  add(row: Float32Array, isRelevant: Uint8Array): void;
  finish(): PooledCurves;
};

/** Pairs up to which every score is kept, 4 bytes each. */
export const exactPairs = 4_000_000;
/** Points of a curve that are kept. */
export const maxPoints = 65_536;

/** `pairs` is an upper bound of the pairs to come. */
export function pooledPairs(pairs: number): PooledPairs {
  return pairs <= exactPairs ? exactPool(pairs) : histogramPool();
}

/** Counts at falling thresholds: pairs of each kind that score at least so much. */
type Steps = { readonly threshold: number[]; readonly hits: number[]; readonly alarms: number[] };

function exactPool(pairs: number): PooledPairs {
  const scores = [new Float32Array(pairs), new Float32Array(pairs)] as const;
  const sizes: [number, number] = [0, 0];
  return {
    add(row, isRelevant) {
      for (let column = 0; column < row.length; column++) {
        const score = row[column] as number;
        if (Number.isNaN(score)) continue;
        const kind = isRelevant[column] === 1 ? 1 : 0;
        scores[kind][sizes[kind]++] = score;
      }
    },
    finish() {
      const irrelevant = scores[0].subarray(0, sizes[0]).sort();
      const relevant = scores[1].subarray(0, sizes[1]).sort();
      const steps: Steps = { threshold: [], hits: [], alarms: [] };
      let i = relevant.length - 1;
      let j = irrelevant.length - 1;
      while (i >= 0 || j >= 0) {
        const threshold = Math.max(relevant[i] ?? Number.NEGATIVE_INFINITY, irrelevant[j] ?? Number.NEGATIVE_INFINITY);
        while (i >= 0 && relevant[i] === threshold) i--;
        while (j >= 0 && irrelevant[j] === threshold) j--;
        steps.threshold.push(threshold);
        steps.hits.push(relevant.length - 1 - i);
        steps.alarms.push(irrelevant.length - 1 - j);
      }
      return curves('exact', steps);
    },
  };
}

const binCount = 65_536;

/** Bins cover the first row's scores; whenever a score lies outside, pairs of bins merge and the range doubles. */
export function histogramPool(): PooledPairs {
  const totals = new Float64Array(2 * binCount);
  // Irrelevant and relevant counts of a bin lie side by side; small numbers are counted fast, and moved in time.
  const recent = new Uint32Array(2 * binCount);
  let recentPairs = 0;
  let from = 0;
  let width = 0;
  const settle = () => {
    for (let i = 0; i < totals.length; i++) totals[i] = (totals[i] as number) + (recent[i] as number);
    recent.fill(0);
    recentPairs = 0;
  };
  const widen = (upward: boolean) => {
    settle();
    const merged = Float64Array.from({ length: binCount }, (_, i) => {
      const at = 4 * (i >> 1) + (i & 1);
      return (totals[at] as number) + (totals[at + 2] as number);
    });
    totals.fill(0);
    totals.set(merged, upward ? 0 : binCount);
    if (!upward) from -= width * binCount;
    width *= 2;
  };
  return {
    add(row, isRelevant) {
      let least = Number.POSITIVE_INFINITY;
      let most = Number.NEGATIVE_INFINITY;
      for (let column = 0; column < row.length; column++) {
        const score = row[column] as number;
        if (score < least) least = score;
        if (score > most) most = score;
      }
      if (most < least) return;
      if (width === 0) {
        from = least;
        width = Math.max((most - least) / (binCount - 1), Math.abs(least) * 1e-9, 1e-12);
      }
      while (least < from) widen(false);
      while (most >= from + width * (binCount - 0.5)) widen(true);
      if (recentPairs + row.length > 0xffff_ffff) settle();
      recentPairs += row.length;
      count(row, isRelevant, from, 1 / width, recent);
    },
    finish() {
      settle();
      const steps: Steps = { threshold: [], hits: [], alarms: [] };
      let hits = 0;
      let alarms = 0;
      for (let bin = binCount - 1; bin >= 0; bin--) {
        const [irrelevant, relevant] = [totals[2 * bin] as number, totals[2 * bin + 1] as number];
        if (irrelevant + relevant === 0) continue;
        hits += relevant;
        alarms += irrelevant;
        steps.threshold.push(from + bin * width);
        steps.hits.push(hits);
        steps.alarms.push(alarms);
      }
      return curves('histogram', steps);
    },
  };
}

/** Every score lies in a bin by now, so truncation is flooring, and no bound is checked. */
function count(row: Float32Array, isRelevant: Uint8Array, from: number, scale: number, counts: Uint32Array): void {
  for (let column = 0; column < row.length; column++) {
    const score = row[column] as number;
    if (!Number.isNaN(score)) {
      const at = 2 * (((score - from) * scale) | 0) + (isRelevant[column] as number);
      counts[at] = (counts[at] as number) + 1;
    }
  }
}

function curves(method: PooledCurves['method'], { threshold, hits, alarms }: Steps): PooledCurves {
  const relevant = hits.at(-1) ?? 0;
  const irrelevant = alarms.at(-1) ?? 0;
  const precisionPoints: number[] = [];
  const corners: number[] = [];
  let averagePrecision = 0;
  let area = 0;
  for (let i = 0; i < threshold.length; i++) {
    const [hit, alarm] = [hits[i] as number, alarms[i] as number];
    const [hitBefore, alarmBefore] = [hits[i - 1] ?? 0, alarms[i - 1] ?? 0];
    if (hit > hitBefore) {
      precisionPoints.push(i);
      averagePrecision += ((hit - hitBefore) / relevant) * (hit / (hit + alarm));
    }
    area += ((alarm - alarmBefore) * (hit + hitBefore)) / 2;
    const next = i + 1;
    const straight =
      next < threshold.length &&
      (hit - hitBefore) * ((alarms[next] as number) - alarm) === ((hits[next] as number) - hit) * (alarm - alarmBefore);
    if (!straight) corners.push(i);
  }
  const best = Array<number>(11).fill(0);
  let level = 10;
  let highest = 0;
  for (let p = precisionPoints.length - 1; p >= 0; p--) {
    const i = precisionPoints[p] as number;
    const hit = hits[i] as number;
    // hit / relevant < level / 10, in whole numbers: 3 of 10 is not below 0.3 by a rounding error.
    while (level >= 0 && 10 * hit < level * relevant) best[level--] = highest;
    highest = Math.max(highest, hit / (hit + (alarms[i] as number)));
  }
  while (level >= 0) best[level--] = highest;

  const pr = thin(precisionPoints);
  const roc = thin(corners);
  const rate = (count: number, total: number) => (total === 0 ? 0 : count / total);
  return {
    method,
    pairs: relevant + irrelevant,
    relevant,
    pr: {
      threshold: pr.map((i) => threshold[i] as number),
      recall: pr.map((i) => (hits[i] as number) / relevant),
      precision: pr.map((i) => (hits[i] as number) / ((hits[i] as number) + (alarms[i] as number))),
    },
    roc: {
      threshold: [null, ...roc.map((i) => threshold[i] as number)],
      fpr: [0, ...roc.map((i) => rate(alarms[i] as number, irrelevant))],
      tpr: [0, ...roc.map((i) => rate(hits[i] as number, relevant))],
    },
    prPoints: precisionPoints.length,
    rocPoints: corners.length + 1,
    averagePrecision,
    auc: irrelevant === 0 || relevant === 0 ? 1 : area / (relevant * irrelevant),
    interpolated: best,
    similarity: similarityHistogram(threshold, hits, alarms),
  };
}

function thin(points: readonly number[]): readonly number[] {
  if (points.length <= maxPoints) return points;
  const step = (points.length - 1) / (maxPoints - 1);
  return Array.from({ length: maxPoints }, (_, i) => points[Math.round(i * step)] as number);
}

const similarityBins = 64;

function similarityHistogram(threshold: readonly number[], hits: readonly number[], alarms: readonly number[]) {
  const to = threshold[0] ?? 0;
  const from = threshold.at(-1) ?? 0;
  const relevant = Array<number>(similarityBins).fill(0);
  const irrelevant = Array<number>(similarityBins).fill(0);
  for (let i = 0; i < threshold.length; i++) {
    const place = to > from ? (((threshold[i] as number) - from) / (to - from)) * similarityBins : 0;
    const bin = Math.min(similarityBins - 1, Math.floor(place));
    relevant[bin] = (relevant[bin] as number) + (hits[i] as number) - (hits[i - 1] ?? 0);
    irrelevant[bin] = (irrelevant[bin] as number) + (alarms[i] as number) - (alarms[i - 1] ?? 0);
  }
  return { from, to, relevant, irrelevant };
}
