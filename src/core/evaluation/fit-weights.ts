import { seededRandom } from '../random';
import type { RankingRecipe } from '../ranking/recipe';
import { classesOf, type EvaluationSet } from './evaluation-set';
import { galleryRule } from './protocols';
import { type DescribedVideos, type Kernels, recipeScores } from './recipe-scores';

export type WeightFit = {
  /** One a descriptor, the largest 1: fitted on every labelled video. */
  readonly weights: readonly number[];
  /** mAP of the videos of each fold by weights that were fitted without their groups. */
  readonly validated: number;
  /** mAP of equal weights, and of each descriptor alone, over the same queries. */
  readonly equal: number;
  readonly alone: readonly number[];
  readonly folds: number;
  readonly videos: number;
};

type Task = {
  readonly set: EvaluationSet;
  readonly descriptors: readonly DescribedVideos[];
  readonly recipe: RankingRecipe;
  readonly kernels: Kernels;
  readonly seed: number;
};

const mostFolds = 5;
const grid = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
/** Below this a gain of mAP is no reason to prefer other weights. */
const gain = 5e-4;
const rounds = 3;

/**
 * Weights of late fusion that maximise mAP, group-excluded (leave-one-out where no groups are known), of the first
 * ranking, before neighbours re-rank it. What is reported of them is validated: groups are dealt to folds, and each fold's
 * videos are ranked by weights that were fitted on the others. Yields the share done.
 */
