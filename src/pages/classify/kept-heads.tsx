import { Button, Group, Table, Text, Title } from '@mantine/core';
import { useStores, useStoreValue } from '../../state/stores';
import { focusNeighbour } from '../../ui/focus-neighbour';
import { three } from '../descriptor-words';
import { showUndoable } from '../undo-toast';
import { Wide } from '../wide';

/** Heads trained so far, side by side. */
export function KeptHeads() {
  const { classify, library } = useStores();
  const spaces = useStoreValue(library, (state) => state.spaces);
  const heads = useStoreValue(classify, (state) => state.heads);
  const shown = useStoreValue(classify, (state) => state.shown?.entry.id);
  const busy = useStoreValue(classify, (state) => state.running !== undefined);
  if (heads.length === 0) return null;
  const { open, remove, restore, forget } = classify.getState();
  const known = new Set(spaces.map(({ key }) => key));
  return (
    <Wide name="Heads that are kept">
      <Title order={2} size="h4" mb={8}>
        Trained heads
      </Title>
      <Table aria-label="Trained heads" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            {['Head', 'Split', 'Tested on', 'Accuracy', 'mAP', 'Kept here'].map((head) => (
              <Table.Th key={head} scope="col">
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {heads.map(({ id, name, space, trained }) => (
            <Table.Tr key={id}>
              <Table.Th scope="row">
                {name}
                {(space === undefined || !known.has(space)) && (
                  <Text size="xs" c="dimmed">
                    Not applicable here: the library has no vectors of its kind.
                  </Text>
                )}
              </Table.Th>
              <Table.Td>
                {trained ? `${trained.settings.split.name}, seed ${trained.settings.split.seed}` : 'imported'}
              </Table.Td>
              <Table.Td>{trained?.test ?? '–'}</Table.Td>
              <Table.Td>{trained ? three(trained.accuracy) : '–'}</Table.Td>
              <Table.Td>{trained ? three(trained.map) : '–'}</Table.Td>
              <Table.Td>
                <Group gap={4} wrap="nowrap">
                  <Button
                    size="compact-xs"
                    variant="default"
                    disabled={busy || id === shown}
                    aria-label={`Open ${name}`}
                    onClick={() => void open(id)}
                  >
                    {id === shown ? 'Shown' : 'Open'}
                  </Button>
                  <Button
                    size="compact-xs"
                    variant="default"
                    disabled={busy}
                    aria-label={`Remove ${name}`}
                    onClick={(event) => {
                      focusNeighbour(event.currentTarget);
                      remove(id);
                      showUndoable(`${name} removed`, { undo: () => restore(id), gone: () => void forget(id) });
                    }}
                  >
                    Remove
                  </Button>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}
