import { Text } from '@mantine/core';

/** How likely a match is the one that is looked for, among all that were ranked. */
export function MatchProbability({ probability }: { readonly probability: number }) {
  return (
    <Text component="span" size="xs" c="dimmed">
      probability {probability.toPrecision(2)}
    </Text>
  );
}
