import { memo, useMemo } from 'react';
import { metricLabel } from '../../core/evaluation/metrics';
import type { EvaluationReport } from '../../core/evaluation/report';
import { describeProtocol, reportToCsv } from '../../core/evaluation/report-export';
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
    const byChance = series.map(({ id, name, colour }) => ({
      name: `${name} by chance`,
      colour,
      dashed: true,
      labelAt: 1,
      beside: 'hidden' as const,
      points: ks.map((k) => ({ x: k, y: row(id, k)?.microChance ?? 0 })),
    }));
    const measured = series.map(({ id, ...curve }) => ({
      ...curve,
      dots: true,
      points: ks.map((k) => {
        const { micro = 0, microInterval: interval = [micro, micro] } = row(id, k) ?? {};
        return { x: k, y: micro, interval };
      }),
    }));
    const numbers = ks.map((k) => [
      k,
      ...series.flatMap(({ id }) => {
        const { micro = 0, microInterval: [low, high] = [0, 0], microChance = 0 } = row(id, k) ?? {};
        return [micro, low, high, microChance];
      }),
    ]);
    return { drawn: [...byChance, ...measured], rows: numbers };
  }, [report, ks]);
  const last = ks.at(-1) ?? 1;
  const between = (column: number) => `${three(Number(rows[0]?.[column]))} to ${three(Number(rows.at(-1)?.[column]))}`;
  return (
    <ChartFigure
      name="Precision and recall at k"
      summary={`From k = ${ks[0]} to ${last}: Hit ${between(1)}, precision ${between(5)}, recall ${between(9)}. Bars are 95 % intervals, dashed lines what chance gives.`}
      numbers={{
        header: [
          'k',
          ...['Hit', 'Precision', 'Recall'].flatMap((name) => [
            name,
            `${name} low`,
            `${name} high`,
            `${name} by chance`,
          ]),
        ],
        rows,
      }}
      csv={() => reportToCsv(report, 'summary')}
      about={describeProtocol(report.protocol)}
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
      about={describeProtocol(report.protocol)}
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
      about={describeProtocol(report.protocol)}
    >
      <ShareBars bars={bars} chance={summary[at]?.macroChance ?? 0} />
    </ChartFigure>
  );
});
