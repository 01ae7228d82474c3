import { Button, Table, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Staged } from '../ui/staged';
import { three } from './descriptor-words';
import classes from './evaluation.module.css';

export type ClassColumn<Row> = {
  readonly head: string;
  /** Undefined where there is nothing to tell. */
  readonly of: (row: Row) => number | undefined;
  /** Whole numbers, not shares. */
  readonly whole?: boolean;
};

type Props<Row> = {
  readonly name: string;
  /** Head of the column of names. */
  readonly first: string;
  readonly columns: readonly ClassColumn<Row>[];
  readonly rows: readonly { readonly name: string; readonly row: Row }[];
  /** In place of a number that there is none of. */
  readonly missing: string;
};

/** Rows shown at first, and with each "Show more". */
const page = 200;

/** One row a class; sorted by any column, found by name. */
export function ClassTable<Row>({ name, first, columns, rows, missing }: Props<Row>) {
  const [filter, setFilter] = useState('');
  const [limit, setLimit] = useState(page);
  const [sort, setSort] = useState<{ readonly column: number; readonly down: boolean }>();
  const shown = rows.filter((each) => each.name.toLowerCase().includes(filter.toLowerCase()));
  const column = sort && columns[sort.column];
  if (sort && column) {
    const value = (row: (typeof rows)[number]) => column.of(row.row) ?? -1;
    shown.sort((a, b) => (sort.down ? value(b) - value(a) : value(a) - value(b)));
  }
  const cell = ({ of, whole }: ClassColumn<Row>, row: Row) => {
    const value = of(row);
    return value === undefined ? missing : whole ? value : three(value);
  };
  return (
    <div>
      {rows.length > 15 && (
        <TextInput
          className={classes.screenOnly ?? ''}
          aria-label="Find a class"
          placeholder="Find a class"
          maw={240}
          mb="xs"
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={classes.tall} tabIndex={0} aria-label="Classes">
        <Table aria-label={name} verticalSpacing={4} stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">
                <button type="button" className={classes.sort} onClick={() => setSort(undefined)}>
                  {first}
                </button>
              </Table.Th>
              {columns.map(({ head }, i) => {
                const own = sort?.column === i ? sort : undefined;
                return (
                  <Table.Th key={head} scope="col" aria-sort={own ? (own.down ? 'descending' : 'ascending') : 'none'}>
                    <button
                      type="button"
                      className={classes.sort}
                      onClick={() => setSort({ column: i, down: own ? !own.down : true })}
                    >
                      {head}
                      {own && (own.down ? ' ↓' : ' ↑')}
                    </button>
                  </Table.Th>
                );
              })}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <Staged atOnce={15}>
              {shown.slice(0, limit).map((each) => (
                <Table.Tr key={each.name}>
                  <Table.Th scope="row" miw={140} style={{ overflowWrap: 'anywhere' }}>
                    {each.name}
                  </Table.Th>
                  {columns.map((column) => (
                    <Table.Td key={column.head}>{cell(column, each.row)}</Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Staged>
          </Table.Tbody>
        </Table>
      </section>
      {shown.length > limit && (
        <Button size="compact-sm" variant="default" mt={8} onClick={() => setLimit(limit + page)}>
          Show more of {shown.length.toLocaleString('en')}
        </Button>
      )}
    </div>
  );
}
