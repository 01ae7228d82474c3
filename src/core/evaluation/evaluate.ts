import { classesOf, type EvaluationSet } from './evaluation-set';
import { frameKnn } from './frame-knn';
import type { MetricId } from './metrics';
import { galleryRule } from './protocols';
import { queryAccumulator } from './query-accumulator';
import { queryValues } from './query-values';
import type { EvaluationReport, ReportScorer, ReportSettings } from './report';
import { type EvaluationTask, frameKnnReport, rankingReport, type Summary } from './report-assembly';
import { averages, bootstrapIntervals } from './resampling';

export const defaultSettings: ReportSettings = {
  ks: [1, 5, 10, 20, 50],
  topK: 50,
  confusionK: 5,
  replicates: 1000,
  seed: 1,
};

/** Query frames that share a pass over the gallery. */
const framesAtOnce = 32;

export type EvaluationProgress = { readonly stage: 'score' | 'intervals' | 'report'; readonly fraction: number };

/**
 * Ranks every query's gallery and reports on it. Run it step by step: each step takes milliseconds, so the caller can
 * report progress, measure stages and stop. `scores` has one row a video of the set, in its order.
 */
export function* evaluateRanking(
  task: EvaluationTask & { readonly scorer: Extract<ReportScorer, { name: 'ranked' }> },
): Generator<EvaluationProgress, EvaluationReport> {
  const { set, settings } = task;
  const rule = galleryRule(set, task.protocol);
  const queries = queryAccumulator(set, rule, settings);
  const block = task.scores.prepare(rule.gallery);
  const columns = rule.gallery.length;
  const height = task.scores.height ?? 32;
  const rows = new Float32Array(height * columns);
  for (let start = 0; start < rule.queries.length; start += height) {
    const some = rule.queries.subarray(start, start + height);
    block(some, rows);
    some.forEach((query, i) => {
      queries.add(query, rows.subarray(i * columns, (i + 1) * columns));
    });
    yield { stage: 'score', fraction: (start + some.length) / rule.queries.length };
  }
  yield { stage: 'intervals', fraction: 0 };
  const ranked = queries.finish();
  yield { stage: 'intervals', fraction: 0 };
  const summary = yield* summarise(set, ranked.videos, ranked.metrics, ranked.values, ranked.chance, settings);
  return yield* writing(rankingReport(task, rule, ranked, summary));
}

/** As {@link evaluateRanking}, by majority of the nearest frames. `scores` has one row a frame; see {@link frameKnn}. */
export function* evaluateFrameKnn(
  task: EvaluationTask & {
    readonly scorer: Extract<ReportScorer, { name: 'frame-knn' }>;
    readonly frameStarts: Int32Array;
  },
): Generator<EvaluationProgress, EvaluationReport> {
  const { set, settings } = task;
  const rule = galleryRule(set, task.protocol);
  const knn = frameKnn(set, rule, task.frameStarts, task.scorer.neighbours, settings.topK);
  const columns = knn.galleryFrames.length;
  const width = Math.min(task.scores.width ?? columns, columns);
  let rows = new Float32Array();
  for (let first = 0; first < columns; first += width) {
    const part = knn.galleryFrames.subarray(first, first + width);
    const block = task.scores.prepare(part);
    for (let at = 0; at < rule.queries.length; ) {
      const some: { readonly query: number; readonly frames: Int32Array }[] = [];
      let height = 0;
      while (at < rule.queries.length && (height === 0 || height < framesAtOnce)) {
        const query = rule.queries[at++] as number;
        const frames = knn.framesOf(query);
        some.push({ query, frames });
        height += frames.length;
      }
      if (rows.length < height * part.length) rows = new Float32Array(height * part.length);
      block(Int32Array.from(some.flatMap(({ frames }) => [...frames])), rows);
      let from = 0;
      for (const { query, frames } of some) {
        const to = from + frames.length * part.length;
        knn.add(query, first, rows.subarray(from, to));
        from = to;
      }
      const done = first * rule.queries.length + part.length * at;
      yield { stage: 'score', fraction: done / (columns * rule.queries.length) };
    }
  }
  yield { stage: 'intervals', fraction: 0 };
  const votes = knn.finish();
  const right = Float64Array.from(votes.videos, (video, i) =>
    classesOf(set, video).includes(votes.predicted[i] as number) ? 1 : 0,
  );
  const metrics: readonly MetricId[] = ['accuracy', 'frame-accuracy'];
  const values = [right, votes.framesRight];
  const summary = yield* summarise(set, votes.videos, metrics, values, [votes.chance, votes.chance], settings);
  yield { stage: 'report', fraction: 0 };
  return frameKnnReport(task, rule, votes, values, summary);
}

function* writing(steps: Generator<number, EvaluationReport>): Generator<EvaluationProgress, EvaluationReport> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    yield { stage: 'report', fraction: step.value };
  }
}

function* summarise(
  set: EvaluationSet,
  videos: Int32Array,
  metrics: readonly MetricId[],
  values: readonly Float64Array[],
  chance: readonly Float64Array[],
  { replicates, seed }: ReportSettings,
): Generator<EvaluationProgress, Summary> {
  const data = queryValues(set, videos, values);
  if (videos.length === 0) return { rows: metrics.map(emptyRow), data };
  const mean = averages(data);
  const expected = averages({ ...data, values: chance });
  const draws = bootstrapIntervals(data, { replicates, seed });
  let draw = draws.next();
  for (; !draw.done; draw = draws.next()) yield { stage: 'intervals', fraction: draw.value };
  const intervals = draw.value;
  const rows = metrics.map((metric, i) => ({
    metric,
    micro: mean.micro[i] as number,
    macro: mean.macro[i] as number,
    microInterval: [...(intervals.micro[i] as [number, number])] as [number, number],
    macroInterval: [...(intervals.macro[i] as [number, number])] as [number, number],
    microChance: expected.micro[i] as number,
    macroChance: expected.macro[i] as number,
  }));
  return { rows, data };
}

const emptyRow = (metric: MetricId): EvaluationReport['summary'][number] => ({
  metric,
  micro: 0,
  macro: 0,
  microInterval: [0, 0],
  macroInterval: [0, 0],
  microChance: 0,
  macroChance: 0,
});
