import { Button, Modal, Progress, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useMemo } from 'react';
import { useStores, useStoreValue } from '../state/stores';
import { ErrorWords } from '../ui/error-words';
import { PairedPlayer, type PlayerPanel } from '../ui/paired-player';
import { useFocusReturn } from '../ui/use-focus-return';

type Props = {
  /** Ids of library videos. */
  readonly query: string;
  readonly match: string;
  /** What the two are to one another, and where each starts, seconds. */
  readonly roles?: readonly [string, string];
  readonly at?: readonly [number, number];
  readonly title?: string;
  readonly onClose: () => void;
};

/** Plays a query beside one of its matches, both from their start unless said otherwise. What cannot play as it is gets a copy at once. */
export function PairPlayer({
  query,
  match,
  roles = ['Query', 'Match'],
  at = [0, 0],
  title = 'Match beside the query',
  onClose,
}: Props) {
  useFocusReturn();
  const { playback, library, sources } = useStores();
  const narrow = useMediaQuery('(max-width: 48em)');
  const items = useMemo(
    () =>
      [query, match].map((id, side) => {
        const video = library.getState().byId.get(id);
        return {
          key: `pair ${side} ${id}`,
          videoId: id,
          file: undefined,
          probe: video?.probe,
          name: video?.name ?? '',
        };
      }),
    [query, match, library],
  );
  useEffect(() => {
    const { open, close } = playback.getState();
    for (const item of items) void open(item, { make: true });
    return () => {
      for (const item of items) close(item.key);
    };
  }, [playback, items]);
  const media = useStoreValue(playback, (state) => state.media);

  const panel = (index: 0 | 1): PlayerPanel => {
    const role = roles[index];
    const item = items[index] as (typeof items)[number];
    const own = media[item.key];
    const ready = own?.status === 'ready' ? own : undefined;
    const video = library.getState().byId.get(item.videoId);
    const folder = video && sources.getState().folderToReconnect(video);
    return {
      role,
      name: item.name,
      videoId: item.videoId,
      at: at[index],
      source: ready?.source,
      still: ready?.still ?? false,
      duration: item.probe?.duration,
      onUnplayable: () => void playback.getState().reportUnplayable(item, { make: true }),
      instead: (
        <Stack gap={8} align="flex-start">
          {own?.status === 'making' && (
            <>
              <Text size="sm">Making a copy that plays here…</Text>
              <Progress
                w={200}
                aria-label={`Making a playable copy of the ${role.toLowerCase()}`}
                value={100 * (own.progress?.fraction ?? 0)}
              />
            </>
          )}
          {own?.status === 'failed' && <ErrorWords error={own.error} />}
          {own?.status === 'away' && (
            <Text size="sm">
              The file is not at hand in this visit.
              {folder ? '' : ' Add it or its folder again on the Library page.'}
            </Text>
          )}
          {own?.status === 'away' && folder && (
            <Button
              size="compact-md"
              onClick={() =>
                void sources
                  .getState()
                  .reconnect(folder)
                  .then((found) => (found ? playback.getState().open(item, { make: true }) : undefined))
              }
            >
              Reconnect
            </Button>
          )}
          {own?.status === 'unplayable' && (
            <Button size="compact-md" onClick={() => void playback.getState().make(item)}>
              Make playable
            </Button>
          )}
          {(!own || own.status === 'loading') && (
            <Text size="sm" c="dimmed">
              Opening…
            </Text>
          )}
        </Stack>
      ),
    };
  };

  return (
    <Modal
      opened
      onClose={onClose}
      size={1080}
      fullScreen={narrow ?? false}
      title={title}
      transitionProps={{ duration: 120 }}
      closeButtonProps={{ 'aria-label': 'Close the players' }}
    >
      <PairedPlayer panels={[panel(0), panel(1)]} />
    </Modal>
  );
}
