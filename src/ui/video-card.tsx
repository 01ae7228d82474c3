import { Clock, type LucideIcon, TriangleAlert, VolumeX } from 'lucide-react';
import { type ComponentProps, type ReactNode, useEffect, useRef, useState } from 'react';
import { MiddleCut } from './middle-cut';
import { clock } from './moment';
import classes from './video-card.module.css';

export type CardNotice = {
  readonly kind: 'failed' | 'waiting' | 'partial';
  readonly text: string;
  readonly reason: string;
};

export type VideoCardProps = {
  readonly name: string;
  /** Seconds. */
  readonly duration: number | undefined;
  /** Whether it is a video without sound. */
  readonly silent?: boolean;
  readonly label: string | undefined;
  /** In order of time; undefined while they are being read. */
  readonly images: readonly Blob[] | undefined;
  /** Only where the video is not fine: what is the matter, and why. */
  readonly notice: CardNotice | undefined;
  readonly selected: boolean;
  /** The button that is the frame. */
  readonly button: Omit<ComponentProps<'button'>, 'type' | 'className' | 'children'> & {
    readonly 'data-index'?: number;
  };
  /** Small buttons below it. */
  readonly actions: ReactNode;
};

const icons: Record<CardNotice['kind'], LucideIcon> = {
  failed: TriangleAlert,
  waiting: Clock,
  partial: TriangleAlert,
};

/** Frame, name and facts of one video. The frame scrubs under the pointer, and plays through while the button has the focus. */
export function VideoCard({
  name,
  duration,
  silent = false,
  label,
  images,
  notice,
  selected,
  button,
  actions,
}: VideoCardProps) {
  const [pointer, setPointer] = useState<number>();
  const [focused, setFocused] = useState(false);
  const Icon = notice && icons[notice.kind];
  return (
    <div className={classes.card} data-selected={selected || undefined} data-kind={notice?.kind}>
      <div
        className={classes.frame}
        onPointerMove={({ clientX, currentTarget }) => {
          const { left, width } = currentTarget.getBoundingClientRect();
          setPointer(Math.max(0, Math.min(0.999, (clientX - left) / width)));
        }}
        onPointerLeave={() => setPointer(undefined)}
      >
        {images === undefined && !notice && <div className={classes.loading} />}
        {images && images.length > 0 && <Frames images={images} pointer={pointer} playing={focused} />}
        {notice && Icon && (
          <div className={classes.notice} data-kind={notice.kind} data-covers={!images?.length || undefined}>
            <span className={classes.state}>
              <Icon size={14} aria-hidden /> {notice.text}
            </span>
            <span className={classes.reason}>{notice.reason}</span>
          </div>
        )}
        {(duration !== undefined || silent) && (
          <span className={classes.duration}>
            {silent && (
              <span title="No sound">
                <VolumeX size={12} role="img" aria-label="No sound" />
              </span>
            )}
            {duration !== undefined && clock(duration)}
          </span>
        )}
        <button
          {...button}
          type="button"
          className={classes.button}
          onFocus={(event) => {
            setFocused(event.currentTarget.matches(':focus-visible'));
            button.onFocus?.(event);
          }}
          onBlur={() => setFocused(false)}
        />
      </div>
      <div className={classes.name}>
        <MiddleCut text={name} />
      </div>
      <div className={classes.facts}>
        {label && <span className={classes.label}>{label}</span>}
        <span className={classes.actions}>{actions}</span>
      </div>
    </div>
  );
}

const playEvery = 450;

function Frames({
  images,
  pointer,
  playing,
}: {
  images: readonly Blob[];
  pointer: number | undefined;
  playing: boolean;
}) {
  const [played, setPlayed] = useState<number>();
  useEffect(() => {
    if (!playing || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const timer = setInterval(() => setPlayed((at = -1) => (at + 1) % images.length), playEvery);
    return () => {
      clearInterval(timer);
      setPlayed(undefined);
    };
  }, [playing, images]);

  const middle = Math.floor(images.length / 2);
  const at = pointer === undefined ? played : Math.floor(pointer * images.length);
  const shown = at ?? middle;
  const urls = useUrls(images, middle, at !== undefined);
  return (
    <>
      {urls.map((url, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: a picture is its place in the strip
        url ? <img key={index} src={url} alt="" data-shown={index === shown || undefined} /> : null,
      )}
      {at !== undefined && (
        <span
          className={classes.position}
          style={{ left: `${(100 * shown) / images.length}%`, width: `${100 / images.length}%` }}
        />
      )}
    </>
  );
}

/** Object URLs of the middle picture, and of the others once they are wanted; revoked when the card leaves the screen. */
function useUrls(images: readonly Blob[], middle: number, all: boolean): readonly (string | undefined)[] {
  const [urls, setUrls] = useState<readonly (string | undefined)[]>([]);
  const made = useRef<(string | undefined)[]>([]);
  useEffect(() => {
    const own: (string | undefined)[] = images.map((image, index) =>
      index === middle ? URL.createObjectURL(image) : undefined,
    );
    made.current = own;
    setUrls([...own]);
    return () => {
      for (const url of own) if (url) URL.revokeObjectURL(url);
    };
  }, [images, middle]);
  useEffect(() => {
    if (!all) return;
    const own = made.current;
    images.forEach((image, index) => {
      own[index] ??= URL.createObjectURL(image);
    });
    setUrls([...own]);
  }, [images, all]);
  return urls;
}
