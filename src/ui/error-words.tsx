import { Text } from '@mantine/core';
import type { ErrorRecord } from '../core/errors';
import { describeError } from './error-messages';

/** What happened and what to do, for a failure shown in place. `instead` replaces advice that is meant for the library. */
export function ErrorWords({ error, instead }: { error: ErrorRecord; instead?: string }) {
  const { what, todo } = describeError(error);
  return (
    <>
      <Text size="sm">{what}</Text>
      <Text size="sm">{instead ?? todo}</Text>
    </>
  );
}
