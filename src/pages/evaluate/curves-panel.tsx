import { memo, useMemo } from 'react';
import { metricLabel } from '../../core/evaluation/metrics';
import type { EvaluationReport } from '../../core/evaluation/report';
import { reportToCsv } from '../../core/evaluation/report-export';
import { PairedHistogram, ShareBars } from '../../ui/charts/bars-chart';
import { ChartFigure } from '../../ui/charts/chart-figure';
import { CurveChart } from '../../ui/charts/curve-chart';
import { three } from '../descriptor-words';

type Curves = NonNullable<EvaluationReport['curves']>;
type Props = { readonly report: EvaluationReport };

type CurveProps = { readonly report: EvaluationReport; readonly curves: Curves };

export const AtK = memo(({ report }: Props) => {
  const { ks } = report.settings;
  const { drawn, rows } = useMemo(() => {
    const row = (name: string, k: number) => report.summary.find(({ metric }) => metric === `${name}@${k}`);
    const series = [
      { id: 'hit', name: 'Hit', colour: 1, labelAt: 0 },
      { id: 'precision', name: 'Precision', colour: 3, labelAt: 0.5 },
      { id: 'recall', name: 'Recall', colour: 4, labelAt: 1 },
    ] as const;
    const points = (name: string, key: 'micro' | 'microChance') =>
      ks.map((k) => ({ x: k, y: row(name, k)?.[key] ?? 0 }));
    return {
      drawn: [
        ...series.map(({ id, ...curve }) => ({ ...curve, dots: true, points: points(id, 'micro') })),
        {
          name: 'Hit by chance',
          colour: 2 as const,
          dashed: true,
          labelAt: 0.6,
          points: points('hit', 'microChance'),
        },
      ],
      rows: ks.map((k) => [k, ...series.map(({ id }) => row(id, k)?.micro ?? 0), row('hit', k)?.microChance ?? 0]),
    };
  }, [report, ks]);
  const last = ks.at(-1) ?? 1;
  return (
    <ChartFigure
      name="Precision and recall at k"
      summary={`From k = ${ks[0]} to ${last}: Hit ${three(Number(rows[0]?.[1]))} to ${three(Number(rows.at(-1)?.[1]))}, precision ${three(Number(rows[0]?.[2]))} to ${three(Number(rows.at(-1)?.[2]))}, recall ${three(Number(rows[0]?.[3]))} to ${three(Number(rows.at(-1)?.[3]))}.`}
      numbers={{ header: ['k', 'Hit', 'Precision', 'Recall', 'Hit by chance'], rows }}
      csv={() => reportToCsv(report, 'summary')}
    >
      <CurveChart curves={drawn} x="k" y="Mean over queries" xDomain={[ks[0] ?? 1, last]} xTicks={ks} logarithmic />
    </ChartFigure>
  );
});

export const Similarity = memo(({ report, curves: { pooled } }: CurveProps) => {
  const { from, to, relevant, irrelevant } = pooled.similarity;
  const bins = useMemo(
    () =>
      relevant.map((a, i) => ({
        from: from + ((to - from) * i) / relevant.length,
        to: from + ((to - from) * (i + 1)) / relevant.length,
        a,
        b: irrelevant[i] as number,
      })),
    [from, to, relevant, irrelevant],
  );
  const sum = (list: readonly number[]) => list.reduce((total, each) => total + each, 0);
  return (
    <ChartFigure
      name="Similarity of pairs"
      summary={`${sum(relevant).toLocaleString('en')} pairs of one class against ${sum(irrelevant).toLocaleString('en')} of different ones, each as shares of its own; similarities from ${three(from)} to ${three(to)}.`}
      numbers={{
        header: ['From', 'To', 'Same class', 'Other class'],
        rows: bins.map((bin) => [bin.from, bin.to, bin.a, bin.b]),
      }}
      csv={() => reportToCsv(report, 'similarity')}
    >
      <PairedHistogram bins={bins} names={['same class', 'other class']} x="Similarity" />
    </ChartFigure>
  );
});

/** The first rank's metric, or the vote's, of every class. */
export const ClassBars = memo(({ report }: Props) => {
  const { summary, classes, dataSet } = report;
  const at = Math.max(
    0,
    summary.findIndex(({ metric }) => metric === 'ap' || metric === 'accuracy'),
  );
  const metric = metricLabel(summary[at]?.metric ?? 'ap');
  const bars = useMemo(
    () =>
      classes
        .filter(({ queries }) => queries > 0)
        .map(({ label, values }) => ({ name: dataSet.classes[label] ?? '', value: values[at] ?? 0 }))
        .sort((a, b) => b.value - a.value),
    [classes, dataSet, at],
  );
  if (bars.length === 0) return null;
  return (
    <ChartFigure
      name={`${metric} by class`}
      summary={`Best ${bars[0]?.name} with ${three(bars[0]?.value ?? 0)}, last ${bars.at(-1)?.name} with ${three(bars.at(-1)?.value ?? 0)}; the line is chance over classes.`}
      numbers={{ header: ['Class', metric], rows: bars.map(({ name, value }) => [name, value]) }}
      csv={() => reportToCsv(report, 'classes')}
    >
      <ShareBars bars={bars} chance={summary[at]?.macroChance ?? 0} />
    </ChartFigure>
  );
});
