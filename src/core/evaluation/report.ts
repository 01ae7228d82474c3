import { z } from 'zod';
import { contradictions, unlikeLists } from './report-contradictions';

// The page's security policy forbids code made from text, which zod otherwise tries.
z.config({ jitless: true });

const finite = z.number();
const share = z.number().min(0).max(1);
const count = z.int().min(0);
const interval = z.tuple([finite, finite]);
const text = z.string();
const confusion = z.object({ rows: z.array(count), columns: z.array(count), counts: z.array(z.number().min(0)) });
const curveMeans = z.object({ micro: z.array(share), macro: z.array(share) });
const metricId = z
  .templateLiteral([z.enum(['hit', 'precision', 'recall', 'f1', 'ndcg']), '@', z.int()])
  .or(z.enum(['ap', 'r-precision', 'map@r', 'reciprocal-rank', 'auc', 'accuracy', 'frame-accuracy']));

const protocol = z.discriminatedUnion('name', [
  z.object({ name: z.literal('official-split') }),
  z.object({ name: z.literal('group-excluded') }),
  z.object({ name: z.literal('leave-one-out') }),
  z.object({ name: z.literal('with-query') }),
  z.object({ name: z.literal('holdout'), share: z.number().gt(0).lt(1), groupAware: z.boolean(), seed: count }),
]);

const stage = z.discriminatedUnion('name', [
  z.object({ name: z.literal('k-reciprocal'), k1: z.int().min(1), k2: z.int().min(1), lambda: share }),
  z.object({ name: z.literal('query-expansion'), neighbours: z.int().min(1), alpha: z.number().min(0) }),
  z.object({ name: z.literal('database-augmentation'), neighbours: z.int().min(1), alpha: z.number().min(0) }),
]);

const recipe = z.object({
  distance: z.enum(['own', 'cosine', 'euclidean', 'inner-product', 'chamfer', 'ssim']),
  vector: z
    .array(
      z.discriminatedUnion('name', [
        z.object({ name: z.literal('signed-root') }),
        z.object({ name: z.literal('centre') }),
        z.object({ name: z.literal('standardise'), shrink: z.number().min(0) }),
      ]),
    )
    .readonly(),
  fusion: z.discriminatedUnion('name', [
    z.object({ name: z.literal('late'), normalisation: z.enum(['none', 'min-max', 'z-score']) }),
    z.object({ name: z.literal('early') }),
  ]),
  rerank: z.array(stage).readonly(),
  candidates: z.int().min(1),
});

const scorer = z.discriminatedUnion('name', [
  z.object({
    name: z.literal('ranked'),
    metric: z.enum(['cosine', 'euclidean', 'hamming', 'inner-product', 'fused']),
    /** Ranking stages in words. */ stages: z.array(text),
    /** What a run again takes; absent in reports of the original ranking. */
    recipe: recipe.optional(),
  }),
  z.object({ name: z.literal('frame-knn'), neighbours: z.int().min(1) }),
]);

const settings = z.object({
  ks: z.array(z.int().min(1)).min(1),
  /** Matches of each query that the report keeps, and that the second confusion matrix counts. */
  topK: z.int().min(1),
  confusionK: z.int().min(1),
  replicates: z.int().min(1),
  seed: count,
});

const descriptor = z.object({
  extractor: text,
  version: count,
  modelHash: text.nullable(),
  preprocessing: text,
  sampling: text,
  weight: finite,
});

const summary = z.object({
  metric: metricId,
  micro: finite,
  macro: finite,
  /** 95 % intervals. */
  microInterval: interval,
  macroInterval: interval,
  microChance: finite,
  macroChance: finite,
});

const classRow = z.object({
  /** Index into `dataSet.classes`. */
  label: count,
  videos: count,
  queries: count,
  /** Mean over the class's queries of each metric, in the order of `summary`; empty without queries. */
  values: z.array(finite),
  /** Of the label of the top match (or of the vote), over answered queries; 0 where undefined. */
  precision: share,
  recall: share,
  f1: share,
});

const pooled = z.object({
  method: z.enum(['exact', 'histogram']),
  pairs: count,
  relevant: count,
  pr: z.object({ threshold: z.array(finite), recall: z.array(share), precision: z.array(share) }),
  roc: z.object({ threshold: z.array(finite.nullable()), fpr: z.array(share), tpr: z.array(share) }),
  prPoints: count,
  rocPoints: count,
  averagePrecision: share,
  auc: share,
  interpolated: z.array(share).length(11),
  similarity: z.object({ from: finite, to: finite, relevant: z.array(count), irrelevant: z.array(count) }),
});

