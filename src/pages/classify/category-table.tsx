import { Group, SegmentedControl, Slider, Text, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { ClassifyReport } from '../../core/classify/classify-report';
import { type AtThreshold, atThreshold } from '../../core/classify/score-histograms';
import { type ClassColumn, ClassTable } from '../class-table';
import { three } from '../descriptor-words';

type Rule = 'likeliest' | 'threshold' | 'best';

type Row = ClassifyReport['rows'][number] & { readonly threshold: number | undefined };

const tested = (of: (row: Row) => number) => (row: Row) => (row.test > 0 ? of(row) : undefined);

const columns: readonly ClassColumn<Row>[] = [
  { head: 'Trained on', whole: true, of: (row) => row.train },
  { head: 'Tested on', whole: true, of: (row) => row.test },
  { head: 'AP', of: (row) => row.averagePrecision },
  { head: 'Precision', of: tested((row) => row.precision) },
  { head: 'Recall', of: tested((row) => row.recall) },
  { head: 'F1', of: tested((row) => row.f1) },
];
const thresholdColumn: ClassColumn<Row> = { head: 'Threshold', of: (row) => row.threshold };

/** Every category's numbers, where a label is told by the likeliest, from a probability on, or from each category's best. */
export function CategoryTable({ report }: { readonly report: ClassifyReport }) {
  const { classes, thresholds, settings } = report;
  const usual = settings.outcome === 'one-label' ? 'likeliest' : 'threshold';
  const [rule, setRule] = useState<Rule>(usual);
  const [percent, setPercent] = useState(50);
  const rows = useMemo(() => {
    const found = report.rows.map((row, label): Row => {
      if (rule === 'likeliest') return { ...row, threshold: undefined };
      const threshold = rule === 'best' ? (thresholds.best?.[label] ?? 0.5) : percent / 100;
      return { ...row, ...atThreshold(thresholds.histograms, label, threshold), threshold };
    });
    return found.map((row, label) => ({ row, name: classes[label] ?? '' }));
  }, [report, rule, percent, thresholds, classes]);
  const present = rows.filter(({ row }) => row.test > 0);
  const mean = (of: keyof AtThreshold) =>
    three(present.reduce((sum, { row }) => sum + row[of], 0) / Math.max(1, present.length));
  const rules = [
    ...(usual === 'likeliest' ? [{ value: 'likeliest', label: 'likeliest label' }] : []),
    { value: 'threshold', label: 'one threshold' },
    { value: 'best', label: 'best F1 of each', disabled: !thresholds.best },
  ];
  return (
    <div>
      <Title order={3} size="h5" mb={8}>
        Per category
      </Title>
      <Group gap="md" mb={8} align="center">
        <SegmentedControl
          aria-label="When a label is told"
          size="xs"
          value={rule}
          data={rules}
          onChange={(value) => setRule(value as Rule)}
        />
        {rule === 'threshold' && (
          <Slider
            aria-label="Threshold"
            thumbLabel="Threshold"
            w={220}
            min={1}
            max={99}
            value={percent}
            onChange={setPercent}
            label={(value) => (value / 100).toFixed(2)}
          />
        )}
        <Text size="sm" role="status" aria-label="Mean over categories">
          {rule === 'threshold' && `From ${(percent / 100).toFixed(2)} on: `}
          precision {mean('precision')}, recall {mean('recall')}, F1 {mean('f1')}, over categories
        </Text>
      </Group>
      {!thresholds.best && (
        <Text size="sm" c="dimmed" mb={8}>
          Thresholds of best F1 are chosen on a validation part, never on the test: hold one back to have them.
        </Text>
      )}
      <ClassTable
        name="Per category"
        first="Category"
        columns={rule === 'likeliest' ? columns : [...columns, thresholdColumn]}
        rows={rows}
        missing="no test"
      />
    </div>
  );
}
