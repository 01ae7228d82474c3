import { ActionIcon, Button, Group, Slider, Text } from '@mantine/core';
import { ArrowLeftRight, Pause, Play, Volume2, VolumeX } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useBlobUrl } from './blob-url';
import { clock } from './moment';
import { usePairedPlayback } from './paired-playback';
import classes from './paired-player.module.css';
import { sideTime } from './paired-timeline';

export type PlayerPanel = {
  /** What it is to the other: `Query`, `Match`. */
  readonly role: string;
  readonly name: string;
  /** Id of the library's video, for those who note what is played. */
  readonly videoId: string | undefined;
  /** Aligned instant, seconds. */
  readonly at: number;
  /** Its own seconds for one of the other's, 1 where not told. */
  readonly rate?: number;
  /** What is played; undefined while it is being made or is not at hand (then `instead` is shown). */
  readonly source: Blob | undefined;
  readonly still: boolean;
  readonly instead: ReactNode;
  /** Seconds, where known before the video has told. */
  readonly duration: number | undefined;
  /** The `<video>` cannot play this source. */
  readonly onUnplayable: () => void;
};

type PanelProps = {
  readonly panel: PlayerPanel;
  /** Place on screen. The elements stay where they are: a `<video>` that moves in the document stops. */
  readonly order: number;
  readonly element: RefObject<HTMLVideoElement | null>;
  readonly time: number;
  readonly duration: number | undefined;
  readonly muted: boolean;
  readonly onMute: () => void;
  readonly onDuration: (duration: number) => void;
};

function Panel({ panel, order, element, time, duration, muted, onMute, onDuration }: PanelProps) {
  const { role, name, source, still, instead } = panel;
  const url = useBlobUrl(source);
  return (
    <figure className={classes.panel} style={{ order }}>
      <div className={classes.frame}>
        {source === undefined && <div className={classes.instead}>{instead}</div>}
        {url && still && <img src={url} alt={`${role}: ${name}`} />}
        {url && !still && (
          <video
            key={url}
            ref={element}
            src={url}
            muted={muted}
            playsInline
            preload="auto"
            data-video={panel.videoId}
            aria-label={`${role}: ${name}`}
            onLoadedMetadata={(event) => {
              const { duration: told } = event.currentTarget;
              onDuration(Number.isFinite(told) ? told : (panel.duration ?? 0));
            }}
            onError={panel.onUnplayable}
          />
        )}
      </div>
      <figcaption className={classes.caption}>
        <div className={classes.names}>
          <Text component="span" size="xs" c="dimmed">
            {role}
          </Text>
          <Text component="span" size="sm" className={classes.name} title={name}>
            {name}
          </Text>
        </div>
        <Group gap={8} wrap="nowrap">
          {!still && (
            <Text component="span" size="sm" className={classes.time}>
              {clock(time, { tenths: true })}
              {duration !== undefined && ` / ${clock(duration, { tenths: true })}`}
            </Text>
          )}
          {!still && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-pressed={muted}
              aria-label={`Mute ${role.toLowerCase()}`}
              title={muted ? `Sound of ${role.toLowerCase()} is off` : `Sound of ${role.toLowerCase()} is on`}
              onClick={onMute}
            >
              {muted ? <VolumeX size={18} aria-hidden /> : <Volume2 size={18} aria-hidden />}
            </ActionIcon>
          )}
        </Group>
      </figcaption>
    </figure>
  );
}

/** Two videos beside each other under one scrubber, both starting at their aligned moment. Playing begins
 * as soon as all that can be shown is there, and anew when the moment changes. Space plays and pauses from anywhere inside. */
