import { classScorer, confusionCounter } from './confusion';
import { classesOf, type EvaluationSet } from './evaluation-set';
import type { FrameVotes } from './frame-knn';
import type { GalleryRule, Protocol } from './protocols';
import type { RankedQueries } from './query-accumulator';
import type { EvaluationReport, ReportDescriptor, ReportScorer, ReportSettings } from './report';
import type { QueryValues } from './resampling';
import type { ScoreSource } from './score-block';

/** What the numbers do not depend on, or what only the caller knows. */
export type ReportHead = {
  readonly name: string;
  /** ISO 8601. */
  readonly created: string;
  readonly dataSetHash: string;
  readonly descriptors: readonly ReportDescriptor[];
  /** Labelled videos left out for want of vectors. */
  readonly withoutVectors: number;
};

export type EvaluationTask = {
  readonly set: EvaluationSet;
  readonly protocol: Protocol;
  readonly settings: ReportSettings;
  readonly head: ReportHead;
  readonly scores: ScoreSource;
};

export type Summary = { readonly rows: EvaluationReport['summary']; readonly data: QueryValues };

/** One step every few hundred queries, giving the share of them done. */
export function* rankingReport(
  task: EvaluationTask & { readonly scorer: ReportScorer },
  rule: GalleryRule,
  ranked: RankedQueries,
  summary: Summary,
): Generator<number, EvaluationReport> {
  const { set, settings } = task;
  const classCount = set.classes.length;
  const top1 = confusionCounter(classCount);
  const topK = confusionCounter(classCount);
  const scorer = classScorer(classCount);
  const top: number[][] = [];
  const topScores: number[][] = [];
  for (const [i, video] of ranked.videos.entries()) {
    const start = i * ranked.topK;
    const end = start + Math.min(ranked.topK, ranked.gallery[i] as number);
    const matches = ranked.top.subarray(start, end);
    top.push(Array.from(matches));
    topScores.push(Array.from(ranked.topScores.subarray(start, end)));
    const truth = classesOf(set, video);
    matches.subarray(0, settings.confusionK).forEach((match, place) => {
      const predicted = classesOf(set, match);
      topK.add(truth, predicted);
      if (place === 0) {
        top1.add(truth, predicted);
        scorer.add(truth, predicted);
      }
    });
    if (i % 256 === 0) yield i / ranked.videos.length;
  }
  return {
    ...reportHead(task, rule, ranked.videos.length, ranked.withoutRelevant),
    ties: settings.ks.map((k, i) => ({ k, queries: ranked.tiesAt[i] as number })),
    summary: summary.rows,
    ...classTable(set, summary.data, scorer),
    confusion: { top1: mutable(top1.finish()), topK: mutable(topK.finish()), frames: null },
    curves: ranked.videos.length === 0 ? null : structuredCurves(ranked),
    queries: {
      video: [...ranked.videos],
      gallery: [...ranked.gallery],
      relevant: [...ranked.relevant],
      firstRank: [...ranked.firstRank],
      values: ranked.values.map((of) => [...of]),
      predicted: null,
      top,
      topScores,
    },
  };
}

export function frameKnnReport(
  task: EvaluationTask & { readonly scorer: Extract<ReportScorer, { name: 'frame-knn' }> },
  rule: GalleryRule,
  votes: FrameVotes,
  values: readonly Float64Array[],
  summary: Summary,
): EvaluationReport {
  const { set } = task;
  const byVideo = confusionCounter(set.classes.length);
  const byFrame = confusionCounter(set.classes.length);
  const scorer = classScorer(set.classes.length);
  votes.videos.forEach((video, i) => {
    const truth = classesOf(set, video);
    const predicted = votes.predicted.subarray(i, i + 1);
    byVideo.add(truth, predicted);
    scorer.add(truth, predicted);
    for (let frame = votes.frameStarts[i] as number; frame < (votes.frameStarts[i + 1] as number); frame++) {
      byFrame.add(truth, votes.frameVotes.subarray(frame, frame + 1));
    }
  });
  const none = Array.from(votes.videos, () => 0);
  return {
    ...reportHead(task, rule, votes.videos.length, votes.withoutRelevant),
    withoutFrames: [...votes.withoutFrames],
    ties: [{ k: task.scorer.neighbours, queries: votes.ties }],
    summary: summary.rows,
    ...classTable(set, summary.data, scorer),
    confusion: { top1: mutable(byVideo.finish()), topK: null, frames: mutable(byFrame.finish()) },
    curves: null,
    queries: {
      video: [...votes.videos],
      gallery: none.map(() => rule.gallery.length),
      relevant: none,
      firstRank: none,
      values: values.map((of) => [...of]),
      predicted: [...votes.predicted],
      top: votes.nearest.map((list) => [...list]),
      topScores: votes.shares.map((list) => [...list]),
    },
  };
}