export function* fitWeights({ set, descriptors, recipe, kernels, seed }: Task): Generator<number, WeightFit> {
  const rule = galleryRule(set, { name: set.groupsKnown ? 'group-excluded' : 'leave-one-out' });
  const videos = set.videos.length;
  const scaled: Float32Array[] = [];
  for (const descriptor of descriptors) {
    const block = recipeScores([descriptor], { ...recipe, rerank: [] }, rule, kernels).prepare(rule.gallery);
    const table = new Float32Array(videos * videos);
    for (let from = 0; from < videos; from += 8) {
      block(rule.queries.subarray(from, from + 8), table.subarray(from * videos, Math.min(videos, from + 8) * videos));
      yield (0.3 * (scaled.length + from / videos)) / descriptors.length;
    }
    for (let query = 0; query < videos; query++) {
      const excluded = new Set(rule.excluded(query));
      const known = (video: number) => descriptor.present[video] === 1 && !excluded.has(video);
      toOneScale(table.subarray(query * videos, (query + 1) * videos), descriptor.present[query] === 1, known, recipe);
    }
    scaled.push(table);
  }

  const { foldOf, folds } = dealt(set, seed);
  const order = Array.from({ length: videos }, (_, i) => i);
  const relevant = new Uint8Array(videos * videos);
  for (const query of order) {
    const classes = classesOf(set, query);
    for (const video of order) {
      if (classesOf(set, video).some((label) => classes.includes(label))) relevant[query * videos + video] = 1;
    }
  }
  const fused = new Float64Array(videos);
  /** Average precision of one query among some videos; undefined where none is relevant. */
  const precisionOf = (query: number, weights: readonly number[], sees: (video: number) => boolean) => {
    fused.fill(0);
    weights.forEach((weight, d) => {
      if (weight === 0) return;
      const table = scaled[d] as Float32Array;
      for (let i = 0; i < videos; i++) fused[i] = (fused[i] as number) + weight * (table[query * videos + i] as number);
    });
    const excluded = new Set(rule.excluded(query));
    const ranked = order
      .filter((video) => !excluded.has(video) && sees(video))
      .sort((a, b) => (fused[b] as number) - (fused[a] as number) || a - b);
    let [found, sum] = [0, 0];
    ranked.forEach((video, rank) => {
      if (relevant[query * videos + video] === 0) return;
      found++;
      sum += found / (rank + 1);
    });
    return found > 0 ? sum / found : undefined;
  };
  const mean = (weights: readonly number[], asks: (query: number) => boolean, sees: (video: number) => boolean) => {
    const precisions = order.flatMap((query) => (asks(query) ? (precisionOf(query, weights, sees) ?? []) : []));
    return { sum: precisions.reduce((sum, value) => sum + value, 0), count: precisions.length };
  };
  const map = ({ sum, count }: { sum: number; count: number }) => (count > 0 ? sum / count : 0);
  const everyone = () => true;

  const equalWeights = descriptors.map(() => 1);
  const single = (chosen: number) => descriptors.map((_, d) => (d === chosen ? 1 : 0));

  /** Coordinate ascent over a grid, from the best of equal weights and each descriptor alone. */
  function* fitted(without: number | undefined): Generator<void, readonly number[]> {
    const inside = (video: number) => foldOf[video] !== without;
    const rate = (weights: readonly number[]) => map(mean(weights, inside, inside));
    let best: readonly number[] = equalWeights;
    let rating = rate(best);
    const consider = (weights: readonly number[]) => {
      if (weights.every((weight) => weight === 0)) return;
      const other = rate(weights);
      if (other > rating + gain) [best, rating] = [weights, other];
    };
    for (const chosen of descriptors.keys()) {
      consider(single(chosen));
      yield;
    }
    for (let round = 0; round < rounds; round++) {
      const before = best;
      for (const d of descriptors.keys()) {
        const from = best;
        for (const weight of grid) {
          if (weight !== from[d]) consider(from.map((own, i) => (i === d ? weight : own)));
          yield;
        }
      }
      if (best === before) break;
    }
    const most = Math.max(...best);
    return best.map((weight) => Math.round((100 * weight) / most) / 100);
  }

  const steps = descriptors.length * (1 + rounds * grid.length);
  const run = function* (without: number | undefined, part: number): Generator<number, readonly number[]> {
    const fitting = fitted(without);
    for (let at = 0; ; at++) {
      const step = fitting.next();
      if (step.done) return step.value;
      yield 0.3 + (0.7 * (part + at / steps)) / (folds + 1);
    }
  };
  let [sum, count] = [0, 0];
  for (let fold = 0; fold < folds; fold++) {
    const weights = yield* run(fold, fold);
    const own = mean(weights, (query) => foldOf[query] === fold, everyone);
    sum += own.sum;
    count += own.count;
  }
  const weights = yield* run(undefined, folds);
  return {
    weights,
    validated: map({ sum, count }),
    equal: map(mean(equalWeights, everyone, everyone)),
    alone: [...descriptors.keys()].map((d) => map(mean(single(d), everyone, everyone))),
    folds,
    videos,
  };
}

/** Brings a query's similarities to the scale that late fusion gives them; 0 is what says nothing. */
function toOneScale(
  row: Float32Array,
  described: boolean,
  known: (video: number) => boolean,
  { fusion }: RankingRecipe,
): void {
  const values = row.filter((_, video) => known(video));
  const middle = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const deviation = Math.sqrt(
    values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / Math.max(1, values.length),
  );
  const [least, most] = values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const normalisation = fusion.name === 'late' ? fusion.normalisation : 'z-score';
  const spread = normalisation === 'none' ? 1 : normalisation === 'min-max' ? most - least : deviation;
  for (let i = 0; i < row.length; i++) {
    row[i] = described && known(i) && spread > 0 ? ((row[i] as number) - middle) / spread : 0;
  }
}

/** Deals shuffled groups to folds. */
function dealt({ groups, groupCount }: EvaluationSet, seed: number): { foldOf: Int32Array; folds: number } {
  const random = seededRandom(seed);
  const shuffled = Array.from({ length: groupCount }, (_, i) => i);
  for (let i = groupCount - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j] as number, shuffled[i] as number];
  }
  const folds = Math.max(1, Math.min(mostFolds, groupCount));
  const place = new Int32Array(groupCount);
  shuffled.forEach((group, i) => {
    place[group] = i % folds;
  });
  return { foldOf: groups.map((group) => place[group] as number), folds };
}
