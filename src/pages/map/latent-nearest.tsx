import { Table, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { latentNeighbours } from '../../core/map/latent-neighbours';
import type { VideoRecord } from '../../core/video';
import { percent, three } from '../descriptor-words';
import { Wide } from '../wide';

type Props = {
  readonly coordinates: Float32Array;
  readonly videos: readonly (VideoRecord | undefined)[];
  readonly point: number;
};

const listed = 5;
const heads = ['Video', 'Distance', 'Probability', 'As published'];

/** What lies nearest to one video in the latent plane. */
export function LatentNearest({ coordinates, videos, point }: Props) {
  const found = useMemo(
    () => latentNeighbours(coordinates, point, listed, (other) => videos[other] !== undefined),
    [coordinates, videos, point],
  );
  return (
    <Wide name="Nearest in the latent plane">
      <Title order={2} size="h5">
        Nearest to {videos[point]?.name}
      </Title>
      <Text size="sm" c="dimmed">
        Euclidean distance of the latent means; probability of similarity among these {found.length}: softmax of −d, and
        softmax(1 − softmax(d)) as it was published.
      </Text>
      <Table aria-label="Nearest in the latent plane" verticalSpacing={4}>
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
          {found.map(({ point: other, distance, softmax, published }) => (
            <Table.Tr key={other}>
              <Table.Th scope="row" style={{ overflowWrap: 'anywhere', fontWeight: 400 }}>
                {videos[other]?.name}
              </Table.Th>
              <Table.Td>{three(distance)}</Table.Td>
              <Table.Td>{percent(softmax)}</Table.Td>
              <Table.Td>{percent(published)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}
