import { Alert, Button, Group, Progress, Text } from '@mantine/core';
import type { MomentsWork } from '../../state/moments-store';
import { ErrorWords } from '../../ui/error-words';

type Props = {
  readonly work: Exclude<MomentsWork<unknown>, { status: 'ready' }>;
  readonly onCancel?: () => void;
  /** Asks for access to the folder of what is away; undefined where that would not help. */
  readonly onReconnect: (() => void) | undefined;
};

/** How far the comparison of frames is, or why it cannot be. */
export function MomentsNote({ work, onCancel, onReconnect }: Props) {
  if (work.status === 'failed') {
    const soundOnly = work.error.code === 'sound-only';
    return (
      <Alert color="red" title="The frames could not be compared" role="alert" mt={8}>
        {soundOnly ? (
          <Text size="sm">One of the two has only sound. Moments are found by pictures.</Text>
        ) : (
          <ErrorWords error={work.error} />
        )}
      </Alert>
    );
  }
  if (work.status === 'away') {
    return (
      <Alert color="yellow" title="The file is not at hand" role="alert" mt={8}>
        <Text size="sm">
          The frames of the {work.of} have to be read from its file.{' '}
          {onReconnect ? 'Reconnect its folder first.' : 'Add the file to the library again.'}
        </Text>
        {onReconnect && (
          <Button size="compact-sm" variant="default" mt={8} onClick={onReconnect}>
            Reconnect
          </Button>
        )}
      </Alert>
    );
  }
  const { stage = 'Reading', fraction } = work.progress ?? {};
  const percent = fraction === undefined ? undefined : Math.round(100 * fraction);
  return (
    <div>
      <Group justify="space-between" my={8}>
        <Text size="sm">
          {stage} frames{percent === undefined ? '…' : `: ${percent} %`}
        </Text>
        {onCancel && (
          <Button size="compact-sm" variant="default" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </Group>
      <Progress
        aria-label="Comparing frames"
        value={percent ?? 100}
        {...(percent === undefined && { animated: true, striped: true })}
      />
    </div>
  );
}
