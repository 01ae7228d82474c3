import { Button, Checkbox, Group, NativeSelect, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useStores, useStoreValue } from '../../state/stores';
import { NumberField } from '../../ui/number-field';
import { count, percent } from '../descriptor-words';
import classes from '../evaluation.module.css';

/** Rows shown at first, and with each "Show more". */
const page = 100;

/** Labels that the head suggests for the library's videos, to accept or correct. */
export function Suggestions({ labels }: { readonly labels: readonly string[] }) {
  const { classify, library } = useStores();
  const byId = useStoreValue(library, (state) => state.byId);
  const suggestions = useStoreValue(classify, (state) => state.suggestions);
  const undoable = useStoreValue(classify, (state) => state.undoable.length);
  const [all, setAll] = useState(false);
  const [sure, setSure] = useState(80);
  const [shown, setShown] = useState(page);
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map());
  if (!suggestions) return null;
  const { accept, undo } = classify.getState();
  const listed = suggestions.flatMap(({ id, labels: ranked }) => {
    const video = byId.get(id);
    const [best] = ranked;
    if (!video || !best) return [];
    const label = chosen.get(id) ?? best.label;
    const right = video.labels.includes(label);
    return all || !right ? [{ id, video, best, label, right }] : [];
  });
  const unlabelled = listed.filter(({ video, best }) => video.labels.length === 0 && 100 * best.probability >= sure);
  return (
    <section aria-label="Suggested labels" className={classes.truth}>
      <Title order={2} size="h4">
        Suggested labels
      </Title>
      <div className={classes.bar}>
        <NumberField label="At least, %" value={sure} min={0} max={100} onValue={setSure} />
        <Button
          disabled={unlabelled.length === 0}
          onClick={() => void accept(unlabelled.map(({ id, label }) => ({ id, labels: [label] })))}
        >
          Accept {count(unlabelled.length, 'unlabelled video')}
        </Button>
        <Button variant="default" disabled={undoable === 0} onClick={() => void undo()}>
          Undo
        </Button>
        <Checkbox
          mb={8}
          label="Also those that have the label"
          checked={all}
          onChange={(event) => setAll(event.currentTarget.checked)}
        />
      </div>
      <Text size="sm" role="status">
        {listed.length === 0
          ? 'Every video of the library has the label that is suggested.'
          : `${count(listed.length, 'video')} ${all ? 'asked about' : 'whose label differs from what is suggested'}.`}
      </Text>
      {listed.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className={classes.tall} tabIndex={0} aria-label="Videos with suggestions">
          <Table aria-label="Suggestions" verticalSpacing={4} stickyHeader>
            <Table.Thead>
              <Table.Tr>
                {['Video', 'Has', 'Suggested', 'Probability', 'Accept'].map((head) => (
                  <Table.Th key={head} scope="col">
                    {head}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {listed.slice(0, shown).map(({ id, video, best, label, right }) => (
                <Table.Tr key={id}>
                  <Table.Th scope="row" miw={140} style={{ overflowWrap: 'anywhere', fontWeight: 400 }}>
                    {video.name}
                  </Table.Th>
                  <Table.Td>{video.labels.join(', ') || 'no label'}</Table.Td>
                  <Table.Td miw={140}>
                    <NativeSelect
                      size="xs"
                      aria-label={`Label of ${video.name}`}
                      value={label}
                      data={[...labels]}
                      onChange={(event) => setChosen(new Map(chosen).set(id, event.currentTarget.value))}
                    />
                  </Table.Td>
                  <Table.Td>{percent(best.probability)}</Table.Td>
                  <Table.Td>
                    <Button
                      size="compact-xs"
                      variant="default"
                      disabled={right}
                      aria-label={`Accept ${label} for ${video.name}`}
                      onClick={() => void accept([{ id, labels: [label] }])}
                    >
                      Accept
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
      {listed.length > shown && (
        <Group>
          <Button variant="default" size="compact-md" onClick={() => setShown(shown + page)}>
            Show more
          </Button>
        </Group>
      )}
    </section>
  );
}