export function PairedPlayer({ panels }: { panels: readonly [PlayerPanel, PlayerPanel] }) {
  const first = useRef<HTMLVideoElement>(null);
  const second = useRef<HTMLVideoElement>(null);
  const [durations, setDurations] = useState<readonly [number | undefined, number | undefined]>([undefined, undefined]);
  const [muted, setMuted] = useState<readonly [boolean, boolean]>([true, false]);
  const [swapped, setSwapped] = useState(false);
  const started = useRef<string>(undefined);

  const [
    { at: firstAt, still: firstStill, rate: firstRate = 1 },
    { at: secondAt, still: secondStill, rate: secondRate = 1 },
  ] = panels;
  const [firstDuration, secondDuration] = durations;
  const media = useMemo(() => {
    const side = (at: number, rate: number, still: boolean, duration: number | undefined) =>
      still
        ? { duration: 0, at: 0 }
        : duration === undefined
          ? undefined
          : { duration, at: Math.min(at, duration), rate };
    return [
      { element: first, side: side(firstAt, firstRate, firstStill, firstDuration) },
      { element: second, side: side(secondAt, secondRate, secondStill, secondDuration) },
    ];
  }, [firstAt, secondAt, firstRate, secondRate, firstStill, secondStill, firstDuration, secondDuration]);

  const playback = usePairedPlayback(media);
  const { position, range, playing } = playback;
  const ready = media.every(({ side }) => side !== undefined);
  const start = `${firstAt} ${secondAt}`;
  const some = media.some(({ side }) => side !== undefined && side.duration > 0);

  useEffect(() => {
    if (!ready || started.current === start) return;
    started.current = start;
    playback.seek(0);
    playback.play();
  }, [ready, playback, start]);

  const toggle = () => {
    if (!some) return;
    if (playing) playback.pause();
    else playback.play();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const onButton = event.target instanceof Element && event.target.closest('button, input, a') !== null;
    if (event.key !== ' ' || onButton) return;
    event.preventDefault();
    toggle();
  };

  const elements = [first, second] as const;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: space plays wherever the focus is inside; the button does the same
    <div className={classes.player} onKeyDown={onKeyDown}>
      <div className={classes.panels}>
        {([0, 1] as const).map((index) => {
          const side = media[index]?.side;
          return (
            <Panel
              key={index}
              panel={panels[index]}
              order={swapped ? 1 - index : index}
              element={elements[index]}
              time={side ? sideTime(side, position) : panels[index].at}
              duration={side?.duration ?? panels[index].duration}
              muted={muted[index]}
              onMute={() => setMuted(([a, b]) => (index === 0 ? [!a, b] : [a, !b]))}
              onDuration={(duration) => setDurations(([a, b]) => (index === 0 ? [duration, b] : [a, duration]))}
            />
          );
        })}
      </div>
      <div className={classes.controls}>
        <Button
          data-autofocus
          // Stays focusable: were it disabled, the focus would start on "Close" and space would close.
          aria-disabled={!some}
          {...(!some && { 'data-disabled': true })}
          leftSection={playing ? <Pause size={16} aria-hidden /> : <Play size={16} aria-hidden />}
          onClick={toggle}
          className={classes.toggle}
        >
          {playing ? 'Pause' : 'Play'}
        </Button>
        <Slider
          className={classes.slider}
          thumbLabel="Position"
          label={(value) => offsetText(value)}
          min={range.from}
          max={Math.max(range.to, range.from + 0.1)}
          step={0.1}
          value={position}
          disabled={!some}
          onChange={(value) => {
            playback.pause();
            playback.seek(value);
          }}
          marks={[{ value: 0 }]}
        />
        <Button
          variant="default"
          leftSection={<ArrowLeftRight size={16} aria-hidden />}
          onClick={() => setSwapped((was) => !was)}
        >
          Swap
        </Button>
      </div>
      <Text size="xs" c="dimmed">
        Position 0 is the matched moment: {clock(firstAt, { tenths: true })} in the {panels[0].role.toLowerCase()},{' '}
        {clock(secondAt, { tenths: true })} in the {panels[1].role.toLowerCase()}. Space plays and pauses.
      </Text>
    </div>
  );
}

function offsetText(seconds: number): string {
  if (Math.abs(seconds) < 0.05) return 'matched moment';
  return `${seconds > 0 ? '+' : '−'}${Math.abs(seconds).toFixed(1)} s`;
}
