import { Text } from '@mantine/core';
import type { MatchPart } from '../../core/ranking/match';
import classes from './search.module.css';

type Props = {
  readonly parts: readonly MatchPart[];
  /** Names of the searched descriptors by the keys of their spaces. */
  readonly names: ReadonlyMap<string, string>;
};

/** Why a match matched: its similarity by each descriptor, or that it has none. */
export function MatchParts({ parts, names }: Props) {
  return (
    <ul className={classes.parts} aria-label="Similarity by descriptor">
      {[...names].map(([space, name]) => {
        const part = parts.find((each) => each.space === space);
        return (
          <Text component="li" key={space} size="xs" c="dimmed">
            {name} {part ? part.similarity.toFixed(2) : 'none'}
          </Text>
        );
      })}
    </ul>
  );
}
