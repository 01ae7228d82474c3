import { Modal } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { PlaybackStore } from '../../state/playback-store';
import { useStoreValue } from '../../state/stores';
import { useBlobUrl } from '../../ui/blob-url';
import { MomentTags } from '../../ui/moment-tags';
import { useFocusReturn } from '../../ui/use-focus-return';
import { PlaybackNote } from './playback-note';
import type { DialogItem } from './player-dialog';
import classes from './search.module.css';

type Props = {
  readonly playback: PlaybackStore;
  readonly item: DialogItem;
  /** Where playing begins, seconds. */
  readonly at: number;
  readonly loadMoments: Parameters<typeof MomentTags>[0]['load'];
  readonly onClose: () => void;
  /** Asks for access to the video's folder; undefined where that would not help. */
  readonly onReconnect: (() => Promise<boolean>) | undefined;
};

/** Plays what was found by words, from the moment that answers to them. */
export function VideoDialog({ playback, item, at, loadMoments, onClose, onReconnect }: Props) {
  useFocusReturn();
  const video = useRef<HTMLVideoElement>(null);
  const { open, close, make, stop, reportUnplayable } = playback.getState();
  useEffect(() => {
    void playback.getState().open(item, { make: true });
    return () => playback.getState().close(item.key);
  }, [playback, item]);
  const media = useStoreValue(playback, (all) => all.media[item.key]);
  const ready = media?.status === 'ready' ? media : undefined;
  const url = useBlobUrl(ready?.source);
  return (
    <Modal
      opened
      onClose={() => {
        close(item.key);
        onClose();
      }}
      size={720}
      title={item.name}
      transitionProps={{ duration: 120 }}
      closeButtonProps={{ 'aria-label': 'Close the player' }}
    >
      <div className={classes.preview} data-note={ready ? undefined : true}>
        {ready && url && ready.still && <img src={url} alt={item.name} />}
        {ready && url && !ready.still && (
          // biome-ignore lint/a11y/useMediaCaption: footage of the person's own, without captions
          <video
            ref={video}
            src={url}
            controls
            playsInline
            autoPlay
            data-autofocus
            data-video={item.videoId}
            aria-label={`Match: ${item.name}`}
            onLoadedMetadata={(event) => {
              event.currentTarget.currentTime = at;
            }}
            onError={() => void reportUnplayable(item, { make: true })}
          />
        )}
        {!ready && (
          <PlaybackNote
            media={media}
            onMake={() => void make(item)}
            onStop={() => stop(item.key)}
            onReconnect={
              onReconnect &&
              (() => void onReconnect().then((found) => (found ? open(item, { make: true }) : undefined)))
            }
          />
        )}
      </div>
      {ready && !ready.still && (
        <MomentTags
          id={item.key}
          load={loadMoments}
          onSeek={(seconds) => {
            if (video.current) video.current.currentTime = seconds;
          }}
        />
      )}
    </Modal>
  );
}
