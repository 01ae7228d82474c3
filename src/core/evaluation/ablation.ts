import type { Metric } from '../feature';
import { originalRecipe, type RankingRecipe } from '../ranking/recipe';
import { type StageName, withStage } from '../ranking/recipe-stages';
import type { MetricId } from './metrics';
import type { EvaluationReport } from './report';

/** One ranking of an ablation: some descriptors, how they are fused, and the stages so far. */
export type AblationCase = {
  /** Positions of the descriptors. */
  readonly descriptors: readonly number[];
  readonly fusion: 'alone' | 'late' | 'early';
  /** The stage that is added last, in words. */
  readonly stages: string;
  readonly recipe: RankingRecipe;
};

const added: readonly { readonly name: StageName; readonly words: string; readonly ofVectors: boolean }[] = [
  { name: 'signed-root', words: 'and square root', ofVectors: true },
  { name: 'standardise', words: 'and standardised', ofVectors: true },
  { name: 'k-reciprocal', words: 'and neighbours in common', ofVectors: false },
  { name: 'database-augmentation', words: 'and smoothed by neighbours', ofVectors: false },
];

/** Each descriptor alone, then all of them fused late and early: from the original ranking, stage upon stage. Stages that
 * leave a descriptor's vectors as they are stay out. `fused` are the descriptors that are fused. */
export function ablationPlan(metrics: readonly Metric[], fused: readonly number[]): AblationCase[] {
  const alone = metrics.flatMap((metric, i) => cumulative([i], 'alone', metric === 'cosine'));
  if (fused.length < 2) return alone;
  const early = (recipe: RankingRecipe): RankingRecipe => ({ ...recipe, fusion: { name: 'early' } });
  const late = cumulative(fused, 'late', true);
  const joined = [late[0], late.at(-1)].flatMap((one): AblationCase[] =>
    one ? [{ ...one, fusion: 'early', recipe: early(one.recipe) }] : [],
  );
  return [...alone, ...late, ...joined.map((one, i) => (i === 0 ? one : { ...one, stages: 'all stages' }))];
}

function cumulative(
  descriptors: readonly number[],
  fusion: AblationCase['fusion'],
  vectors: boolean,
): readonly AblationCase[] {
  const cases: AblationCase[] = [{ descriptors, fusion, stages: 'original', recipe: originalRecipe }];
  let recipe = originalRecipe;
  for (const { name, words, ofVectors } of added) {
    if (ofVectors && !vectors) continue;
    recipe = withStage(recipe, name, true);
    cases.push({ descriptors, fusion, stages: words, recipe });
  }
  return cases;
}

export const ablationMetrics: readonly MetricId[] = ['hit@1', 'precision@5', 'ap'];

/** What one ranking gave under one protocol; a value a metric of `ablationMetrics`. */
export type AblationRow = Pick<AblationCase, 'fusion' | 'stages'> & {
  readonly descriptors: string;
  readonly protocol: string;
  readonly videos: number;
  readonly values: readonly { readonly value: number; readonly interval: readonly [number, number] }[];
};

/** The rows of a report: its protocol's, and leave-one-out beside it. `descriptors` in words. */
export function ablationRows(
  { fusion, stages }: Pick<AblationCase, 'fusion' | 'stages'>,
  descriptors: string,
  report: EvaluationReport,
): AblationRow[] {
  const row = (protocol: string, summary: EvaluationReport['summary']): AblationRow => ({
    descriptors,
    fusion,
    stages,
    protocol,
    videos: report.dataSet.videos.length,
    values: ablationMetrics.map((metric) => {
      const found = summary.find((each) => each.metric === metric);
      const [low, high] = found?.microInterval ?? [0, 0];
      return { value: found?.micro ?? 0, interval: [low, high] };
    }),
  });
  return [
    row(report.protocol.name, report.summary),
    ...(report.leakage ? [row('leave-one-out', report.leakage.summary)] : []),
  ];
}
