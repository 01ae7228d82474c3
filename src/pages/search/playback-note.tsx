import { Anchor, Button, Progress, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { PlaybackMedia } from '../../state/playback-store';
import { ErrorWords } from '../../ui/error-words';

export type PlaybackNoteProps = {
  readonly media: PlaybackMedia | undefined;
  readonly onMake: () => void;
  readonly onStop: () => void;
  readonly onReconnect: (() => void) | undefined;
};

/** What stands where a video would play: being loaded, being copied, not at hand, or failed. Never a dead end. */
export function PlaybackNote({ media, onMake, onStop, onReconnect }: PlaybackNoteProps) {
  if (!media || media.status === 'loading' || media.status === 'ready') {
    return (
      <Text size="sm" c="dimmed">
        Opening…
      </Text>
    );
  }
  if (media.status === 'making') {
    const { progress } = media;
    const percent = progress?.fraction === undefined ? undefined : Math.round(progress.fraction * 100);
    return (
      <Stack gap={8} w={220} maw="100%">
        <Text size="sm">Making a copy that plays here{percent === undefined ? '…' : `: ${percent} %`}</Text>
        <Progress
          aria-label="Making a playable copy"
          value={percent ?? 100}
          {...(percent === undefined && { animated: true, striped: true })}
        />
        <Button size="compact-sm" variant="default" onClick={onStop}>
          Cancel
        </Button>
      </Stack>
    );
  }
  if (media.status === 'unplayable') {
    return (
      <Stack gap={8} align="flex-start">
        <Text size="sm">This browser cannot play this file as it is.</Text>
        <Button size="compact-md" onClick={onMake}>
          Make playable
        </Button>
      </Stack>
    );
  }
  if (media.status === 'away') {
    return (
      <Stack gap={8} align="flex-start">
        <Text size="sm">The file is not at hand: its folder is not connected in this visit.</Text>
        {onReconnect ? (
          <Button size="compact-md" onClick={onReconnect}>
            Reconnect
          </Button>
        ) : (
          <Anchor component={Link} to="/library" size="sm" underline="always">
            Add it again on the Library page
          </Anchor>
        )}
      </Stack>
    );
  }
  return (
    <Stack gap={8} align="flex-start">
      <ErrorWords error={media.error} />
      <Button size="compact-md" variant="default" onClick={onMake}>
        Try again
      </Button>
    </Stack>
  );
}
