/** A metric of one query; averaged over queries (micro) or classes (macro). */
export type MetricId =
  | `${'hit' | 'precision' | 'recall' | 'f1' | 'ndcg'}@${number}`
  | 'ap'
  | 'r-precision'
  | 'map@r'
  | 'reciprocal-rank'
  | 'auc'
  | 'accuracy'
  | 'frame-accuracy';

const atK = ['hit', 'precision', 'recall', 'f1', 'ndcg'] as const;
const wholeRanking = ['ap', 'r-precision', 'map@r', 'reciprocal-rank', 'auc'] as const;

/** Metrics of a ranking, in the order {@link rankingMetrics} and {@link chanceMetrics} write them. */
export function rankingMetricIds(ks: readonly number[]): readonly MetricId[] {
  return [...atK.flatMap((name) => ks.map((k): MetricId => `${name}@${k}`)), ...wholeRanking];
}

/** What people call a metric. The mean of AP over queries is mAP. */
export function metricLabel(metric: MetricId): string {
  const fixed: Partial<Record<MetricId, string>> = {
    ap: 'mAP',
    'r-precision': 'R-precision',
    'map@r': 'mAP@R',
    'reciprocal-rank': 'MRR',
    auc: 'AUC',
    accuracy: 'Accuracy',
    'frame-accuracy': 'Frame accuracy',
  };
  const [name, k] = metric.split('@');
  const words = { hit: 'Hit', precision: 'Precision', recall: 'Recall', f1: 'F1', ndcg: 'nDCG' };
  return fixed[metric] ?? `${words[name as keyof typeof words]}@${k}`;
}

/** Sums of 1 / log2(i + 1) for i = 1..n, grown as asked. */
const discounts: number[] = [0];
function discountSum(n: number): number {
  while (discounts.length <= n) {
    discounts.push((discounts[discounts.length - 1] as number) + 1 / Math.log2(discounts.length + 1));
  }
  return discounts[n] as number;
}

/**
 * Metrics of one query with `gallery` candidates and the ascending, 1-based `ranks` of its relevant ones (at least one),
 * written to `out` in the order of {@link rankingMetricIds}. Hit@k: any relevant in the top k. Precision@k divides by k
 * even where the gallery is smaller; recall@k is set recall. nDCG with binary gains and log2 discounts (Järvelin and
 * Kekäläinen 2002). mAP@R: Musgrave et al. 2020. AUC: share of (relevant, irrelevant) pairs in order; 1 with no irrelevant.
 */
export function rankingMetrics(ranks: Int32Array, gallery: number, ks: readonly number[], out: Float64Array): void {
  const relevant = ranks.length;
  const width = ks.length;
  for (let j = 0; j < width; j++) {
    const k = ks[j] as number;
    let hits = 0;
    let gain = 0;
    while (hits < relevant && (ranks[hits] as number) <= k) {
      gain += 1 / Math.log2((ranks[hits] as number) + 1);
      hits++;
    }
    out[j] = hits > 0 ? 1 : 0;
    out[width + j] = hits / k;
    out[2 * width + j] = hits / relevant;
    out[3 * width + j] = (2 * hits) / (k + relevant);
    out[4 * width + j] = gain / discountSum(Math.min(k, relevant));
  }
  let precisions = 0;
  let precisionsAtR = 0;
  let hitsAtR = 0;
  let misplaced = 0;
  for (let i = 0; i < relevant; i++) {
    const rank = ranks[i] as number;
    precisions += (i + 1) / rank;
    if (rank <= relevant) {
      hitsAtR++;
      precisionsAtR += (i + 1) / rank;
    }
    misplaced += rank - i - 1;
  }
  const irrelevant = gallery - relevant;
  const at = 5 * width;
  out[at] = precisions / relevant;
  out[at + 1] = hitsAtR / relevant;
  out[at + 2] = precisionsAtR / relevant;
  out[at + 3] = 1 / (ranks[0] as number);
  out[at + 4] = irrelevant === 0 ? 1 : 1 - misplaced / (relevant * irrelevant);
}

/** What {@link rankingMetrics} gives on average over all orders of `gallery` candidates, `relevant` of them relevant. */
export function chanceMetrics(gallery: number, relevant: number, ks: readonly number[], out: Float64Array): void {
  const width = ks.length;
  const share = relevant / gallery;
  const rest = gallery > 1 ? (relevant - 1) / (gallery - 1) : 0;
  ks.forEach((k, j) => {
    const shown = Math.min(k, gallery);
    let miss = 1;
    for (let i = 0; i < shown && miss > 0; i++) miss *= Math.max(0, gallery - relevant - i) / (gallery - i);
    out[j] = 1 - miss;
    out[width + j] = (share * shown) / k;
    out[2 * width + j] = shown / gallery;
    out[3 * width + j] = (2 * share * shown) / (k + relevant);
    out[4 * width + j] = (share * discountSum(shown)) / discountSum(Math.min(k, relevant));
  });
  let harmonic = 0;
  let harmonicAtR = 0;
  let reciprocal = 0;
  let first = share;
  for (let rank = 1; rank <= gallery; rank++) {
    harmonic += 1 / rank;
    if (rank === relevant) harmonicAtR = harmonic;
    reciprocal += first / rank;
    first *= rank < gallery ? Math.max(0, gallery - rank - relevant + 1) / (gallery - rank) : 0;
  }
  const at = 5 * width;
  out[at] = (harmonic + rest * (gallery - harmonic)) / gallery;
  out[at + 1] = share;
  out[at + 2] = (harmonicAtR + rest * (relevant - harmonicAtR)) / gallery;
  out[at + 3] = reciprocal;
  out[at + 4] = relevant === gallery ? 1 : 0.5;
}
