import type { Part } from '../core/sampling';
import { useBlobUrl } from './blob-url';
import classes from './frame-strip.module.css';
import { clock } from './moment';

export type Frame = { readonly image: Blob; readonly time: number };

type Props = {
  readonly frames: readonly Frame[];
  /** What they are of, for those who cannot see them. */
  readonly of: string;
  /** All in one row, as on a timeline. */
  readonly row?: boolean;
  /** Seconds; frames beside this part recede. */
  readonly within?: Part | undefined;
};

function FramePicture({ frame, of, within }: Pick<Props, 'of' | 'within'> & { frame: Frame }) {
  const url = useBlobUrl(frame.image);
  const outside = within !== undefined && (frame.time < within.from || frame.time > within.to);
  return (
    <li className={classes.frame} data-outside={outside || undefined}>
      {url && <img src={url} alt={`${of} at ${clock(frame.time, { tenths: true })}`} />}
      <span aria-hidden="true">{clock(frame.time)}</span>
    </li>
  );
}

/** The pictures of a video in order of time. */
export function FrameStrip({ frames, of, row = false, within }: Props) {
  return (
    <ol className={classes.strip} data-row={row || undefined} aria-label={`Frames of ${of}`}>
      {frames.map((frame, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a short video may give one instant twice
        <FramePicture key={`${index}:${frame.time}`} frame={frame} of={of} within={within} />
      ))}
    </ol>
  );
}
