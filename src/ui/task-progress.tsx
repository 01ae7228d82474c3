import { Button, Group, Progress, Text } from '@mantine/core';

type Props = {
  /** Name of the progress bar. */
  readonly name: string;
  /** `fraction` is 0..1, undefined while it is not known. */
  readonly task: { readonly stage: string; readonly fraction: number | undefined; readonly paused: boolean };
  readonly onPause: (paused: boolean) => void;
  readonly onCancel: () => void;
};

/** How far a long task has come, and buttons to hold and to cancel it. */
export function TaskProgress({ name, task: { stage, fraction, paused }, onPause, onCancel }: Props) {
  return (
    <div>
      <Group gap="xs" my={4}>
        <Button size="compact-sm" variant="default" w={80} onClick={() => onPause(!paused)}>
          {paused ? 'Resume' : 'Pause'}
        </Button>
        <Button size="compact-sm" variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Text size="sm" role="status">
          {paused && 'Paused. '}
          {stage}
          {fraction === undefined ? '…' : `: ${Math.round(100 * fraction)} %`}
        </Text>
      </Group>
      <Progress value={100 * (fraction ?? 0)} aria-label={name} transitionDuration={0} />
    </div>
  );
}
