import { Group, NativeSelect, Slider, Text, TextInput } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import type { Confusion } from '../core/evaluation/confusion';
import { confusionView } from '../core/evaluation/confusion-view';
import type { CellClasses } from '../core/evaluation/single-query';
import { ChartFigure } from '../ui/charts/chart-figure';
import { ConfusionMatrix } from '../ui/charts/confusion-matrix';
import { percent } from './descriptor-words';
import classes from './evaluation.module.css';

export type CountedConfusion = { readonly label: string; readonly table: Confusion };

type Props = {
  readonly names: readonly string[];
  /** The first is shown; which of several is a choice. */
  readonly tables: readonly CountedConfusion[];
  readonly csv: () => string;
  /** What the numbers are of, for the names of saved files. */
  readonly about?: string;
  /** `counted` is the table's place. */
  readonly onCell: (cell: CellClasses, counted: number) => void;
};

/** Classes whose every pair can be drawn. */
const drawable = 500;

type Normalise = 'counts' | 'row' | 'column';

/** The confusion matrix with what can be set about it. */
export const ConfusionFigure = memo(({ names, tables, csv, about, onCell }: Props) => {
  const [counted, setCounted] = useState(0);
  const [normalise, setNormalise] = useState<Normalise>('counts');
  const [most, setMost] = useState(names.length > drawable ? 40 : undefined);
  const [find, setFind] = useState('');
  const [zoom, setZoom] = useState<number>();
  const { table } = (tables[counted] ?? tables[0]) as CountedConfusion;
  const view = useMemo(
    () => confusionView(table, names.length, { normalise, ...(most !== undefined && { most }) }),
    [table, names.length, normalise, most],
  );
  const labels = useMemo(() => view.lines.map((label) => (label < 0 ? 'other' : (names[label] ?? ''))), [view, names]);
  const classesOf = (line: number): readonly number[] => {
    const label = view.lines[line] as number;
    return label < 0 ? names.map((_, each) => each).filter((each) => !view.lines.includes(each)) : [label];
  };
  const fitting = Math.max(5, Math.min(36, Math.floor(620 / labels.length)));
  const cell = zoom ?? fitting;
  const marked = useMemo(() => {
    const wanted = find.trim().toLowerCase();
    return new Set(
      wanted === '' ? [] : labels.flatMap((label, i) => (label.toLowerCase().includes(wanted) ? [i] : [])),
    );
  }, [find, labels]);
  const numbers = useMemo(() => {
    const size = labels.length;
    const rows = [...view.counts].flatMap((count, at) =>
      count === 0
        ? []
        : [[labels[Math.floor(at / size)] ?? '', labels[at % size] ?? '', count, view.values[at] as number]],
    );
    return { header: ['True', 'Predicted', 'Count', normalise === 'counts' ? 'Count shown' : 'Share'], rows };
  }, [view, labels, normalise]);

  const controls = (
    <Group gap="sm" align="flex-end" className={classes.screenOnly ?? ''}>
      {tables.length > 1 && (
        <NativeSelect
          size="xs"
          label="Counted"
          value={counted}
          data={tables.map(({ label }, i) => ({ value: String(i), label }))}
          onChange={(event) => setCounted(Number(event.currentTarget.value))}
        />
      )}
      <NativeSelect
        size="xs"
        label="Shown as"
        value={normalise}
        data={[
          { value: 'counts', label: 'counts' },
          { value: 'row', label: '% of the true class' },
          { value: 'column', label: '% of the predicted class' },
        ]}
        onChange={(event) => setNormalise(event.currentTarget.value as Normalise)}
      />
      {names.length > 10 && (
        <NativeSelect
          size="xs"
          label="Classes"
          value={most === undefined ? 'all' : String(most)}
          data={[
            ...(names.length > drawable ? [] : [{ value: 'all', label: `all ${names.length}` }]),
            ...[5, 10, 20, 40]
              .filter((limit) => limit < names.length)
              .map((limit) => ({ value: String(limit), label: `${limit} most confused + other` })),
          ]}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setMost(value === 'all' ? undefined : Number(value));
            setZoom(undefined);
          }}
        />
      )}
      <TextInput
        size="xs"
        label="Find class"
        w={140}
        value={find}
        onChange={(event) => setFind(event.currentTarget.value)}
      />
      <div>
        <Text size="xs" fw={500}>
          Zoom
        </Text>
        <Slider
          w={120}
          my={8}
          size="sm"
          label={null}
          thumbLabel="Zoom"
          min={5}
          max={44}
          value={cell}
          onChange={setZoom}
        />
      </div>
    </Group>
  );

  return (
    <ChartFigure
      name="Confusion matrix"
      summary={summaryOf(names, table)}
      numbers={numbers}
      csv={csv}
      {...(about !== undefined && { about })}
      controls={controls}
    >
      <ConfusionMatrix
        labels={labels}
        counts={view.counts}
        values={view.values}
        shares={normalise !== 'counts'}
        cell={cell}
        marked={marked}
        onPick={({ row, column }) => onCell({ truth: classesOf(row), predicted: classesOf(column) }, counted)}
      />
    </ChartFigure>
  );
});

function summaryOf(names: readonly string[], table: Confusion): string {
  const total = table.counts.reduce((sum, each) => sum + each, 0);
  const right = table.counts.reduce((sum, each, i) => sum + (table.rows[i] === table.columns[i] ? each : 0), 0);
  return `${names.length} true classes (rows) against predicted ones (columns): ${percent(right / Math.max(1, total))} lie on the diagonal. The table of numbers lists every cell.`;
}
