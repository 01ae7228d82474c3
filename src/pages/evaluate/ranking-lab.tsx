import { Alert, Button, Progress, Table, Text, Title } from '@mantine/core';
import { FileDown } from 'lucide-react';
import { memo } from 'react';
import { type AblationRow, ablationMetrics } from '../../core/evaluation/ablation';
import { ablationToCsv } from '../../core/evaluation/ablation-csv';
import { metricLabel } from '../../core/evaluation/metrics';
import { extractors } from '../../extractors/registry';
import type { LabSpace, RankingLabState } from '../../state/ranking-lab';
import { spaceOfEach, weightsOf } from '../../state/ranking-preferences';
import { useStores, useStoreValue } from '../../state/stores';
import { ErrorWords } from '../../ui/error-words';
import { saveFile } from '../../ui/save-file';
import { count, extractorLabel, type SpaceSummary, three } from '../descriptor-words';
import classes from '../evaluation.module.css';
import { Wide } from '../wide';

type Props = { readonly spaces: readonly SpaceSummary[]; readonly ready: boolean };

/** What each descriptor and each stage of the ranking is worth on the labelled videos, and weights fitted on them. */
export const RankingLab = memo(({ spaces, ready }: Props) => {
  const { groundTruth, ranking, rankingLab } = useStores();
  const preferences = useStoreValue(ranking, (state) => state);
  const state = useStoreValue(rankingLab, (all) => all);
  const { running, error, rows, fit } = state;
  const each = spaceOfEach(spaces, preferences);
  const weights = weightsOf(each, preferences);
  const used = each.map(({ key, space: { extractor } }, i): LabSpace => {
    const metric = extractors.find(({ id }) => id === extractor)?.metric ?? 'cosine';
    return { key, extractor, label: extractorLabel(extractor), metric, weight: weights[i] ?? 0 };
  });
  const truth = () => groundTruth.getState().reading?.truth ?? [];
  const busy = !ready || running !== undefined;
  return (
    <section aria-label="Descriptors and stages" className={classes.screenOnly}>
      <div className={classes.bar}>
        <Button variant="default" disabled={busy} onClick={() => void state.compare(truth(), used)}>
          Compare descriptors and stages
        </Button>
        {used.length > 1 && (
          <Button variant="default" disabled={busy} onClick={() => void state.fitWeights(truth(), used)}>
            Fit weights
          </Button>
        )}
        {running && (
          <Button variant="default" onClick={state.cancel} aria-label="Cancel the experiment">
            Cancel
          </Button>
        )}
      </div>
      {running && (
        <div>
          <Text size="sm" role="status" mt={8}>
            {running.stage}
            {running.fraction === undefined ? '…' : `: ${Math.round(100 * running.fraction)} %`}
          </Text>
          <Progress value={100 * (running.fraction ?? 0)} aria-label="Experiment" transitionDuration={0} />
        </div>
      )}
      {error && (
        <Alert variant="default" role="alert" title="This did not work" mt={8}>
          <ErrorWords error={error} />
        </Alert>
      )}
      {fit && <Fitted fit={fit} undone={state.before === undefined} onUndo={state.undo} />}
      {rows.length > 0 && <AblationTable rows={rows} />}
    </section>
  );
});

type FittedProps = {
  readonly fit: NonNullable<RankingLabState['fit']>;
  readonly undone: boolean;
  readonly onUndo: () => void;
};

function Fitted({ fit, undone, onUndo }: FittedProps) {
  const weights = fit.spaces.map(({ label }, i) => `${label} ${Math.round(100 * (fit.weights[i] ?? 0))}`).join(', ');
  const best = fit.alone.indexOf(Math.max(...fit.alone));
  return (
    <div role="status" style={{ marginTop: 8 }}>
      <Text size="sm">
        Fitted weights: {weights}. {undone ? 'Search uses the weights from before.' : 'Search uses them now.'}{' '}
        {!undone && (
          <Button size="compact-xs" variant="default" onClick={onUndo}>
            Undo
          </Button>
        )}
      </Text>
      <Text size="sm" c="dimmed">
        mAP before re-ranking, on videos whose groups the weights have not seen ({count(fit.folds, 'fold')},{' '}
        {count(fit.videos, 'video')}): {three(fit.validated)}. Equal weights {three(fit.equal)};{' '}
        {fit.spaces[best]?.label} alone {three(fit.alone[best] ?? 0)}.
      </Text>
    </div>
  );
}

function AblationTable({ rows }: { readonly rows: readonly AblationRow[] }) {
  return (
    <div style={{ marginTop: 16 }}>
      <div className={classes.bar}>
        <Title order={2} size="h5">
          Descriptors and stages
        </Title>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<FileDown size={14} aria-hidden />}
          onClick={() => saveFile(ablationToCsv(rows), 'descriptors and stages.csv', 'text/csv')}
        >
          Save as CSV
        </Button>
      </div>
      <Wide name="Every ranking">
        <Table aria-label="Descriptors and stages" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              {['Descriptors', 'Fusion', 'Stages', 'Protocol', 'Videos'].map((head) => (
                <Table.Th key={head} scope="col">
                  {head}
                </Table.Th>
              ))}
              {ablationMetrics.map((metric) => (
                <Table.Th key={metric} scope="col">
                  {metricLabel(metric)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={[row.descriptors, row.fusion, row.stages, row.protocol].join(' ')}>
                <Table.Th scope="row">{row.descriptors}</Table.Th>
                <Table.Td>{row.fusion}</Table.Td>
                <Table.Td>{row.stages}</Table.Td>
                <Table.Td>{row.protocol}</Table.Td>
                <Table.Td>{row.videos}</Table.Td>
                {row.values.map(({ value, interval: [low, high] }, i) => (
                  <Table.Td key={ablationMetrics[i]}>
                    {three(value)}{' '}
                    <Text component="span" size="xs" c="dimmed">
                      {three(low)}–{three(high)}
                    </Text>
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </div>
  );
}
