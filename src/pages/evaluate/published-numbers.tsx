import { Table, Text, Title } from '@mantine/core';
import { memo } from 'react';
import { besidePublished, published, publishedKs } from '../../core/evaluation/published';
import type { EvaluationReport } from '../../core/evaluation/report';
import { Wide } from '../wide';

/** What papers report under the same protocol, for reports of UCF101's official split. */
export const PublishedNumbers = memo(({ report }: { readonly report: EvaluationReport }) => {
  const beside = besidePublished(report);
  if (!beside) return null;
  const own = publishedKs.map((k) => report.summary.find(({ metric }) => metric === `hit@${k}`)?.micro);
  const percent = (share: number | undefined) => (share === undefined ? '–' : share.toFixed(1));
  return (
    <Wide name="Published results">
      <Title order={3} size="h5" mb={4}>
        Beside published results
      </Title>
      <Text size="sm" c="dimmed" mb={8}>
        Hit@k on UCF101, split 1, per cent.{' '}
        {beside === 'part' && 'This report is about a part of these videos, so its numbers are not comparable.'}
      </Text>
      <Table aria-label="Published results" verticalSpacing={4} maw={640}>
        <Table.Thead>
          <Table.Tr>
            {['Method', ...publishedKs.map((k) => `Hit@${k}`)].map((head) => (
              <Table.Th key={head} scope="col">
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[
            { method: 'This report', hits: own.map((share) => (share === undefined ? undefined : 100 * share)) },
            ...published,
          ].map(({ method, hits }) => (
            <Table.Tr key={method}>
              <Table.Th scope="row">{method}</Table.Th>
              {publishedKs.map((k, i) => (
                <Table.Td key={k}>{percent(hits[i])}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
});
