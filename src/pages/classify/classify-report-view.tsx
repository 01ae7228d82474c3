import { Table, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { ClassifyMetric, ClassifyReport } from '../../core/classify/classify-report';
import { toCsv } from '../../core/evaluation/csv';
import type { CellClasses } from '../../core/evaluation/single-query';
import type { HeadEntry } from '../../state/classify-store';
import { ConfusionFigure } from '../confusion-figure';
import { count, three } from '../descriptor-words';
import classes from '../evaluation.module.css';
import { PrecisionRecall, Roc } from '../pooled-figures';
import { Wide } from '../wide';
import { AdviceList } from './advice-list';
import { CalibrationFigure } from './calibration-figure';
import { CategoryTable } from './category-table';
import { HeadComparison } from './head-comparison';
import { splitWords } from './train-choices';

const metricWords: Readonly<Record<ClassifyMetric, string>> = {
  'map-macro': 'mAP, over categories',
  'map-micro': 'mAP, over all pairs',
  accuracy: 'Accuracy',
  precision: 'Precision',
  recall: 'Recall',
  f1: 'F1',
};

type Props = { readonly entry: HeadEntry; readonly report: ClassifyReport };

/** The test of one head, and what can be done with it. */
export function ClassifyReportView({ entry, report }: Props) {
  const [cell, setCell] = useState<CellClasses>();
  const tables = useMemo(() => [{ label: 'predictions', table: report.confusion }], [report]);
  const { pooled } = report.curves;
  return (
    <article className={classes.report} aria-label="Test report">
      <div>
        <Title order={2} size="h4">
          {entry.name}
        </Title>
        <Text size="sm" c="dimmed">
          {splitWords[report.settings.split.name]} · seed {report.settings.split.seed} ·{' '}
          {new Date(entry.created).toLocaleString()}
        </Text>
        <Text size="sm">{facts(report)}</Text>
      </div>
      <AdviceList report={report} />
      <HeadComparison />
      <Wide name="Metrics of the test">
        <Table aria-label="Test summary" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              {['Metric', 'Value', '95 % interval', 'Blind guess'].map((head) => (
                <Table.Th key={head} scope="col">
                  {head}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {report.summary.map(({ metric, value, interval, chance }) => (
              <Table.Tr key={metric}>
                <Table.Th scope="row">{metricWords[metric]}</Table.Th>
                <Table.Td>{three(value)}</Table.Td>
                <Table.Td>{interval && `${three(interval[0])}–${three(interval[1])}`}</Table.Td>
                <Table.Td>{chance !== undefined && three(chance)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      <CategoryTable report={report} />
      <ConfusionFigure names={report.classes} tables={tables} csv={() => confusionCsv(report)} onCell={setCell} />
      {cell && (
        <Text size="sm" role="status">
          {aboutCell(cell, report.classes)}
        </Text>
      )}
      <div className={classes.charts}>
        <PrecisionRecall
          pooled={pooled}
          interpolated={report.curves.interpolated}
          csv={() => columnsCsv(pooled.pr, ['recall', 'precision', 'threshold'])}
        />
        <Roc
          pooled={pooled}
          rates={report.curves.rates}
          csv={() => columnsCsv(pooled.roc, ['fpr', 'tpr', 'threshold'])}
        />
        <CalibrationFigure calibration={report.calibration} />
      </div>
    </article>
  );
}

function aboutCell({ truth, predicted }: CellClasses, names: readonly string[]): string {
  const name = (labels: readonly number[]) =>
    labels.length === 1 ? `“${names[labels[0] as number]}”` : `${labels.length} other categories`;
  if (truth.length > 1 && predicted.length > 1)
    return `What lies here is of the ${truth.length} categories that are not shown: show more classes to see which.`;
  return truth[0] === predicted[0]
    ? `${name(truth)}: what lies here was told rightly.`
    : `${name(truth)} taken for ${name(predicted)}: label more videos of both to tell them apart.`;
}

function facts({ counts, classes: names, epoch, device }: ClassifyReport): string {
  const parts = [
    `Trained on ${count(counts.train, 'video')}, tested on ${counts.test.toLocaleString('en')}: ${count(names.length, 'category', 'categories')}`,
    counts.validation > 0 ? `${counts.validation.toLocaleString('en')} chose when to stop` : '',
    epoch === undefined ? '' : `weights of epoch ${epoch}`,
    device === 'webgpu' ? 'trained on WebGPU' : '',
    counts.withoutVectors > 0 ? `${counts.withoutVectors} labelled but not indexed with this descriptor` : '',
    counts.unused > 0 ? `${counts.unused} in neither part of the split` : '',
  ];
  return `${parts.filter(Boolean).join('; ')}.`;
}

function confusionCsv({ confusion: { rows, columns, counts }, classes: names }: ClassifyReport): string {
  return toCsv([
    ['True', 'Predicted', 'Count'],
    ...counts.map((each, i) => [names[rows[i] as number] ?? '', names[columns[i] as number] ?? '', each]),
  ]);
}

function columnsCsv<Key extends string>(
  of: Readonly<Record<Key, readonly (number | null)[]>>,
  keys: readonly Key[],
): string {
  const [first] = keys;
  const rows = first === undefined ? [] : of[first].map((_, i) => keys.map((key) => of[key][i] ?? ''));
  return toCsv([[...keys], ...rows]);
}
