import { memo, useMemo } from 'react';
import { keptOfCurve, type PooledCurves } from '../core/evaluation/pooled-curves';
import { ChartFigure } from '../ui/charts/chart-figure';
import { CurveChart, evenly } from '../ui/charts/curve-chart';
import { three } from './descriptor-words';

/** Rows of a table that is read, not plotted. */
const tabled = 101;

type PrecisionRecallProps = {
  readonly pooled: PooledCurves;
  /** 11-point interpolated precision over classes. */
  readonly interpolated: readonly number[];
  readonly csv: () => string;
  /** What the numbers are of, for the names of saved files. */
  readonly about?: string;
};

type RocProps = {
  readonly pooled: PooledCurves;
  /** True positive rate over classes at false positive rates 0, 0.01 .. 1. */
  readonly rates: readonly number[];
  readonly csv: () => string;
  /** What the numbers are of, for the names of saved files. */
  readonly about?: string;
};

export const PrecisionRecall = memo(({ pooled, interpolated, csv, about }: PrecisionRecallProps) => {
  const chance = pooled.relevant / Math.max(1, pooled.pairs);
  const drawn = useMemo(
    () => [
      {
        name: 'chance',
        colour: 2 as const,
        dashed: true,
        labelAt: 1,
        points: [
          { x: 0, y: chance },
          { x: 1, y: chance },
        ],
      },
      {
        name: '11-point, over classes',
        colour: 3 as const,
        labelAt: 0.8,
        dots: true,
        points: interpolated.map((y, i) => ({ x: i / 10, y })),
      },
      {
        name: 'pooled',
        colour: 1 as const,
        labelAt: 0.12,
        points: evenly(pooled.pr.recall.length).map((i) => ({
          x: pooled.pr.recall[i] as number,
          y: pooled.pr.precision[i] as number,
        })),
      },
    ],
    [pooled, interpolated, chance],
  );
  const rows = evenly(pooled.pr.recall.length, tabled).map((i) => [
    pooled.pr.recall[i] as number,
    pooled.pr.precision[i] as number,
    pooled.pr.threshold[i] as number,
  ]);
  return (
    <ChartFigure
      name="Precision-recall"
      summary={`Average precision over all pairs ${three(pooled.averagePrecision)}, chance ${three(chance)}; at recall 0.5 the interpolated precision over classes is ${three(interpolated[5] ?? 0)}.${noted(keptOfCurve(pooled, 'pr'))}`}
      numbers={{ header: ['Recall', 'Precision', 'Threshold'], rows }}
      csv={csv}
      {...(about !== undefined && { about })}
    >
      <CurveChart curves={drawn} x="Recall" y="Precision" />
    </ChartFigure>
  );
});

export const Roc = memo(({ pooled, rates, csv, about }: RocProps) => {
  const drawn = useMemo(
    () => [
      {
        name: 'chance',
        colour: 2 as const,
        dashed: true,
        labelAt: 1,
        points: [
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ],
      },
      {
        name: 'over classes',
        colour: 3 as const,
        labelAt: 0.55,
        points: rates.map((y, i) => ({ x: i / (rates.length - 1), y })),
      },
      {
        name: 'pooled',
        colour: 1 as const,
        labelAt: 0.25,
        beside: 'right' as const,
        points: evenly(pooled.roc.fpr.length).map((i) => ({
          x: pooled.roc.fpr[i] as number,
          y: pooled.roc.tpr[i] as number,
        })),
      },
    ],
    [pooled, rates],
  );
  const rows = evenly(pooled.roc.fpr.length, tabled).map((i) => [
    pooled.roc.fpr[i] as number,
    pooled.roc.tpr[i] as number,
    pooled.roc.threshold[i] ?? 'above all',
  ]);
  return (
    <ChartFigure
      name="ROC"
      summary={`Area under the curve over all pairs ${three(pooled.auc)}; chance is 0.500.${noted(keptOfCurve(pooled, 'roc'))}`}
      numbers={{ header: ['False positive rate', 'True positive rate', 'Threshold'], rows }}
      csv={csv}
      {...(about !== undefined && { about })}
    >
      <CurveChart curves={drawn} x="False positive rate" y="True positive rate" />
    </ChartFigure>
  );
});

/** Told, as the areas and what is saved depend on it. */
const noted = (kept: string): string => (kept === '' ? '' : ` Not every pair has its point: ${kept}.`);
