import { Button, CloseButton, Group, Text, Title } from '@mantine/core';
import { MapPin, Play } from 'lucide-react';
import { useCallback, useEffect, useRef } from 'react';
import type { VideoRecord } from '../../core/video';
import type { MomentsQuery, MomentsStore, OccurrenceReport } from '../../state/moments-store';
import { useStoreValue } from '../../state/stores';
import classes from './moments.module.css';
import { MomentsNote } from './moments-note';
import { changeWords, containmentWords, segmentWords } from './moments-words';

type Props = {
  readonly moments: MomentsStore;
  readonly query: MomentsQuery;
  readonly videos: ReadonlyMap<string, VideoRecord>;
  /** Plays one of the segments of a video, by its place, beside the query. */
  readonly onPlay: (id: string, segment: number) => void;
  /** Asks for access to the folder of the query; undefined where that would not help. */
  readonly onReconnect: (() => Promise<boolean>) | undefined;
};

/** Looks for the very clip, or parts of it, in all videos of the library. */
export function Occurrences({ moments, query, videos, onPlay, onReconnect }: Props) {
  const work = useStoreValue(moments, ({ occurrences }) => occurrences);
  const { findOccurrences, closeOccurrences } = moments.getState();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was found is of the query before
  useEffect(() => closeOccurrences, [query, closeOccurrences]);
  // Each stands in the other's place, and takes the focus over from it.
  const pressed = useRef(false);
  const takeOver = useCallback((button: HTMLButtonElement | null) => {
    if (!button || !pressed.current) return;
    pressed.current = false;
    button.focus({ preventScroll: true });
  }, []);
  const open = () => {
    pressed.current = true;
    void findOccurrences(query);
  };
  const close = () => {
    pressed.current = true;
    closeOccurrences();
  };
  if (!work) {
    return (
      <Button
        ref={takeOver}
        size="sm"
        variant="default"
        leftSection={<MapPin size={16} aria-hidden />}
        style={{ justifySelf: 'start' }}
        onClick={open}
      >
        Where does this clip occur?
      </Button>
    );
  }
  return (
    <section className={classes.found} aria-label="Occurrences">
      <Group justify="space-between" wrap="nowrap">
        <Title order={2} size="h5">
          Where this clip occurs
        </Title>
        <CloseButton ref={takeOver} aria-label="Close the occurrences" onClick={close} />
      </Group>
      {work.status === 'ready' ? (
        <Found report={work.result} videos={videos} onPlay={onPlay} />
      ) : (
        <MomentsNote
          work={work}
          onCancel={close}
          onReconnect={
            onReconnect && (() => void onReconnect().then((found) => (found ? findOccurrences(query) : undefined)))
          }
        />
      )}
    </section>
  );
}

function Found({ report, videos, onPlay }: { report: OccurrenceReport } & Pick<Props, 'videos' | 'onPlay'>) {
  const { found, compared, lacking, query } = report;
  const shown = found.filter(({ id }) => videos.has(id));
  const count = (number: number) => `${number} ${number === 1 ? 'video' : 'videos'}`;
  return (
    <>
      <Text size="sm" c="dimmed" role="status">
        {query.telling === 0
          ? 'The query is dark or plain throughout: its pictures cannot be told from those of other videos.'
          : `In ${shown.length} of ${count(compared)}, by ${query.count} ${query.count === 1 ? 'frame' : 'frames'} of the query.`}
        {lacking > 0 &&
          ` ${count(lacking)} ${lacking === 1 ? 'was' : 'were'} not compared: switch on "Near-duplicate" under Settings, and index the library again.`}
      </Text>
      {shown.length > 0 && (
        <ul>
          {shown.map(({ id, containment, segments, ...seen }) => {
            const changes = changeWords(seen, segments);
            return (
              <li key={id}>
                <Text component="span" size="sm" fw={600} className={classes.name}>
                  {videos.get(id)?.name}
                </Text>
                <Text component="span" size="xs" c="dimmed">
                  {containmentWords[containment]}
                  {changes && `, ${changes}`}
                  {seen.spacing > 0.5 && `. Times are ±${(seen.spacing / 2).toFixed(1)} s`}
                </Text>
                <div className={classes.segments}>
                  {segments.map((segment, index) => (
                    <Button
                      key={segmentWords(segment)}
                      size="compact-sm"
                      variant="default"
                      leftSection={<Play size={12} aria-hidden />}
                      aria-label={`Play ${segmentWords(segment)}, in ${videos.get(id)?.name}`}
                      onClick={() => onPlay(id, index)}
                    >
                      {segmentWords(segment)}
                    </Button>
                  ))}
                </div>
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}
