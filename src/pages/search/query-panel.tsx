import { Alert, Badge, Button, CloseButton, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import type { ErrorRecord } from '../../core/errors';
import type { PlaybackMedia } from '../../state/playback-store';
import type { Query } from '../../state/query';
import type { SearchState } from '../../state/search-state';
import { useBlobUrl } from '../../ui/blob-url';
import { describeError } from '../../ui/error-messages';
import { ErrorWords } from '../../ui/error-words';
import { FrameStrip } from '../../ui/frame-strip';
import { PartSelect } from './part-select';
import { PlaybackNote } from './playback-note';
import { QueryInput } from './query-input';
import classes from './search.module.css';
import { WordsInput } from './words-input';
import { WordsNote } from './words-note';

export type QueryPanelProps = {
  readonly query: Query | undefined;
  readonly phase: SearchState['phase'];
  readonly progress: SearchState['progress'];
  readonly error: SearchState['error'];
  readonly meanings: SearchState['meanings'];
  readonly media: PlaybackMedia | undefined;
  readonly paused: boolean;
  readonly onFiles: (files: readonly File[]) => void;
  readonly examples: ReactNode;
  readonly partRead: SearchState['partRead'];
  readonly unread: SearchState['unread'];
  readonly onPart: (part: Query['part']) => void;
  readonly onWords: (text: string) => void;
  readonly onCancel: () => void;
  readonly onClear: () => void;
  readonly onRetry: () => void;
  readonly onMake: () => void;
  readonly onStop: () => void;
  readonly onUnplayable: () => void;
  readonly onReconnect: (() => void) | undefined;
};

/** The query: where it is dropped, how far its reading is, and what it shows. */
export function QueryPanel(props: QueryPanelProps) {
  const { query, phase, progress, error, onFiles, onCancel, onClear, onRetry } = props;
  const percent = progress?.fraction === undefined ? undefined : Math.round(progress.fraction * 100);
  return (
    <section aria-label="Query" className={classes.query}>
      <WordsInput words={query?.words} onWords={props.onWords} />
      <QueryInput compact={query !== undefined} onFiles={onFiles} />
      {query && (
        <Stack gap={8}>
          <Group justify="space-between" wrap="nowrap" gap={8}>
            <Title order={2} size="h5" className={classes.name} title={query.name}>
              {query.words === undefined ? query.name || 'Video of the library' : `“${query.words}”`}
            </Title>
            <CloseButton aria-label="Clear the query" onClick={onClear} />
          </Group>
          {phase === 'ready' && props.examples}
          {props.unread.map(({ name, error: why }) => (
            <Text key={name} size="sm" role="status">
              {name} was left out: {describeError(why).what}
            </Text>
          ))}
          {query.inLibrary && phase === 'ready' && (
            <Text size="sm" c="dimmed">
              {query.file
                ? 'This file is in your library: its stored features are used, and it is left out of its own results.'
                : 'From your library; left out of its own results.'}
            </Text>
          )}
          {query.words !== undefined && phase === 'ready' && <WordsNote meanings={props.meanings} />}
          {(phase === 'reading' || (phase === 'ready' && progress)) && (
            <Stack gap={8}>
              <Group justify="space-between">
                <Text size="sm" className={classes.name}>
                  {progress?.stage ?? 'Reading the query'}
                  {percent === undefined ? '…' : `: ${percent} %`}
                </Text>
                <Button size="compact-sm" variant="default" onClick={onCancel}>
                  Cancel
                </Button>
              </Group>
              <Progress
                aria-label="Reading the query"
                value={percent ?? 100}
                {...(percent === undefined && { animated: true, striped: true })}
              />
            </Stack>
          )}
          {phase === 'failed' && error && (
            <Alert color="red" title="This query cannot be searched with" role="alert">
              <ErrorWords error={error} {...(isAboutFile(error) && { instead: 'Choose another file.' })} />
              <Button size="compact-sm" variant="default" mt={8} onClick={onRetry}>
                Try again
              </Button>
            </Alert>
          )}
          {phase === 'ready' && query.words === undefined && !query.several && <Preview {...props} query={query} />}
        </Stack>
      )}
    </section>
  );
}

/** Whether another query would do, where the words for the library would ask to mend or remove the file. */
function isAboutFile({ code }: ErrorRecord): boolean {
  return /^(file|codec|frame|decode|image|no)-/.test(code);
}

/** Clips that last less, seconds, are searched with whole. */
const shortestToPart = 0.5;

function Preview({ query, media, paused, ...props }: QueryPanelProps & { query: Query }) {
  const ready = media?.status === 'ready' ? media : undefined;
  const url = useBlobUrl(ready?.source);
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (paused) video.current?.pause();
  }, [paused]);

  const duration = query.probe?.decoder === 'image' ? undefined : query.probe?.duration;
  const strip = query.thumbnails;
  const frames = strip?.images.map((image, index) => ({ image, time: strip.times[index] ?? 0 })) ?? [];
  return (
    <>
      <div className={classes.preview} data-note={ready ? undefined : true}>
        {ready && url && ready.still && <img src={url} alt={query.name} />}
        {ready && url && !ready.still && (
          // biome-ignore lint/a11y/useMediaCaption: footage of the person's own, without captions
          <video
            key={url}
            ref={video}
            src={url}
            controls
            playsInline
            preload="metadata"
            data-video={query.inLibrary ? query.id : undefined}
            aria-label={`Query: ${query.name}`}
            onError={props.onUnplayable}
          />
        )}
        {!ready && (
          <PlaybackNote media={media} onMake={props.onMake} onStop={props.onStop} onReconnect={props.onReconnect} />
        )}
      </div>
      {ready?.copy && (
        <Badge variant="default" size="sm" tt="none">
          playing a copy made here
        </Badge>
      )}
      {!ready?.still && frames.length > 0 && (duration === undefined || duration < shortestToPart) && (
        <FrameStrip frames={frames} of={query.name} />
      )}
      {!ready?.still && duration !== undefined && duration >= shortestToPart && (
        <PartSelect
          key={query.key}
          name={query.name}
          duration={duration}
          frames={frames}
          part={query.part}
          read={props.partRead}
          onPart={props.onPart}
        />
      )}
    </>
  );
}
