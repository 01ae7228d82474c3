import { useEffect, useState } from 'react';
import type { VideoRecord } from '../../core/video';
import { useStores } from '../../state/stores';
import { useBlobUrl } from '../../ui/blob-url';
import { clock } from '../../ui/moment';
import classes from './map.module.css';
import { pictureVersion } from './picture-version';

type Props = {
  readonly video: VideoRecord;
  /** Its group, as the map is coloured. */
  readonly group: string | undefined;
  readonly x: number;
  readonly y: number;
  /** Width of what it must stay within. */
  readonly within: number;
};

const width = 208;

/** What lies under the pointer. */
export function PointCard({ video, group, x, y, within }: Props) {
  const { thumbnails } = useStores();
  const [picture, setPicture] = useState<Blob>();
  const version = pictureVersion(video);
  useEffect(() => {
    let current = true;
    setPicture(undefined);
    void thumbnails
      .read(video.id, version)
      .catch(() => [])
      .then((images) => {
        if (current) setPicture(images[Math.floor(images.length / 2)]);
      });
    return () => {
      current = false;
    };
  }, [thumbnails, video.id, version]);
  const url = useBlobUrl(picture);
  const facts = [
    video.probe?.duration === undefined ? undefined : clock(video.probe.duration),
    video.labels.join(', ') || 'no label',
    group !== undefined && !video.labels.includes(group) ? group : undefined,
  ].filter((fact) => fact !== undefined);
  return (
    <div
      className={classes.card}
      style={{ width, left: Math.max(4, Math.min(within - width - 4, x - width / 2)), top: y + 16 }}
      aria-hidden
    >
      {url && <img src={url} alt="" />}
      <strong>{video.name}</strong>
      <span>{facts.join(' · ')}</span>
    </div>
  );
}
