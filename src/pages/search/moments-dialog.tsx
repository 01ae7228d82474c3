import { useEffect, useState } from 'react';
import type { Part } from '../../core/sampling';
import type { MomentsQuery, MomentsStore } from '../../state/moments-store';
import { useStoreValue } from '../../state/stores';
import { MomentsNote } from './moments-note';
import { MomentsView } from './moments-view';
import { type DialogItem, PlayerDialog, type PlayerDialogProps } from './player-dialog';

type Props = Omit<PlayerDialogProps, 'moment' | 'rate' | 'below'> & {
  readonly moments: MomentsStore;
  readonly part: Part | undefined;
  /** The segment of the match that is played first, by its place. */
  readonly first: number;
};

/** What moments are looked for in. */
export function momentsQuery({ videoId, file, probe }: DialogItem, part?: Part): MomentsQuery {
  return { videoId, file, duration: probe?.duration, part };
}

/** Plays a match beside the query from where both show the same, and draws where that is. */
export function MomentsDialog({ moments, part, first, ...dialog }: Props) {
  const { query, match, canReconnect, reconnect } = dialog;
  const work = useStoreValue(moments, ({ aligned }) => aligned);
  const [chosen, setChosen] = useState(first);
  useEffect(() => {
    void moments.getState().align(momentsQuery(query, part), momentsQuery(match));
    return () => moments.getState().closeAligned();
  }, [moments, query, match, part]);

  const aligned = work?.status === 'ready' ? work.result : undefined;
  const segment = aligned?.segments[chosen];
  const awayId = work?.status === 'away' ? (work.of === 'query' ? query : match).videoId : undefined;
  return (
    <PlayerDialog
      {...dialog}
      moment={segment && { queryTime: segment.query.from, time: segment.match.from }}
      rate={segment?.rate ?? 1}
      below={
        aligned ? (
          <MomentsView aligned={aligned} chosen={segment && chosen} onChoose={setChosen} />
        ) : (
          <MomentsNote
            work={
              work?.status === undefined || work.status === 'ready' ? { status: 'working', progress: undefined } : work
            }
            onReconnect={
              awayId !== undefined && canReconnect(awayId)
                ? () =>
                    void reconnect(awayId).then((found) =>
                      found ? moments.getState().align(momentsQuery(query, part), momentsQuery(match)) : undefined,
                    )
                : undefined
            }
          />
        )
      }
    />
  );
}
