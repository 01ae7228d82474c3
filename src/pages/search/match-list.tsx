import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { VideoRecord } from '../../core/video';
import type { Query } from '../../state/query';
import type { Found } from '../../state/query-ranking';
import { MatchRow } from './match-row';
import classes from './search.module.css';

export type MatchListProps = {
  readonly matches: readonly Found[];
  readonly videos: ReadonlyMap<string, VideoRecord>;
  readonly meaning: string;
  /** Names of the descriptors by the keys of their spaces. */
  readonly names: ReadonlyMap<string, string>;
  readonly loadThumbnails: (id: string) => Promise<Query['thumbnails']>;
  readonly onPlay: (match: Found) => void;
  readonly onFindSimilar: (id: string) => void;
  /** Shows where a match and the query show the same; undefined where the query is no clip. */
  readonly onMoments: ((match: Found) => void) | undefined;
  /** More like this match, or less. */
  readonly onExample: (match: Found, liked: boolean) => void;
  /** Whether "less" leaves something to be like. */
  readonly canLess: boolean;
};

const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

/** Ranked matches. Arrow keys go from match to match, Enter plays the one that has the focus, + and − ask for more or less
 * like it. */
export function MatchList(props: MatchListProps) {
  const { matches, videos, meaning, names, loadThumbnails, onPlay, onFindSimilar, canLess } = props;
  const list = useRef<HTMLOListElement>(null);

  // An example leaves the list, and the focus with it: the match that takes its place gets it.
  const left = useRef<number>(undefined);
  const example = (match: Found, liked: boolean) => {
    left.current = matches.indexOf(match);
    props.onExample(match, liked);
  };
  useEffect(() => {
    if (left.current === undefined || document.activeElement !== document.body) return;
    const rows = list.current?.querySelectorAll<HTMLElement>('[data-play]');
    rows?.[Math.min(left.current, matches.length - 1)]?.focus();
    left.current = undefined;
  }, [matches]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const row = event.target instanceof Element ? event.target.closest('li') : null;
    const index = matches.findIndex(({ id }) => id === row?.dataset.match);
    const step = steps[event.key];
    if (index < 0) return;
    if (step !== undefined) {
      event.preventDefault();
      const next = Math.min(Math.max(0, index + step), matches.length - 1);
      const rows = list.current?.querySelectorAll<HTMLElement>('[data-play]');
      rows?.[next]?.focus();
      return;
    }
    const onButton = event.target instanceof Element && event.target.closest('button') !== null;
    const match = matches[index];
    if (match && (event.key === '+' || (event.key === '-' && canLess))) return example(match, event.key === '+');
    if (event.key === 'Enter' && !onButton && match) onPlay(match);
  };

  return (
    <ol ref={list} aria-label="Matches" className={classes.matches} onKeyDown={onKeyDown}>
      {matches.map((match) => (
        <MatchRow
          key={match.id}
          match={match}
          video={videos.get(match.id)}
          meaning={meaning}
          names={names}
          loadThumbnails={loadThumbnails}
          onPlay={() => onPlay(match)}
          onFindSimilar={() => onFindSimilar(match.id)}
          onMoments={videos.get(match.id)?.probe?.video && props.onMoments ? () => props.onMoments?.(match) : undefined}
          onMore={() => example(match, true)}
          onLess={canLess ? () => example(match, false) : undefined}
        />
      ))}
    </ol>
  );
}
