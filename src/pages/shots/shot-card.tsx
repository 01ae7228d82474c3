import { Badge, Button, Skeleton, Text } from '@mantine/core';
import { Play, ScanSearch } from 'lucide-react';
import type { Part } from '../../core/sampling';
import type { ShotLabel } from '../../state/shots-store';
import { useBlobUrl } from '../../ui/blob-url';
import { clock } from '../../ui/moment';
import { percent } from '../descriptor-words';
import classes from './shots.module.css';

type Props = {
  readonly number: number;
  readonly part: Part;
  readonly picture: Blob | undefined;
  readonly label: ShotLabel | undefined;
  readonly chosen: boolean;
  readonly onPlay: () => void;
  readonly onSimilar: () => void;
  readonly onSearch: () => void;
};

export function ShotCard({ number, part, picture, label, chosen, onPlay, onSimilar, onSearch }: Props) {
  const url = useBlobUrl(picture);
  const span = `${clock(part.from, { tenths: true })}–${clock(part.to, { tenths: true })}`;
  return (
    <li className={classes.shot} aria-current={chosen || undefined}>
      <div className={classes.picture}>
        {url ? <img src={url} alt={`Middle of shot ${number}`} /> : <Skeleton h="100%" />}
      </div>
      <Text size="sm" className={classes.span}>
        <b>{number}</b> {span}
      </Text>
      {label && (
        <Badge variant="default" tt="none">
          {label.label} {percent(label.probability)}
        </Badge>
      )}
      <div className={classes.actions}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Play size={14} aria-hidden />}
          aria-label={`Play shot ${number}`}
          onClick={onPlay}
        >
          Play
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<ScanSearch size={14} aria-hidden />}
          aria-label={`Find shots like shot ${number}`}
          onClick={onSimilar}
        >
          Similar shots
        </Button>
        <Button size="compact-sm" variant="default" aria-label={`Search videos with shot ${number}`} onClick={onSearch}>
          Search videos
        </Button>
      </div>
    </li>
  );
}
