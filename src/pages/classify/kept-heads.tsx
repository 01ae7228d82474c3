import { Button, Group, Table, Title } from '@mantine/core';
import { useStores, useStoreValue } from '../../state/stores';
import { three } from '../descriptor-words';
import { Wide } from '../wide';

/** Heads trained so far, side by side. */
export function KeptHeads() {
  const { classify } = useStores();
  const heads = useStoreValue(classify, (state) => state.heads);
  const shown = useStoreValue(classify, (state) => state.shown?.entry.id);
  const busy = useStoreValue(classify, (state) => state.running !== undefined);
  if (heads.length === 0) return null;
  const { open, remove } = classify.getState();
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
          {heads.map(({ id, name, settings, test, accuracy, map }) => (
            <Table.Tr key={id}>
              <Table.Th scope="row">{name}</Table.Th>
              <Table.Td>
                {settings.split.name}, seed {settings.split.seed}
              </Table.Td>
              <Table.Td>{test}</Table.Td>
              <Table.Td>{three(accuracy)}</Table.Td>
              <Table.Td>{three(map)}</Table.Td>
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
                    onClick={() => void remove(id)}
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