function reportHead(
  { set, protocol, settings, head, scorer }: EvaluationTask & { readonly scorer: ReportScorer },
  rule: GalleryRule,
  answered: number,
  excluded: Int32Array,
) {
  const used = new Set([...rule.queries, ...rule.gallery]);
  return {
    format: 'reelmatch-evaluation' as const,
    version: 1 as const,
    name: head.name,
    created: head.created,
    descriptors: [...head.descriptors],
    protocol,
    scorer,
    settings,
    dataSet: {
      hash: head.dataSetHash,
      classes: [...set.classes],
      groupsKnown: set.groupsKnown,
      videos: set.videos.map(({ id, path, group, split }, i) => ({
        id,
        path,
        labels: [...classesOf(set, i)],
        group: group ?? null,
        ...((split === 'train' || split === 'test') && { split }),
      })),
    },
    counts: {
      queries: rule.queries.length,
      gallery: rule.gallery.length,
      answered,
      unused: set.videos.length - used.size,
      unlabelled: set.unlabelled,
      withoutVectors: head.withoutVectors,
    },
    excluded: [...excluded],
    runtime: [],
  };
}

/** The classes' rows, and the means of their scores over those that have queries. */
export function classTable(set: EvaluationSet, data: QueryValues, scorer: ReturnType<typeof classScorer>) {
  const sums = set.classes.map(() => ({ queries: 0, values: data.values.map(() => 0) }));
  for (let query = 0; query < data.clusters.length; query++) {
    for (let i = data.classStarts[query] as number; i < (data.classStarts[query + 1] as number); i++) {
      const own = sums[data.classes[i] as number];
      if (!own) continue;
      own.queries++;
      data.values.forEach((of, metric) => {
        own.values[metric] = (own.values[metric] ?? 0) + (of[query] as number);
      });
    }
  }
  const videos = set.classes.map(() => 0);
  for (const label of set.labels) videos[label] = (videos[label] ?? 0) + 1;
  const scores = scorer.finish();
  const classes = sums.map(({ queries, values }, label) => {
    const { precision, recall, f1 } = scores[label] as (typeof scores)[number];
    return {
      label,
      videos: videos[label] as number,
      queries,
      values: queries === 0 ? [] : values.map((sum) => sum / queries),
      precision,
      recall,
      f1,
    };
  });
  const tested = classes.filter(({ queries }) => queries > 0);
  const mean = (key: 'precision' | 'recall' | 'f1') =>
    tested.reduce((sum, row) => sum + row[key], 0) / Math.max(1, tested.length);
  return { classes, macroScores: { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') } };
}

function structuredCurves({ curves, interpolated, rates }: RankedQueries): NonNullable<EvaluationReport['curves']> {
  const { pr, roc, similarity } = curves;
  return {
    pooled: {
      ...curves,
      pr: { threshold: [...pr.threshold], recall: [...pr.recall], precision: [...pr.precision] },
      roc: { threshold: [...roc.threshold], fpr: [...roc.fpr], tpr: [...roc.tpr] },
      interpolated: [...curves.interpolated],
      similarity: { ...similarity, relevant: [...similarity.relevant], irrelevant: [...similarity.irrelevant] },
    },
    interpolated: { micro: [...interpolated.micro], macro: [...interpolated.macro] },
    rates: { micro: [...rates.micro], macro: [...rates.macro] },
  };
}

const mutable = (table: {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly counts: readonly number[];
}) => ({
  rows: [...table.rows],
  columns: [...table.columns],
  counts: [...table.counts],
});
