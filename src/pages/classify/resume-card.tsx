import { Alert, Button, Group, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import type { CheckpointEntry } from '../../state/classify-store';
import { useStores, useStoreValue } from '../../state/stores';

/** A training that a closed tab left, to go on with or to forget. */
export function ResumeCard() {
  const { classify, featureFiles } = useStores();
  const interrupted = useStoreValue(classify, (state) => state.interrupted);
  const busy = useStoreValue(classify, (state) => state.running !== undefined);
  const chosen = useStoreValue(featureFiles, (state) => state.chosen);
  const [asking, setAsking] = useState(false);
  if (!interrupted || busy) return null;
  const wanted = filesOf(interrupted);
  const missing = wanted && !sameFiles(wanted, chosen?.summary.files) ? wanted : undefined;
  return (
    <section aria-label="Interrupted training">
      <Alert variant="default" title="A training was interrupted" role="status">
        <Text size="sm">
          {interrupted.name}, in epoch {interrupted.epoch} of at most {interrupted.settings.descent.epochs}, kept{' '}
          {new Date(interrupted.kept).toLocaleString()}.
          {missing && ` Choose ${missing.map(({ name }) => name).join(', ')} as features file again to go on.`}
        </Text>
        <Group gap="xs" mt={8}>
          <Button
            size="compact-md"
            disabled={missing !== undefined}
            onClick={() => void classify.getState().resume(chosen?.files)}
          >
            Resume training
          </Button>
          <Button size="compact-md" variant="default" onClick={() => setAsking(true)}>
            Discard
          </Button>
        </Group>
      </Alert>
      <Modal
        opened={asking}
        onClose={() => setAsking(false)}
        title="Forget the interrupted training?"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Text size="sm">What it has learnt so far is lost: it could only be begun anew.</Text>
        <Group gap="xs" mt={16} justify="flex-end">
          <Button variant="default" onClick={() => setAsking(false)}>
            Keep it
          </Button>
          <Button
            onClick={() => {
              setAsking(false);
              void classify.getState().discard();
            }}
          >
            Forget it
          </Button>
        </Group>
      </Modal>
    </section>
  );
}

type KeptFiles = Extract<CheckpointEntry['source'], { from: 'files' }>['files'];

const filesOf = ({ source }: CheckpointEntry): KeptFiles | undefined =>
  source.from === 'files' ? source.files : undefined;

function sameFiles(wanted: KeptFiles, chosen: KeptFiles | undefined): boolean {
  return (
    chosen !== undefined &&
    wanted.length === chosen.length &&
    wanted.every(({ name, size }, i) => chosen[i]?.name === name && chosen[i]?.size === size)
  );
}
