import { useBlobUrl } from './blob-url';
import classes from './frame-strip.module.css';
import { clock } from './moment';

export type Frame = { readonly image: Blob; readonly time: number };

function FramePicture({ frame, of }: { frame: Frame; of: string }) {
  const url = useBlobUrl(frame.image);
  return (
    <li className={classes.frame}>
      {url && <img src={url} alt={`${of} at ${clock(frame.time, { tenths: true })}`} />}
      <span aria-hidden="true">{clock(frame.time)}</span>
    </li>
  );
}

/** The pictures of a video in order of time. `of` is what they are of, for those who cannot see them. */
export function FrameStrip({ frames, of }: { frames: readonly Frame[]; of: string }) {
  return (
    <ol className={classes.strip} aria-label={`Frames of ${of}`}>
      {frames.map((frame, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a short video may give one instant twice
        <FramePicture key={`${index}:${frame.time}`} frame={frame} of={of} />
      ))}
    </ol>
  );
}
