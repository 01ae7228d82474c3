import { Alert, Button, Group, Table, Text, TextInput, Title } from '@mantine/core';
import { FileUp } from 'lucide-react';
import { memo, useEffect, useState } from 'react';
import { metricLabel } from '../../core/evaluation/metrics';
import { useStores, useStoreValue } from '../../state/stores';
import { focusNeighbour } from '../../ui/focus-neighbour';
import { three } from '../descriptor-words';
import classes from '../evaluation.module.css';
import { showUndoable } from '../undo-toast';
import { Wide } from '../wide';
import { signed } from './report-tables';

/** Reports kept in this browser, and those opened from files. `onShown` when one was opened, or compared with, above. */
export const SavedReports = memo(({ onShown }: { readonly onShown: () => void }) => {
  const { evaluation } = useStores();
  const reports = useStoreValue(evaluation, (state) => state.reports);
  const savedAs = useStoreValue(evaluation, (state) => state.savedAs);
  const open = useStoreValue(evaluation, (state) => state.report !== undefined);
  const { openFile, openSaved, remove, restore, forget, compareWith, loadReports } = evaluation.getState();
  useEffect(() => {
    void loadReports();
  }, [loadReports]);
  return (
    <section aria-label="Saved reports" className={classes.screenOnly}>
      <Group justify="space-between" mb={8}>
        <Title order={2} size="h4">
          Reports
        </Title>
        <label className={classes.fileButton}>
          <FileUp size={16} aria-hidden />
          <span aria-hidden="true">Open a report</span>
          <input
            type="file"
            aria-label="Open a report"
            accept=".json,application/json"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              event.currentTarget.value = '';
              if (file) void openFile(file).then(onShown);
            }}
          />
        </label>
      </Group>
      {reports.length === 0 ? (
        <Text size="sm" c="dimmed">
          None is kept here yet. "Keep" a report to open it later and to compare others with it.
        </Text>
      ) : (
        <Wide name="Kept reports">
          <Table aria-label="Reports" verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                {['Name', 'Date', 'Protocol', 'Scorer', 'Videos', 'Numbers', 'Actions'].map((head) => (
                  <Table.Th key={head} scope="col">
                    {head}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {reports.map(({ id, name, created, protocol, scorer, videos, headline }) => (
                <Table.Tr key={id} aria-current={id === savedAs ? 'true' : undefined}>
                  <Table.Th scope="row">
                    {name}
                    {id === savedAs && ' (shown)'}
                  </Table.Th>
                  <Table.Td>{new Date(created).toLocaleString()}</Table.Td>
                  <Table.Td>{protocol}</Table.Td>
                  <Table.Td>{scorer}</Table.Td>
                  <Table.Td>{videos}</Table.Td>
                  <Table.Td>{headline.map(({ metric, value }) => `${metric} ${three(value)}`).join(', ')}</Table.Td>
                  <Table.Td>
                    <Group gap={4} wrap="nowrap">
                      <Button size="compact-xs" variant="default" onClick={() => void openSaved(id).then(onShown)}>
                        Open
                      </Button>
                      {open && id !== savedAs && (
                        <Button size="compact-xs" variant="default" onClick={() => void compareWith(id).then(onShown)}>
                          Compare
                        </Button>
                      )}
                      <Button
                        size="compact-xs"
                        variant="default"
                        onClick={(event) => {
                          focusNeighbour(event.currentTarget);
                          remove(id);
                          showUndoable(`${name} deleted`, { undo: () => restore(id), gone: () => void forget(id) });
                        }}
                      >
                        Delete
                      </Button>
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
    </section>
  );
});

/** Name under which the report on screen is kept. */
export function KeepReport() {
  const { evaluation } = useStores();
  const name = useStoreValue(evaluation, (state) => state.report?.name ?? '');
  const savedAs = useStoreValue(evaluation, (state) => state.savedAs);
  const [typed, setTyped] = useState<string>();
  if (savedAs !== undefined) {
    return (
      <Text size="sm" c="dimmed" role="status">
        Kept in this browser.
      </Text>
    );
  }
  return (
    <Group gap="xs" align="flex-end" my="xs" className={classes.screenOnly ?? ''}>
      <TextInput
        label="Name of the report"
        size="xs"
        w={280}
        value={typed ?? name}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button
        size="xs"
        variant="default"
        onClick={() => void evaluation.getState().save((typed ?? name).trim() || name)}
      >
        Keep
      </Button>
    </Group>
  );
}

/** The report on screen against another, query by query. */
export function Comparison() {
  const { evaluation } = useStores();
  const comparison = useStoreValue(evaluation, (state) => state.comparison);
  const name = useStoreValue(evaluation, (state) => state.report?.name ?? '');
  if (!comparison) return null;
  const { rows, protocols, queries, onlyFirst, onlySecond, with: other } = comparison;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section aria-label="Comparison" className={classes.wide} tabIndex={0}>
      <Group justify="space-between">
        <Title order={2} size="h4">
          Compared with {other.name}
        </Title>
        <Button size="compact-sm" variant="default" onClick={() => evaluation.getState().closeComparison()}>
          Close
        </Button>
      </Group>
      <Text size="sm" c="dimmed" mb={8}>
        {queries} queries in common{onlyFirst > 0 && `, ${onlyFirst} only here`}
        {onlySecond > 0 && `, ${onlySecond} only there`}. p: two-sided paired permutation test over groups, not
        corrected for the number of metrics.
      </Text>
      {protocols && (
        <Alert variant="default" role="alert" title="The reports follow different protocols" mb={8}>
          {protocols[0]} here, {protocols[1]} there: a difference may come from the galleries alone.
        </Alert>
      )}
      {rows.length === 0 ? (
        <Alert variant="default">The reports share no {queries === 0 ? 'query' : 'metric'}.</Alert>
      ) : (
        <Table aria-label="Comparison of reports" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              {['Metric', name, other.name === name ? `${other.name} (kept)` : other.name, 'Difference', 'p'].map(
                (head) => (
                  <Table.Th key={head} scope="col">
                    {head}
                  </Table.Th>
                ),
              )}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ metric, first, second, difference, p }) => (
              <Table.Tr key={metric}>
                <Table.Th scope="row">{metricLabel(metric)}</Table.Th>
                <Table.Td>{three(first)}</Table.Td>
                <Table.Td>{three(second)}</Table.Td>
                <Table.Td>{signed(difference)}</Table.Td>
                <Table.Td>{p < 0.001 ? '< 0.001' : three(p)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </section>
  );
}
