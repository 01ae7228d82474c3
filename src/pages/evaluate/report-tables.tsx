import { Button, Table, Text, Title } from '@mantine/core';
import { Fragment, memo, useMemo } from 'react';
import { mostConfusedPairs } from '../../core/evaluation/confusion';
import { metricLabel } from '../../core/evaluation/metrics';
import type { EvaluationReport } from '../../core/evaluation/report';
import { describeProtocol } from '../../core/evaluation/report-export';
import type { CellClasses } from '../../core/evaluation/single-query';
import { summaryRows } from '../../core/evaluation/summary-rows';
import { Staged } from '../../ui/staged';
import { type ClassColumn, ClassTable } from '../class-table';
import { percent, three } from '../descriptor-words';
import classes from '../evaluation.module.css';
import { Wide } from '../wide';

type Props = { readonly report: EvaluationReport };

const interval = ([low, high]: readonly [number, number]): string => `${three(low)}–${three(high)}`;

/** Every metric over queries and over classes, with interval, chance, gain and leakage. */
export const SummaryTable = memo(({ report }: Props) => {
  const { leakage, original } = report;
  const rows = useMemo(() => summaryRows(report), [report]);
  const protocol = describeProtocol(report.protocol);
  return (
    <Wide name="Metrics">
      <Table aria-label="Summary" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            {[
              'Metric',
              'Protocol',
              'Over queries',
              '95 % interval',
              'Chance',
              ...(original ? ['Original ranking', 'Gain'] : []),
              ...(leakage ? ['leave-one-out', 'Leakage gap'] : []),
              'Over classes',
              '95 % interval (classes)',
            ].map((head) => (
              <Table.Th key={head} scope="col">
                {head.replace(' (classes)', '')}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Staged atOnce={5}>
            {rows.map((row) => (
              <Table.Tr key={row.metric}>
                <Table.Th scope="row">{metricLabel(row.metric)}</Table.Th>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>{protocol}</Table.Td>
                <Table.Td>{three(row.micro)}</Table.Td>
                <Table.Td>{interval(row.microInterval)}</Table.Td>
                <Table.Td>{three(row.microChance)}</Table.Td>
                {[...(original ? [row.original] : []), ...(leakage ? [row.loose] : [])].map((beside, i) => (
                  <Fragment key={i === 0 && original ? 'original' : 'loose'}>
                    <Table.Td>{beside ? three(beside.value) : ''}</Table.Td>
                    <Table.Td>{beside ? signed(beside.difference) : ''}</Table.Td>
                  </Fragment>
                ))}
                <Table.Td>{three(row.macro)}</Table.Td>
                <Table.Td>{interval(row.macroInterval)}</Table.Td>
              </Table.Tr>
            ))}
          </Staged>
        </Table.Tbody>
      </Table>
    </Wide>
  );
});

export const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

/** One row a class; sorted by any column, found by name. */
export const ClassesOfReport = memo(({ report }: Props) => {
  const { classes: rows, dataSet, summary, settings } = report;
  const columns = useMemo<readonly ClassColumn<ClassRow>[]>(() => {
    const wanted = new Set([
      'hit@1',
      `hit@${settings.confusionK}`,
      `precision@${settings.confusionK}`,
      'ap',
      'accuracy',
      'frame-accuracy',
    ]);
    return [
      { head: 'Videos', whole: true, of: (row) => row.videos },
      { head: 'Queries', whole: true, of: (row) => row.queries },
      ...summary.flatMap(({ metric }, i): ClassColumn<ClassRow>[] =>
        wanted.has(metric) ? [{ head: metricLabel(metric), of: (row) => row.values[i] }] : [],
      ),
      { head: 'Precision', of: (row) => row.precision },
      { head: 'Recall', of: (row) => row.recall },
      { head: 'F1', of: (row) => row.f1 },
    ];
  }, [summary, settings.confusionK]);
  const named = useMemo(
    () => rows.map((row) => ({ row, name: dataSet.classes[row.label] ?? '' })),
    [rows, dataSet.classes],
  );
  return <ClassTable name="Per class" first="Class" columns={columns} rows={named} missing="no query" />;
});

type ClassRow = EvaluationReport['classes'][number];

/** What is taken for what, the largest share first. */
export const ConfusedPairs = memo(({ report, onShow }: Props & { readonly onShow: (cell: CellClasses) => void }) => {
  const pairs = useMemo(() => mostConfusedPairs(report.confusion.top1, 20), [report]);
  const name = (label: number) => report.dataSet.classes[label] ?? '';
  return (
    <Wide name="Confused classes">
      <Title order={3} size="h5" mb={8}>
        Most confused pairs
      </Title>
      <Table aria-label="Most confused pairs" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">True</Table.Th>
            <Table.Th scope="col">Predicted</Table.Th>
            <Table.Th scope="col">Share of its row</Table.Th>
            <Table.Th scope="col">Count</Table.Th>
            <Table.Th scope="col" className={classes.screenOnly ?? ''}>
              Queries
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Staged atOnce={5}>
            {pairs.map((pair) => (
              <Table.Tr key={`${pair.truth} ${pair.predicted}`}>
                <Table.Td>{name(pair.truth)}</Table.Td>
                <Table.Td>{name(pair.predicted)}</Table.Td>
                <Table.Td>{percent(pair.share)}</Table.Td>
                <Table.Td>{Number(pair.count.toFixed(2))}</Table.Td>
                <Table.Td className={classes.screenOnly ?? ''}>
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={`See them: ${name(pair.truth)} taken for ${name(pair.predicted)}`}
                    onClick={() => onShow({ truth: [pair.truth], predicted: [pair.predicted] })}
                  >
                    See them
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Staged>
        </Table.Tbody>
      </Table>
      {pairs.length === 0 && (
        <Text size="sm" c="dimmed">
          None: every first match is of the query’s class.
        </Text>
      )}
    </Wide>
  );
});

export const RuntimeTable = memo(({ report }: Props) => {
  if (report.runtime.length === 0) return null;
  const total = report.runtime.reduce((sum, { seconds }) => sum + seconds, 0);
  return (
    <Wide name="Stages">
      <Title order={3} size="h5" mb={8}>
        Runtime
      </Title>
      <Table aria-label="Runtime" verticalSpacing={4} maw={420}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Stage</Table.Th>
            <Table.Th scope="col">Seconds</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[...report.runtime, { stage: 'all', seconds: total }].map(({ stage, seconds }) => (
            <Table.Tr key={stage}>
              <Table.Td>{stage}</Table.Td>
              <Table.Td>{three(seconds)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
});
