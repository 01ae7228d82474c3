import { Alert, Button, Group, Table, Title } from '@mantine/core';
import { type ReactNode, useId, useRef, useState } from 'react';
import { saveFile } from '../save-file';
import classes from './charts.module.css';
import { pngOf, svgText } from './svg-export';

export type ChartNumbers = {
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
};

export type ChartFigureProps = {
  readonly name: string;
  /** What the chart shows, in a sentence or two: read by all, and by screen readers instead of the drawing. */
  readonly summary: string;
  /** Rows of the table that can be shown instead of the drawing. */
  readonly numbers: ChartNumbers;
  /** The complete numbers as CSV. */
  readonly csv: () => string;
  readonly children: ReactNode;
  readonly controls?: ReactNode;
  /** What the numbers are of, as the protocol: in the title and the file name of what is saved. */
  readonly about?: string;
};

/** A chart with its words, its numbers one click away, and PNG, SVG and CSV to save. */
export function ChartFigure({ name, summary, numbers, csv, children, controls, about }: ChartFigureProps) {
  const [table, setTable] = useState(false);
  const plot = useRef<HTMLDivElement>(null);
  const title = useId();
  const [failed, setFailed] = useState(false);
  const saved = about === undefined ? name : `${name}, ${about}`;
  const save = async (kind: 'svg' | 'png') => {
    const drawn = plot.current?.querySelector('svg');
    if (!drawn) return;
    const text = svgText(drawn, saved);
    setFailed(false);
    if (kind === 'svg') saveFile(text, `${saved}.svg`, 'image/svg+xml');
    else
      await pngOf(text).then(
        (png) => saveFile(png, `${saved}.png`),
        () => setFailed(true),
      );
  };
  const action = (label: string, onClick: () => void) => (
    <Button size="compact-xs" variant="subtle" aria-label={`${name}: save ${label}`} onClick={onClick}>
      {label}
    </Button>
  );
  return (
    <figure className={classes.figure} aria-labelledby={title}>
      <div className={classes.head}>
        <Title order={3} size="h5" id={title}>
          {name}
        </Title>
        <Group gap={4} className={classes.actions ?? ''}>
          {action('PNG', () => void save('png'))}
          {action('SVG', () => void save('svg'))}
          {action('CSV', () => saveFile(csv(), `${saved}.csv`, 'text/csv'))}
          <Button
            size="compact-xs"
            variant="subtle"
            aria-label={`${name}: ${table ? 'chart' : 'numbers'}`}
            onClick={() => setTable(!table)}
          >
            {table ? 'Chart' : 'Numbers'}
          </Button>
        </Group>
      </div>
      {controls}
      {failed && (
        <Alert variant="default" role="alert" title="The PNG could not be saved">
          The picture is too large for this browser. Make the chart smaller, or save it as SVG.
        </Alert>
      )}
      <div ref={plot} className={classes.plot} data-away={table || undefined} data-chart={name}>
        {children}
      </div>
      {table && <Numbers name={name} numbers={numbers} />}
      <figcaption className={classes.summary}>{summary}</figcaption>
    </figure>
  );
}

function Numbers({ name, numbers: { header, rows } }: { name: string; numbers: ChartNumbers }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.numbers} tabIndex={0} aria-label={`Numbers of ${name}`}>
      <Table aria-label={`${name}, numbers`} verticalSpacing={2} horizontalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {header.map((cell) => (
              <Table.Th key={cell} scope="col">
                {cell}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.join('\n')}>
              {row.map((cell, i) => (
                <Table.Td key={header[i]}>{typeof cell === 'number' ? Number(cell.toPrecision(6)) : cell}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
