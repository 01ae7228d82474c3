import { Button, FileButton, List, Modal, Progress, Stack, Text } from '@mantine/core';
import { FileUp } from 'lucide-react';
import { useState } from 'react';
import { AppError } from '../../core/errors';
import { useStores } from '../../state/stores';
import { describeError } from '../../ui/error-messages';
import { count } from '../descriptor-words';

type Outcome =
  | { readonly kind: 'working'; readonly fraction: number | undefined }
  | { readonly kind: 'failed'; readonly what: string; readonly todo: string; readonly reason: string }
  | {
      readonly kind: 'done';
      readonly imported: number;
      readonly skipped: readonly { readonly row: number; readonly reason: string }[];
    };

const listed = 20;

/** Takes vectors that were computed elsewhere, and says which rows found no home. */
export function ImportFeatures() {
  const { engine, library } = useStores();
  const [outcome, setOutcome] = useState<Outcome>();

  const take = async (file: File | null) => {
    if (!file) return;
    setOutcome({ kind: 'working', fraction: undefined });
    try {
      const { imported, skipped } = await engine.library.importFeatures(
        { file },
        { onProgress: ({ fraction }) => setOutcome({ kind: 'working', fraction }) },
      );
      setOutcome({ kind: 'done', imported, skipped });
      await library.getState().load();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      setOutcome({ kind: 'failed', ...describeError(error), reason: error.message });
    }
  };

  return (
    <>
      <FileButton accept=".npz" onChange={(file) => void take(file)}>
        {(props) => (
          <Button {...props} size="compact-sm" variant="subtle" leftSection={<FileUp size={14} aria-hidden />}>
            Import features
          </Button>
        )}
      </FileButton>
      <Modal
        opened={outcome !== undefined}
        onClose={() => setOutcome(undefined)}
        title="Import features"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {outcome?.kind === 'working' && (
          <Progress value={100 * (outcome.fraction ?? 0)} aria-label="Import" transitionDuration={0} />
        )}
        {outcome?.kind === 'failed' && (
          <Stack gap="xs" role="alert">
            <Text size="sm">{outcome.what}</Text>
            <Text size="sm">{outcome.reason}</Text>
            <Text size="sm">{outcome.todo}</Text>
          </Stack>
        )}
        {outcome?.kind === 'done' && (
          <Stack gap="xs" role="status">
            <Text size="sm">
              {count(outcome.imported, 'vector')} imported as a descriptor of their own.
              {outcome.skipped.length > 0 && ` ${outcome.skipped.length} rows were not taken:`}
            </Text>
            <List size="sm">
              {outcome.skipped.slice(0, listed).map(({ row, reason }) => (
                <List.Item key={row}>
                  row {row}: {reason}
                </List.Item>
              ))}
              {outcome.skipped.length > listed && <List.Item>and {outcome.skipped.length - listed} more</List.Item>}
            </List>
          </Stack>
        )}
      </Modal>
    </>
  );
}
