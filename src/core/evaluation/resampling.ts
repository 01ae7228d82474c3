import { seededRandom } from '../random';

export type Interval = readonly [low: number, high: number];

/** Values of queries, one array a metric, with the class and the cluster (group) each query counts in. */
export type QueryValues = {
  readonly values: readonly Float64Array[];
  readonly clusters: Int32Array;
  /** Classes of query i: `classes[classStarts[i]..classStarts[i + 1]]`. */
  readonly classes: Int32Array;
  readonly classStarts: Int32Array;
  readonly classCount: number;
};

export type Averages = { readonly micro: Float64Array; readonly macro: Float64Array };

/** Mean of each metric over queries, and over the means of classes that have queries. NaN without queries. */
export function averages(data: QueryValues): Averages {
  const sums = clusterSums({ ...data, clusters: new Int32Array(data.clusters.length) });
  return weightedAverages(sums, Int32Array.of(1), data.values.length, data.classCount);
}

/**
 * 95 % percentile intervals of {@link averages}, from a bootstrap that draws clusters with replacement (Efron 1979; Field
 * and Welsh 2007 for clusters): queries of one group are not independent. A class without a drawn query is left out of
 * that draw's macro mean. The same seed gives the same intervals. One step a draw, giving the share of them done.
 */
export function* bootstrapIntervals(
  data: QueryValues,
  { replicates, seed }: { replicates: number; seed: number },
): Generator<number, { readonly micro: readonly Interval[]; readonly macro: readonly Interval[] }> {
  const metrics = data.values.length;
  const sums = clusterSums(data);
  const clusters = sums.length;
  const random = seededRandom(seed);
  const drawn = { micro: table(metrics, replicates), macro: table(metrics, replicates) };
  const weights = new Int32Array(clusters);
  for (let replicate = 0; replicate < replicates; replicate++) {
    weights.fill(0);
    for (let i = 0; i < clusters; i++) {
      const cluster = Math.floor(random() * clusters);
      weights[cluster] = (weights[cluster] as number) + 1;
    }
    const { micro, macro } = weightedAverages(sums, weights, metrics, data.classCount);
    for (let metric = 0; metric < metrics; metric++) {
      (drawn.micro[metric] as Float64Array)[replicate] = micro[metric] as number;
      (drawn.macro[metric] as Float64Array)[replicate] = macro[metric] as number;
    }
    yield (replicate + 1) / replicates;
  }
  const interval = (values: Float64Array): Interval => {
    values.sort();
    return [quantile(values, 0.025), quantile(values, 0.975)];
  };
  return { micro: drawn.micro.map(interval), macro: drawn.macro.map(interval) };
}

/**
 * Paired permutation test of the mean difference between two systems over the same queries: the share of sign flips, one
 * sign a cluster, whose mean is at least as far from zero (two-sided, (1 + hits) / (1 + permutations); Phipson and Smyth
 * 2010).
 */
export function pairedPermutationTest(
  a: Float64Array,
  b: Float64Array,
  clusters: Int32Array,
  { permutations, seed }: { permutations: number; seed: number },
): { readonly difference: number; readonly p: number } {
  const count = clusters.reduce((most, cluster) => Math.max(most, cluster + 1), 0);
  const sums = new Float64Array(count);
  for (let i = 0; i < a.length; i++) {
    const cluster = clusters[i] as number;
    sums[cluster] = (sums[cluster] as number) + (a[i] as number) - (b[i] as number);
  }
  const total = sums.reduce((sum, each) => sum + each, 0);
  const random = seededRandom(seed);
  // Sums in another order differ in their last bits; equal ones must count as equal.
  const limit = Math.abs(total) - 1e-12 * sums.reduce((sum, each) => sum + Math.abs(each), 0);
  let hits = 0;
  for (let i = 0; i < permutations; i++) {
    let sum = 0;
    for (let cluster = 0; cluster < count; cluster++)
      sum += random() < 0.5 ? (sums[cluster] as number) : -(sums[cluster] as number);
    if (Math.abs(sum) >= limit) hits++;
  }
  return { difference: total / a.length, p: (1 + hits) / (1 + permutations) };
}

/** Quantile of ascending values, between neighbours linearly (numpy's default). */
export function quantile(ascending: Float64Array, share: number): number {
  const place = share * (ascending.length - 1);
  const low = ascending[Math.floor(place)] as number;
  const high = ascending[Math.ceil(place)] as number;
  return low + (high - low) * (place - Math.floor(place));
}

type ClusterSums = {
  queries: number;
  all: Float64Array;
  byClass: Map<number, { queries: number; sums: Float64Array }>;
};

function clusterSums({ values, clusters, classes, classStarts }: QueryValues): ClusterSums[] {
  const dense = new Map<number, ClusterSums>();
  clusters.forEach((cluster, query) => {
    let sums = dense.get(cluster);
    if (!sums) {
      sums = { queries: 0, all: new Float64Array(values.length), byClass: new Map() };
      dense.set(cluster, sums);
    }
    sums.queries++;
    addValues(sums.all, values, query);
    for (let i = classStarts[query] as number; i < (classStarts[query + 1] as number); i++) {
      const label = classes[i] as number;
      let own = sums.byClass.get(label);
      if (!own) {
        own = { queries: 0, sums: new Float64Array(values.length) };
        sums.byClass.set(label, own);
      }
      own.queries++;
      addValues(own.sums, values, query);
    }
  });
  return [...dense.values()];
}

function addValues(sums: Float64Array, values: readonly Float64Array[], query: number): void {
  for (let metric = 0; metric < sums.length; metric++) {
    sums[metric] = (sums[metric] as number) + ((values[metric] as Float64Array)[query] as number);
  }
}

function weightedAverages(
  clusters: readonly ClusterSums[],
  weights: Int32Array,
  metrics: number,
  classCount: number,
): Averages {
  const micro = new Float64Array(metrics);
  const macro = new Float64Array(metrics);
  const byClass = new Float64Array(classCount * metrics);
  const classQueries = new Float64Array(classCount);
  let queries = 0;
  clusters.forEach((cluster, i) => {
    const weight = weights[i] as number;
    if (weight === 0) return;
    queries += weight * cluster.queries;
    for (let metric = 0; metric < metrics; metric++) {
      micro[metric] = (micro[metric] as number) + weight * (cluster.all[metric] as number);
    }
    for (const [label, own] of cluster.byClass) {
      classQueries[label] = (classQueries[label] as number) + weight * own.queries;
      const at = label * metrics;
      for (let metric = 0; metric < metrics; metric++) {
        byClass[at + metric] = (byClass[at + metric] as number) + weight * (own.sums[metric] as number);
      }
    }
  });
  let present = 0;
  for (let label = 0; label < classCount; label++) {
    const own = classQueries[label] as number;
    if (own === 0) continue;
    present++;
    for (let metric = 0; metric < metrics; metric++) {
      macro[metric] = (macro[metric] as number) + (byClass[label * metrics + metric] as number) / own;
    }
  }
  for (let metric = 0; metric < metrics; metric++) {
    micro[metric] = (micro[metric] as number) / queries;
    macro[metric] = (macro[metric] as number) / present;
  }
  return { micro, macro };
}

const table = (rows: number, columns: number): Float64Array[] =>
  Array.from({ length: rows }, () => new Float64Array(columns));
