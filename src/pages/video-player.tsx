import { Button, Modal, Progress, Stack, Text } from '@mantine/core';
import { type ReactNode, useEffect, useMemo } from 'react';
import { useStores, useStoreValue } from '../state/stores';
import { useBlobUrl } from '../ui/blob-url';
import { ErrorWords } from '../ui/error-words';
import { useFocusReturn } from '../ui/use-focus-return';

type Props = {
  /** Of a library video. */
  readonly id: string;
  /** Where playing begins, seconds. */
  readonly at?: number;
  /** What stands below the picture. */
  readonly children?: ReactNode;
  readonly onClose: () => void;
};

/** Plays one video of the library. What cannot play as it is gets a copy at once. */
export function VideoPlayer({ id, at = 0, children, onClose }: Props) {
  useFocusReturn();
  const { playback, library, sources } = useStores();
  const video = useStoreValue(library, (state) => state.byId.get(id));
  const item = useMemo(
    () => ({ key: `player ${id}`, videoId: id, file: undefined, probe: library.getState().byId.get(id)?.probe }),
    [id, library],
  );
  useEffect(() => {
    void playback.getState().open(item, { make: true });
    return () => playback.getState().close(item.key);
  }, [playback, item]);
  const media = useStoreValue(playback, (state) => state.media[item.key]);
  const ready = media?.status === 'ready' ? media : undefined;
  const url = useBlobUrl(ready?.source);
  const folder = video && sources.getState().folderToReconnect(video);
  const reconnect = async () => {
    if (folder && (await sources.getState().reconnect(folder))) await playback.getState().open(item, { make: true });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={720}
      title={video?.name ?? 'A video that is gone'}
      styles={{ title: { overflowWrap: 'anywhere', fontWeight: 600 } }}
      transitionProps={{ duration: 120 }}
      closeButtonProps={{ 'aria-label': 'Close the player' }}
    >
      <Stack gap={12}>
        {ready && url && ready.still && <img src={url} alt={video?.name ?? ''} style={{ maxWidth: '100%' }} />}
        {ready && url && !ready.still && (
          // biome-ignore lint/a11y/useMediaCaption: footage of the person's own, without captions
          <video
            src={url}
            controls
            playsInline
            autoPlay
            data-video={id}
            aria-label={video?.name}
            style={{ width: '100%', maxHeight: '60vh', background: '#000' }}
            onLoadedMetadata={(event) => {
              event.currentTarget.currentTime = at;
            }}
            onError={() => void playback.getState().reportUnplayable(item, { make: true })}
          />
        )}
        {media?.status === 'making' && (
          <>
            <Text size="sm">Making a copy that plays here…</Text>
            <Progress w={240} aria-label="Making a playable copy" value={100 * (media.progress?.fraction ?? 0)} />
          </>
        )}
        {media?.status === 'failed' && <ErrorWords error={media.error} />}
        {media?.status === 'away' && (
          <Text size="sm">
            The file is not at hand in this visit.
            {folder ? '' : ' Add it or its folder again on the Library page.'}
          </Text>
        )}
        {media?.status === 'away' && folder && (
          <Button size="compact-md" onClick={() => void reconnect()}>
            Reconnect
          </Button>
        )}
        {media?.status === 'unplayable' && (
          <Button size="compact-md" onClick={() => void playback.getState().make(item)}>
            Make playable
          </Button>
        )}
        {(!media || media.status === 'loading') && (
          <Text size="sm" c="dimmed">
            Opening…
          </Text>
        )}
        {children}
      </Stack>
    </Modal>
  );
}
