import { classesOf, type EvaluationSet } from './evaluation-set';
import { chanceMetrics, type MetricId, rankingMetricIds, rankingMetrics } from './metrics';
import { type PooledCurves, pooledPairs } from './pooled-curves';
import type { GalleryRule } from './protocols';
import { bestColumns, strictRanker } from './strict-ranks';

/** What ranking each query gave, one entry a query that could be answered, in the order they were added. */
export type RankedQueries = {
  readonly metrics: readonly MetricId[];
  readonly videos: Int32Array;
  /** Gallery videos, and relevant ones among them. */
  readonly gallery: Int32Array;
  readonly relevant: Int32Array;
  readonly firstRank: Int32Array;
  /** One array a metric. */
  readonly values: readonly Float64Array[];
  readonly chance: readonly Float64Array[];
  /** Best videos, `topK` a query, -1 where the gallery is smaller, and their scores. */
  readonly topK: number;
  readonly top: Int32Array;
  readonly topScores: Float32Array;
  /** Queries whose k-th and next match score alike, so that their paths decided, one count a k. */
  readonly tiesAt: readonly number[];
  /** Queries without another gallery video of their label: not answered. */
  readonly withoutRelevant: Int32Array;
  readonly curves: PooledCurves;
  /** 11-point interpolated precision, and true positive rate at false positive rates 0, 0.01 .. 1, for each query and summed up by class. */
  readonly interpolated: CurveMeans;
  readonly rates: CurveMeans;
};

/** Means over queries, and over the classes' means. */
export type CurveMeans = { readonly micro: readonly number[]; readonly macro: readonly number[] };

export type QueryAccumulator = {
  /** Takes the scores of one query of the rule, one a gallery column; the row is spoilt. Throws RangeError on a NaN score. */
  add(query: number, row: Float32Array): void;
  finish(): RankedQueries;
};

/** Consumes score rows one at a time; keeps what a report needs and never the rows. */
export function queryAccumulator(
  set: EvaluationSet,
  rule: GalleryRule,
  { ks, topK }: { readonly ks: readonly number[]; readonly topK: number },
): QueryAccumulator {
  const columns = rule.gallery.length;
  const columnOf = new Int32Array(set.videos.length).fill(-1);
  rule.gallery.forEach((video, column) => {
    columnOf[video] = column;
  });
  const columnsOfClass = classColumns(set, rule.gallery);
  const metrics = rankingMetricIds(ks);
  const capacity = rule.queries.length;
  const values = metrics.map(() => new Float64Array(capacity));
  const chance = metrics.map(() => new Float64Array(capacity));
  const videos = new Int32Array(capacity);
  const gallery = new Int32Array(capacity);
  const relevantCounts = new Int32Array(capacity);
  const firstRank = new Int32Array(capacity);
  const top = new Int32Array(capacity * topK).fill(-1);
  const topScores = new Float32Array(capacity * topK);
  const tiesAt = ks.map(() => 0);
  const withoutRelevant: number[] = [];
  const pool = pooledPairs(capacity * columns);
  const interpolated = curveMeans(set, 11);
  const rates = curveMeans(set, 101);

  const rank = strictRanker(columns);
  const isRelevant = new Uint8Array(columns);
  const relevantColumns = new Int32Array(columns);
  const deepest = Math.max(topK, ...ks) + 1;
  const bestColumn = new Int32Array(deepest);
  const bestScore = new Float32Array(deepest);
  const measured = new Float64Array(metrics.length);
  const chances = new Map<string, Float64Array>();
  let size = 0;

  return {
    add(query, row) {
      if (hasNaN(row)) throw new RangeError(`Query ${query} has scores that are not numbers.`);
      let absent = 0;
      for (const video of rule.excluded(query)) {
        const column = columnOf[video] as number;
        if (column < 0) continue;
        row[column] = Number.NaN;
        absent++;
      }
      let count = 0;
      let others = 0;
      const own = classesOf(set, query);
      for (const label of own) {
        for (const column of columnsOfClass(label)) {
          if (isRelevant[column] === 1 || Number.isNaN(row[column])) continue;
          isRelevant[column] = 1;
          relevantColumns[count++] = column;
          if (rule.gallery[column] !== query) others++;
        }
      }
      const relevant = relevantColumns.subarray(0, count).sort();
      const present = columns - absent;
      if (others === 0) withoutRelevant.push(query);
      else {
        const shown = bestColumns(row, bestColumn, bestScore);
        const ranks = rank(row, relevant, isRelevant);
        rankingMetrics(ranks, present, ks, measured);
        values.forEach((of, metric) => {
          of[size] = measured[metric] as number;
        });
        const key = `${present}/${count}`;
        let expected = chances.get(key);
        if (!expected) {
          expected = new Float64Array(metrics.length);
          chanceMetrics(present, count, ks, expected);
          chances.set(key, expected);
        }
        for (let metric = 0; metric < metrics.length; metric++) {
          (chance[metric] as Float64Array)[size] = expected[metric] as number;
        }
        videos[size] = query;
        gallery[size] = present;
        relevantCounts[size] = count;
        firstRank[size] = ranks[0] as number;
        for (let i = 0; i < Math.min(topK, shown); i++) {
          top[size * topK + i] = rule.gallery[bestColumn[i] as number] as number;
          topScores[size * topK + i] = bestScore[i] as number;
        }
        ks.forEach((k, j) => {
          if (k < shown && bestScore[k - 1] === bestScore[k]) tiesAt[j] = (tiesAt[j] as number) + 1;
        });
        interpolated.add(own, (out) => interpolatedPrecision(ranks, out));
        rates.add(own, (out) => truePositiveRates(ranks, present - count, out));
        pool.add(row, isRelevant);
        size++;
      }
      for (const column of relevant) isRelevant[column] = 0;
    },
    finish: () => ({
      metrics,
      videos: videos.slice(0, size),
      gallery: gallery.slice(0, size),
      relevant: relevantCounts.slice(0, size),
      firstRank: firstRank.slice(0, size),
      values: values.map((of) => of.slice(0, size)),
      chance: chance.map((of) => of.slice(0, size)),
      topK,
      top: top.slice(0, size * topK),
      topScores: topScores.slice(0, size * topK),
      tiesAt,
      withoutRelevant: Int32Array.from(withoutRelevant),
      curves: pool.finish(),
      interpolated: interpolated.finish(),
      rates: rates.finish(),
    }),
  };
}

