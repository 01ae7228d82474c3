import { Button } from '@mantine/core';
import { Play, Unlink } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { VideoRecord } from '../../core/video';
import { useStores } from '../../state/stores';
import { fileSize } from '../../ui/file-size';
import { clock } from '../../ui/moment';
import { VideoCard } from '../../ui/video-card';
import classes from './duplicates.module.css';

type Props = {
  readonly video: VideoRecord;
  /** What it is to the best of its group; undefined for the best itself. */
  readonly relation: string | undefined;
  readonly selected: boolean;
  readonly onToggle: () => void;
  readonly onKeep: (button: HTMLElement) => void;
  readonly onPlay: (() => void) | undefined;
  readonly onDismiss: ((button: HTMLElement) => void) | undefined;
};

/** One video of a group: its frame selects it for deletion, facts that copies differ in stand below. */
export function DuplicateCard({ video, relation, selected, onToggle, onKeep, onPlay, onDismiss }: Props) {
  const { name, probe, bytes, path } = video;
  const track = probe?.video;
  const images = useImages(video);
  return (
    <li className={classes.item}>
      <VideoCard
        name={name}
        duration={undefined}
        label={relation === undefined ? 'Best quality' : undefined}
        images={images}
        notice={undefined}
        selected={selected}
        button={{ 'aria-label': `Select ${name}`, 'aria-pressed': selected, title: path, onClick: onToggle }}
        actions={null}
      />
      <p className={classes.facts}>
        {[
          probe?.duration !== undefined && clock(probe.duration, { tenths: true }),
          track && `${track.width} × ${track.height}`,
          [track?.codec, probe?.container].filter(Boolean).join(' in '),
          fileSize(bytes),
        ]
          .filter(Boolean)
          .map((fact) => (
            <span key={String(fact)}>{fact}</span>
          ))}
      </p>
      <p className={classes.relation}>{relation}</p>
      <div className={classes.buttons}>
        {onPlay && (
          <Button size="compact-sm" variant="default" leftSection={<Play size={14} aria-hidden />} onClick={onPlay}>
            Compare
          </Button>
        )}
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Keep only ${name}`}
          onClick={(event) => onKeep(event.currentTarget)}
        >
          Keep only this
        </Button>
        {onDismiss && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Not a match: ${name}`}
            leftSection={<Unlink size={14} aria-hidden />}
            onClick={(event) => onDismiss(event.currentTarget)}
          >
            Not a match
          </Button>
        )}
      </div>
    </li>
  );
}

function useImages({ id, state, spaces }: VideoRecord): readonly Blob[] | undefined {
  const { thumbnails } = useStores();
  const version = `${state} ${spaces.length}`;
  const [images, setImages] = useState(() => thumbnails.kept(id, version));
  useEffect(() => {
    let current = true;
    void thumbnails
      .read(id, version)
      .catch(() => [])
      .then((read) => current && setImages(read));
    return () => {
      current = false;
    };
  }, [thumbnails, id, version]);
  return images;
}
