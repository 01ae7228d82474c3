import { Anchor, Button, Group, Table, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { metricLabel } from '../../core/evaluation/metrics';
import { mapSpaceKey, type Projection, projectionKey } from '../../core/map/projection';
import { useStores, useStoreValue } from '../../state/stores';
import { count, three } from '../descriptor-words';
import { Wide } from '../wide';

/** Metrics worth a row, in this order. */
const shownMetrics = ['ap', 'hit@1', 'hit@5', 'precision@5', 'reciprocal-rank'];
const heads = ['Metric', 'On this plane', 'Cosine of the vectors', 'Difference', 'p'];

/** What is lost, or won, where videos are compared by their places on the map instead of their vectors. */
export function LatentComparison({ projection }: { readonly projection: Projection }) {
  const { map, library } = useStores();
  const key = mapSpaceKey(projectionKey(projection));
  const described = useStoreValue(library, (state) => state.spaces.some((space) => space.key === key));
  const comparison = useStoreValue(map, (state) => state.comparison);
  const running = useStoreValue(map, (state) => state.running !== undefined);
  const rows = shownMetrics.flatMap((metric) => comparison?.rows.filter((row) => row.metric === metric) ?? []);
  return (
    <section aria-label="Compared with the vectors">
      <Group gap={12} mb={8}>
        <Title order={2} size="h5">
          Compared with the vectors
        </Title>
        <Button
          size="compact-sm"
          variant="default"
          disabled={running}
          onClick={() => void map.getState().compareWithVectors()}
        >
          Evaluate both
        </Button>
        {described && (
          <Button
            size="compact-sm"
            variant="subtle"
            disabled={running}
            onClick={() => void map.getState().forgetDescriptor()}
          >
            Remove the map as a descriptor
          </Button>
        )}
      </Group>
      {!comparison && (
        <Text size="sm" c="dimmed">
          Ranks every labelled video by its place on this map, and by the cosine of the vectors it was drawn from, under
          one protocol. Both reports are kept on the Evaluate page, and the map becomes a descriptor there.
        </Text>
      )}
      {comparison && (
        <Wide name="Both rankings, metric by metric">
          <Text size="sm">
            {comparison.protocol}, {count(comparison.queries, 'query', 'queries')}. Both reports are on the{' '}
            <Anchor component={Link} to="/evaluate" size="sm" underline="always">
              Evaluate page
            </Anchor>
            .
          </Text>
          <Table aria-label="Map and vectors" verticalSpacing={4}>
            <Table.Thead>
              <Table.Tr>
                {heads.map((head) => (
                  <Table.Th key={head} scope="col">
                    {head}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map(({ metric, first, second, difference, p }) => (
                <Table.Tr key={metric}>
                  <Table.Th scope="row">{metricLabel(metric)}</Table.Th>
                  <Table.Td>{three(first)}</Table.Td>
                  <Table.Td>{three(second)}</Table.Td>
                  <Table.Td>{`${difference > 0 ? '+' : ''}${three(difference)}`}</Table.Td>
                  <Table.Td>{p < 0.001 ? '< 0.001' : three(p)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
    </section>
  );
}
