import { Title } from '@mantine/core';
import { useId, useRef } from 'react';
import type { VideoRecord } from '../../core/video';
import type { DuplicateGroup } from '../../state/duplicates-store';
import { focusNeighbour } from '../../ui/focus-neighbour';
import { DuplicateCard } from './duplicate-card';
import { groupWords, pairWords, type Seen, seenFrom } from './duplicate-words';
import classes from './duplicates.module.css';

type Props = {
  readonly group: DuplicateGroup;
  readonly videos: ReadonlyMap<string, VideoRecord>;
  readonly selected: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
  readonly onKeep: (id: string) => void;
  readonly onPlay: (id: string, seen: Seen) => void;
  readonly onDismiss: (id: string) => void;
};

/** Videos that show the same, the best first, with the reason. */
export function DuplicateGroupView({ group, videos, selected, onToggle, onKeep, onPlay, onDismiss }: Props) {
  const title = useId();
  const row = useRef<HTMLLIElement>(null);
  return (
    <li ref={row} className={classes.group} aria-labelledby={title}>
      <Title order={2} size="h5" id={title}>
        {groupWords(group, videos)}
      </Title>
      <ul className={classes.items} aria-labelledby={title}>
        {group.videos.map((id, index) => {
          const video = videos.get(id);
          const seen = seenFrom(id, group);
          if (!video || !seen) return null;
          const isBest = index === 0;
          return (
            <DuplicateCard
              key={id}
              video={video}
              relation={isBest ? undefined : pairWords(seen, videos.get(seen.other)?.name ?? '')}
              selected={selected.has(id)}
              onToggle={() => onToggle(id)}
              onKeep={(button) => {
                focusNeighbour(button, row.current);
                onKeep(id);
              }}
              onPlay={isBest ? undefined : () => onPlay(id, seen)}
              onDismiss={
                isBest
                  ? undefined
                  : (button) => {
                      // Of two that are no match nothing is left of their group.
                      focusNeighbour(button, group.videos.length > 2 ? undefined : row.current);
                      onDismiss(id);
                    }
              }
            />
          );
        })}
      </ul>
    </li>
  );
}