function hasNaN(row: Float32Array): boolean {
  for (let i = 0; i < row.length; i++) if (Number.isNaN(row[i])) return true;
  return false;
}

function classColumns(set: EvaluationSet, gallery: Int32Array): (label: number) => readonly number[] {
  const columns = set.classes.map((): number[] => []);
  gallery.forEach((video, column) => {
    for (const label of classesOf(set, video)) columns[label]?.push(column);
  });
  return (label) => columns[label] ?? [];
}

/** Highest precision at or beyond recall 0, 0.1 .. 1 of one ranking. */
export function interpolatedPrecision(ranks: Int32Array, out: Float64Array): void {
  let best = 0;
  let level = 10;
  for (let i = ranks.length - 1; i >= 0; i--) {
    while (level >= 0 && 10 * (i + 1) < level * ranks.length) out[level--] = best;
    best = Math.max(best, (i + 1) / (ranks[i] as number));
  }
  while (level >= 0) out[level--] = best;
}

/** Share of relevant items met before more than a share f of the irrelevant ones, f = 0, 0.01 .. 1. */
export function truePositiveRates(ranks: Int32Array, irrelevant: number, out: Float64Array): void {
  let hits = 0;
  for (let level = 0; level <= 100; level++) {
    while (hits < ranks.length && 100 * ((ranks[hits] as number) - hits - 1) <= level * irrelevant) hits++;
    out[level] = hits / ranks.length;
  }
}

/** Sums up curves of queries, `points` numbers each. */
export function curveMeans(set: EvaluationSet, points: number) {
  const all = new Float64Array(points);
  const byClass = new Float64Array(set.classes.length * points);
  const queries = new Int32Array(set.classes.length);
  const curve = new Float64Array(points);
  let count = 0;
  return {
    add(labels: Int32Array, draw: (out: Float64Array) => void): void {
      draw(curve);
      count++;
      for (let i = 0; i < points; i++) all[i] = (all[i] as number) + (curve[i] as number);
      for (const label of labels) {
        queries[label] = (queries[label] as number) + 1;
        const at = label * points;
        for (let i = 0; i < points; i++) byClass[at + i] = (byClass[at + i] as number) + (curve[i] as number);
      }
    },
    finish(): CurveMeans {
      const macro = new Float64Array(points);
      let present = 0;
      queries.forEach((own, label) => {
        if (own === 0) return;
        present++;
        for (let i = 0; i < points; i++)
          macro[i] = (macro[i] as number) + (byClass[label * points + i] as number) / own;
      });
      return {
        micro: Array.from(all, (sum) => (count === 0 ? 0 : sum / count)),
        macro: Array.from(macro, (sum) => (present === 0 ? 0 : sum / present)),
      };
    },
  };
}
