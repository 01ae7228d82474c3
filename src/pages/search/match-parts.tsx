import { Text } from '@mantine/core';
import { parseSpaceKey } from '../../core/feature';
import type { MediaProbe } from '../../core/media';
import type { MatchPart } from '../../core/ranking/match';
import { extractors } from '../../extractors/registry';
import classes from './search.module.css';

type Props = {
  readonly parts: readonly MatchPart[];
  /** Names of the searched descriptors by the keys of their spaces. */
  readonly names: ReadonlyMap<string, string>;
  readonly probe: MediaProbe | undefined;
};

/** Why a match matched: its similarity by each descriptor, or that it has nothing to compare by it. */
export function MatchParts({ parts, names, probe }: Props) {
  return (
    <ul className={classes.parts} aria-label="Similarity by descriptor">
      {[...names].map(([space, name]) => {
        const part = parts.find((each) => each.space === space);
        return (
          <Text component="li" key={space} size="xs" c="dimmed">
            {name} {part ? part.similarity.toFixed(2) : lackOf(space, probe)}
          </Text>
        );
      })}
    </ul>
  );
}

function lackOf(space: string, probe: MediaProbe | undefined): string {
  const card = extractors.find(({ id }) => id === parseSpaceKey(space)?.extractor);
  if (card?.kind === 'audio' && probe && !probe.audio) return 'has no sound';
  return card && card.kind !== 'audio' && probe && !probe.video ? 'has no picture' : 'none';
}
