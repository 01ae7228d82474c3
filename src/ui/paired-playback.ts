import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { isPlaying, type PairedRange, type PairedSide, pairedRange, sideTime } from './paired-timeline';

/** Beyond this the follower is put back beside the leader, seconds. Less would make slow decoders stutter. */
const drift = 0.25;

export type PairedPlayback = {
  /** Seconds from the aligned moment. */
  readonly position: number;
  readonly range: PairedRange;
  readonly playing: boolean;
  play(): void;
  pause(): void;
  seek(position: number): void;
};

export type PairedMedia = {
  /** The video; null while it is not shown, or for a still image. */
  readonly element: RefObject<HTMLVideoElement | null>;
  /** Undefined until the media is known. */
  readonly side: PairedSide | undefined;
};

/** Plays two videos as one, each offset by its own aligned moment. Of two, the last that moves leads. */
export function usePairedPlayback(media: readonly PairedMedia[]): PairedPlayback {
  const [position, setPosition] = useState(0);
  const [playing, setPlaying] = useState(false);
  const current = useRef({ media, position: 0 });
  current.current.media = media;

  const range = useMemo(() => pairedRange(media.flatMap(({ side }) => side ?? [])), [media]);

  const align = useCallback((to: number, tolerance: number) => {
    for (const { element, side } of current.current.media) {
      const video = element.current;
      if (!video || !side || video.readyState === 0) continue;
      const time = sideTime(side, to);
      if (Math.abs(video.currentTime - time) > tolerance) video.currentTime = time;
    }
  }, []);

  const seek = useCallback(
    (to: number) => {
      current.current.position = to;
      setPosition(to);
      align(to, 0.01);
    },
    [align],
  );

  const pause = useCallback(() => {
    setPlaying(false);
    for (const { element } of current.current.media) element.current?.pause();
  }, []);

  const play = useCallback(() => {
    const { to, from } = pairedRange(current.current.media.flatMap(({ side }) => side ?? []));
    if (current.current.position >= to - 0.05) seek(from);
    setPlaying(true);
  }, [seek]);

  useEffect(() => {
    if (!playing) return;
    let frame = 0;
    // Only a refusal (sound without a click) stops both; play() cut short by our own pause() is nothing.
    const refused = (error: unknown) => {
      if (error instanceof Error && error.name === 'NotAllowedError') pause();
    };

    const step = () => {
      const moving = current.current.media.flatMap(({ element, side }) =>
        element.current && side ? [{ video: element.current, side }] : [],
      );
      const at = current.current.position;
      for (const { video, side } of moving) {
        video.playbackRate = side.rate ?? 1;
        const shouldMove = isPlaying(side, at) && !video.ended;
        if (shouldMove && video.paused) {
          video.currentTime = sideTime(side, at);
          video.play().catch(refused);
        } else if (!shouldMove && !video.paused) video.pause();
      }
      const leader = moving.findLast(({ video, side }) => isPlaying(side, at) && !video.ended);
      if (!leader) {
        current.current.position = pairedRange(moving.map(({ side }) => side)).to;
        setPosition(current.current.position);
        pause();
        return;
      }
      if (!leader.video.seeking) {
        const now = (leader.video.currentTime - leader.side.at) / (leader.side.rate ?? 1);
        for (const { video, side } of moving) {
          if (video === leader.video || video.seeking || !isPlaying(side, now)) continue;
          if (Math.abs(video.currentTime - sideTime(side, now)) > drift) video.currentTime = sideTime(side, now);
        }
        current.current.position = now;
        setPosition(now);
      }
      frame = requestAnimationFrame(step);
    };

    align(current.current.position, 0.05);
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [playing, pause, align]);

  return { position, range, playing, play, pause, seek };
}
