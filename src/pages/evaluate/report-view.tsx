import { Text, Title } from '@mantine/core';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import type { MetricId } from '../../core/evaluation/metrics';
import { metricLabel } from '../../core/evaluation/metrics';
import type { EvaluationReport } from '../../core/evaluation/report';
import { describeProtocol, describeScorer, reportToCsv } from '../../core/evaluation/report-export';
import type { CellClasses, Counted } from '../../core/evaluation/single-query';
import { summaryRows } from '../../core/evaluation/summary-rows';
import { Staged } from '../../ui/staged';
import { ConfusionFigure, type CountedConfusion } from '../confusion-figure';
import { count, three } from '../descriptor-words';
import classes from '../evaluation.module.css';
import { PrecisionRecall, Roc } from '../pooled-figures';
import { CellQueries, type CellQueriesProps } from './cell-queries';
import { AtK, ClassBars, Similarity } from './curves-panel';
import { ExportButtons } from './export-buttons';
import { PublishedNumbers } from './published-numbers';
import { ClassesOfReport, ConfusedPairs, RuntimeTable, SummaryTable, signed } from './report-tables';
import { SingleQueryView } from './single-query-view';

type Props = {
  readonly report: EvaluationReport;
  /** What stands under the report's name: how it relates to the library, where it is kept. */
  readonly children: ReactNode;
};

/** All that a report holds. */
export function ReportView({ report, children }: Props) {
  const view = useRef<HTMLElement>(null);
  const [cell, setCell] = useState<Omit<CellQueriesProps, 'report' | 'onClose'>>();
  const tables = useMemo(() => countedConfusions(report), [report]);
  const show = useCallback(
    (classesOf: CellClasses, at = 0) => setCell({ cell: classesOf, counted: tables[at]?.counted ?? 'top1' }),
    [tables],
  );
  return (
    <article ref={view} className={classes.report} aria-label="Report">
      <div>
        <Title order={2} size="h4">
          {report.name}
        </Title>
        <Text size="sm" c="dimmed">
          {describeScorer(report)} · {describeProtocol(report.protocol)} · {new Date(report.created).toLocaleString()}
        </Text>
        <Text size="sm">{facts(report)}</Text>
        {children}
      </div>
      <Headline report={report} />
      <ExportButtons report={report} view={view} />
      <Staged>
        <SummaryTable report={report} />
        <PublishedNumbers report={report} />
        <ConfusionFigure
          names={report.dataSet.classes}
          tables={tables}
          csv={() => reportToCsv(report, 'confusion')}
          about={describeProtocol(report.protocol)}
          onCell={show}
        />
        <ConfusedPairs report={report} onShow={show} />
        {report.curves && (
          <div className={classes.charts}>
            <Staged>
              <PrecisionRecall
                pooled={report.curves.pooled}
                interpolated={report.curves.interpolated.macro}
                csv={() => reportToCsv(report, 'precision-recall')}
                about={describeProtocol(report.protocol)}
              />
              <Roc
                pooled={report.curves.pooled}
                rates={report.curves.rates.macro}
                csv={() => reportToCsv(report, 'roc')}
                about={describeProtocol(report.protocol)}
              />
              <AtK report={report} />
              <Similarity report={report} curves={report.curves} />
            </Staged>
          </div>
        )}
        <div>
          <Title order={3} size="h5" mb={8}>
            Per class
          </Title>
          <Text size="sm" mb={8}>
            {classScores(report)}
          </Text>
          <ClassesOfReport report={report} />
        </div>
        <ClassBars report={report} />
        <SingleQueryView report={report} />
        <RuntimeTable report={report} />
      </Staged>
      {cell && <CellQueries report={report} {...cell} onClose={() => setCell(undefined)} />}
    </article>
  );
}

function countedConfusions({
  confusion,
  scorer,
  settings,
}: EvaluationReport): readonly (CountedConfusion & { readonly counted: Counted })[] {
  const label: Record<Counted, string> = {
    top1: scorer.name === 'frame-knn' ? 'votes of videos' : 'top match',
    topK: `top ${settings.confusionK}`,
    frames: 'votes of frames',
  };
  return (['top1', 'topK', 'frames'] as const).flatMap((counted) => {
    const table = confusion[counted];
    return table ? [{ counted, label: label[counted], table }] : [];
  });
}

/** The few numbers that say most, each with its interval, chance and leakage. */
function Headline({ report }: { readonly report: EvaluationReport }) {
  const { confusionK } = report.settings;
  const rows = useMemo(() => summaryRows(report), [report]);
  const wanted: readonly MetricId[] = [
    ...new Set<MetricId>(['hit@1', `hit@${confusionK}`, `precision@${confusionK}`, 'ap', 'accuracy', 'frame-accuracy']),
  ];
  return (
    <dl className={classes.headline}>
      {wanted.flatMap((metric) => {
        const row = rows.find((each) => each.metric === metric);
        if (!row) return [];
        const [low, high] = row.microInterval;
        return [
          <div key={metric}>
            <dt>{metricLabel(metric)}</dt>
            <dd>
              {three(row.micro)} <small>± {((high - low) / 2).toFixed(2)}</small>
            </dd>
            <dd>
              <small>
                chance {row.microChance.toFixed(2)}
                {row.original && ` · gain ${signed(row.original.difference)}`}
                {row.loose && ` · leakage gap ${signed(row.loose.difference)}`}
              </small>
            </dd>
          </div>,
        ];
      })}
    </dl>
  );
}

function classScores({ macroScores: { precision, recall, f1 }, scorer }: EvaluationReport): string {
  const by = scorer.name === 'frame-knn' ? 'vote' : 'top match';
  return `By the label of the ${by}, over classes: precision ${three(precision)}, recall (class-wise accuracy) ${three(recall)}, F1 ${three(f1)}.`;
}

function facts({ counts, excluded, withoutFrames = [], dataSet, ties, settings, scorer }: EvaluationReport): string {
  const cut = scorer.name === 'frame-knn' ? scorer.neighbours : settings.confusionK;
  const tied = ties.find(({ k }) => k === cut)?.queries ?? 0;
  const parts = [
    `${counts.answered.toLocaleString('en')} of ${count(counts.queries, 'query', 'queries')} answered in a gallery of ${counts.gallery.toLocaleString('en')}, ${count(dataSet.classes.length, 'class', 'classes')}`,
    excluded.length > 0
      ? `${count(excluded.length, 'query', 'queries')} left out: no other video of the class can be found`
      : '',
    withoutFrames.length > 0
      ? `${count(withoutFrames.length, 'query', 'queries')} left out: no frames of the video`
      : '',
    counts.withoutVectors > 0 ? `${counts.withoutVectors} labelled but not indexed with this descriptor` : '',
    counts.unused > 0 ? `${counts.unused} in neither part of the protocol` : '',
    tied > 0
      ? `${count(tied, 'query', 'queries')} with a tie at ${scorer.name === 'frame-knn' ? 'K' : 'k'} = ${cut}`
      : '',
  ];
  return `${parts.filter(Boolean).join('; ')}.`;
}
