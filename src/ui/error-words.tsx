import { Text } from '@mantine/core';
import type { ErrorRecord } from '../core/errors';
import { describeError } from './error-messages';

/** What happened and what to do, for a failure shown in place. */
export function ErrorWords({ error }: { error: ErrorRecord }) {
  const { what, todo } = describeError(error);
  return (
    <>
      <Text size="sm">{what}</Text>
      <Text size="sm">{todo}</Text>
    </>
  );
}
