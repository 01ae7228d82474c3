import { Button, List, Table, Text, Title } from '@mantine/core';
import type { Compared } from '../../core/classify/compare-heads';
import { extractors } from '../../extractors/registry';
import { areOfOneSplit, type HeadEntry } from '../../state/classify-store';
import { useStores, useStoreValue } from '../../state/stores';
import { three } from '../descriptor-words';
import { Wide } from '../wide';

/** The head on screen beside others of the same split, over the videos that tested both. */
export function HeadComparison() {
  const { classify } = useStores();
  const heads = useStoreValue(classify, (state) => state.heads);
  const shown = useStoreValue(classify, (state) => state.shown);
  const comparisons = useStoreValue(classify, (state) => state.comparisons);
  const others = shown ? heads.filter((entry) => entry.id !== shown.entry.id && areOfOneSplit(entry, shown.entry)) : [];
  if (!shown || others.length === 0) return null;
  if (!comparisons) {
    return (
      <div>
        <Button variant="default" onClick={() => void classify.getState().compare()}>
          Compare with {others.length === 1 ? 'the other head' : `${others.length} other heads`} of this split
        </Button>
      </div>
    );
  }
  const better = comparisons.flatMap(({ entry, comparison }) =>
    comparison.better.slice(0, 3).map((gain) => ({ ...gain, entry })),
  );
  const compared = (of: Compared) => [
    three(of.second),
    `${of.difference > 0 ? '−' : '+'}${three(Math.abs(of.difference))}`,
    of.p < 0.001 ? '< 0.001' : three(of.p),
  ];
  return (
    <Wide name="Heads of one split compared">
      <Title order={3} size="h5" mb={8}>
        Compared on one split
      </Title>
      <Table aria-label="Heads compared" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            {[
              'Head',
              'Common tests',
              'mAP',
              'Accuracy',
              'to this head',
              'p',
              'Ranking of labels',
              'to this head ',
              'p ',
            ].map((head) => (
              <Table.Th key={head} scope="col">
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {comparisons.map(({ entry, comparison }) => (
            <Table.Tr key={entry.id}>
              <Table.Th scope="row">{entry.name}</Table.Th>
              <Table.Td>{comparison.videos}</Table.Td>
              <Table.Td>{three(entry.trained?.map ?? 0)}</Table.Td>
              {[...compared(comparison.accuracy), ...compared(comparison.ranking)].map((cell, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                <Table.Td key={i}>{cell}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed" mt={4}>
        This head: mAP {three(shown.entry.trained?.map ?? 0)}, accuracy {three(shown.entry.trained?.accuracy ?? 0)}.
        Paired permutation tests over the videos that tested both, whole groups at a time; p is not corrected for the
        number of heads.
      </Text>
      {better.length > 0 && (
        <List size="sm" mt={4} aria-label="Categories that another head tells better">
          {better.map(({ label, first, second, entry }) => (
            <List.Item key={`${entry.id} ${label}`}>
              “{label}” is told better by {entry.name}: AP {three(second)} against {three(first)}.
              {hears(entry) && !hears(shown.entry) && ' Sound separates it: search and suggest with sound too.'}
            </List.Item>
          ))}
        </List>
      )}
    </Wide>
  );
}

function hears({ space }: HeadEntry): boolean {
  return extractors.some(({ id, kind }) => kind === 'audio' && space?.startsWith(JSON.stringify([id]).slice(0, -1)));
}