const queries = z.object({
  /** Index into `dataSet.videos`, one entry a query here and below. */
  video: z.array(count),
  gallery: z.array(count),
  relevant: z.array(count),
  /** 0 for `frame-knn`, which ranks no videos. */
  firstRank: z.array(count),
  /** By metric, in the order of `summary`, then by query. */
  values: z.array(z.array(finite)),
  /** Class of the vote; null for rankings, whose top match may have several. */
  predicted: z.array(count).nullable(),
  /** Best videos of each query and their scores, best first; of `frame-knn` the videos that its frames' neighbours are of,
   * and their shares of these. */
  top: z.array(z.array(count)),
  topScores: z.array(z.array(finite)),
});

const schema = z.object({
  format: z.literal('reelmatch-evaluation'),
  version: z.literal(1),
  name: text,
  /** ISO 8601. */
  created: text,
  descriptors: z.array(descriptor).min(1),
  protocol,
  scorer,
  settings,
  dataSet: z.object({
    /** SHA-256 of the canonical text of paths, labels, groups and splits. */
    hash: text,
    classes: z.array(text),
    groupsKnown: z.boolean(),
    /** In the order that settles ties. Labels are indices into `classes`. */
    videos: z.array(
      z.object({
        id: text,
        path: text,
        labels: z.array(count).min(1),
        group: text.nullable(),
        split: z.enum(['train', 'test']).optional(),
      }),
    ),
  }),
  counts: z.object({
    queries: count,
    gallery: count,
    answered: count,
    /** Labelled videos in neither part of the protocol. */
    unused: count,
    unlabelled: count,
    /** Labelled videos without vectors of the descriptor. */
    withoutVectors: count,
  }),
  /** Queries whose label no other gallery video has (indices into `dataSet.videos`). */
  excluded: z.array(count),
  /** Queries of `frame-knn` whose video has no frames, and which are left out as well. */
  withoutFrames: z.array(count).optional(),
  /** Queries whose k-th match and the next score alike; of `frame-knn` those with such a frame, at its number of neighbours. */
  ties: z.array(z.object({ k: z.int().min(1), queries: count })),
  summary: z.array(summary).min(1),
  /** The same metrics under `leave-one-out`, where that was asked for: what they gain is leakage between clips of a group. */
  leakage: z.object({ summary: z.array(summary).min(1) }).optional(),
  /** The same metrics under the same protocol by the original ranking (mean vectors, each descriptor's own distance), where
   * the report's is another: what its stages gain. */
  original: z.object({ summary: z.array(summary).min(1) }).optional(),
  classes: z.array(classRow),
  macroScores: z.object({ precision: share, recall: share, f1: share }),
  confusion: z.object({ top1: confusion, topK: confusion.nullable(), frames: confusion.nullable() }),
  curves: z.object({ pooled, interpolated: curveMeans, rates: curveMeans }).nullable(),
  queries,
  runtime: z.array(z.object({ stage: text, seconds: z.number().min(0) })),
});

/** Everything an evaluation found, as plain JSON; with the features it reproduces every number. */
export type EvaluationReport = z.infer<typeof schema>;
export type ReportSettings = EvaluationReport['settings'];
export type ReportScorer = EvaluationReport['scorer'];
export type ReportDescriptor = EvaluationReport['descriptors'][number];

export type ReportProblem = {
  /** `summary[3].micro`; empty for the whole. */
  readonly path: string;
  readonly reason: string;
};

export type ReportCheck =
  | { readonly ok: true; readonly report: EvaluationReport }
  | { readonly ok: false; readonly problems: readonly ReportProblem[] };

/** Checks the shape of parsed JSON, lengths and indices: enough for what was checked before it was kept. */
export function checkShape(json: unknown): ReportCheck {
  const result = schema.safeParse(json);
  if (result.success) return checked(result.data, unlikeLists(result.data));
  const problems = result.error.issues.map(({ path, message }) => ({ path: pathText(path), reason: message }));
  return { ok: false, problems: problems.slice(0, 20) };
}

/** Checks parsed JSON: its shape, and that its numbers follow from one another, see {@link contradictions}. At most 20
 * problems. One step every few queries. */
export function* checkReport(json: unknown): Generator<undefined, ReportCheck> {
  const shape = checkShape(json);
  return shape.ok ? checked(shape.report, yield* contradictions(shape.report)) : shape;
}

const checked = (report: EvaluationReport, problems: readonly ReportProblem[]): ReportCheck =>
  problems.length === 0 ? { ok: true, report } : { ok: false, problems };

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`))
    .join('');
}
