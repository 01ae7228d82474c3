import { Button, Group, Progress, Text } from '@mantine/core';

type Props = {
  /** Name of the progress bar. */
  readonly name: string;
  readonly stage: string;
  /** 0..1; undefined while it is not known. */
  readonly fraction: number | undefined;
  readonly onCancel: () => void;
};

/** How far a long task has come, and a button to cancel it. */
export function TaskProgress({ name, stage, fraction, onCancel }: Props) {
  return (
    <div>
      <Group gap="xs" my={4}>
        <Button size="compact-sm" variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Text size="sm" role="status">
          {stage}
          {fraction === undefined ? '…' : `: ${Math.round(100 * fraction)} %`}
        </Text>
      </Group>
      <Progress value={100 * (fraction ?? 0)} aria-label={name} transitionDuration={0} />
    </div>
  );
}
