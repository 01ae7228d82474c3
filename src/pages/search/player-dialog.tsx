import { Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { type ReactNode, useEffect } from 'react';
import type { MatchedMoment } from '../../core/ranking/match';
import type { PlaybackItem, PlaybackMedia, PlaybackStore } from '../../state/playback-store';
import { useStoreValue } from '../../state/stores';
import { PairedPlayer, type PlayerPanel } from '../../ui/paired-player';
import { useFocusReturn } from '../../ui/use-focus-return';
import { PlaybackNote } from './playback-note';

/** One side of the dialog; `name` as it is shown. */
export type DialogItem = PlaybackItem & { readonly name: string };

export type PlayerDialogProps = {
  readonly playback: PlaybackStore;
  readonly query: DialogItem;
  readonly match: DialogItem;
  readonly moment: Pick<MatchedMoment, 'time' | 'queryTime'> | undefined;
  /** Seconds of the match for one of the query. */
  readonly rate?: number;
  /** What is shown below the players; playing begins anew with another `moment` then. */
  readonly below?: ReactNode;
  readonly onClose: () => void;
  readonly canReconnect: (videoId: string | undefined) => boolean;
  /** Asks for access to the folder a video lies in; true when its file is at hand then. */
  readonly reconnect: (videoId: string) => Promise<boolean>;
};

/** Plays a match beside the query, both from their matched moment. What cannot play as it is gets a copy at once. */
export function PlayerDialog(props: PlayerDialogProps) {
  const { playback, query, match, moment, rate = 1, below, onClose, canReconnect, reconnect } = props;
  useFocusReturn();
  const narrow = useMediaQuery('(max-width: 48em)');
  useEffect(() => {
    const { open, close } = playback.getState();
    void open(query, { make: true });
    void open(match, { make: true });
    return () => close(match.key);
  }, [playback, query, match]);

  const panel = (
    role: string,
    item: DialogItem,
    media: PlaybackMedia | undefined,
    at: number,
    rate = 1,
  ): PlayerPanel => {
    const { make, stop, open, reportUnplayable } = playback.getState();
    const { videoId } = item;
    const ready = media?.status === 'ready' ? media : undefined;
    return {
      role,
      name: item.name,
      videoId,
      at,
      rate,
      source: ready?.source,
      still: ready?.still ?? false,
      duration: item.probe?.duration,
      onUnplayable: () => void reportUnplayable(item, { make: true }),
      instead: (
        <PlaybackNote
          media={media}
          onMake={() => void make(item)}
          onStop={() => stop(item.key)}
          onReconnect={
            videoId === undefined || !canReconnect(videoId)
              ? undefined
              : () => void reconnect(videoId).then((found) => (found ? open(item, { make: true }) : undefined))
          }
        />
      ),
    };
  };

  const queryMedia = useStoreValue(playback, ({ media }) => media[query.key]);
  const matchMedia = useStoreValue(playback, ({ media }) => media[match.key]);
  return (
    <Modal
      opened
      onClose={onClose}
      size={1080}
      fullScreen={narrow ?? false}
      title="Match beside the query"
      transitionProps={{ duration: 120 }}
      closeButtonProps={{ 'aria-label': 'Close the players' }}
    >
      <PairedPlayer
        panels={[
          panel('Query', query, queryMedia, moment?.queryTime ?? 0),
          panel('Match', match, matchMedia, moment?.time ?? 0, rate),
        ]}
      />
      {below}
    </Modal>
  );
}
