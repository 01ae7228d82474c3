import { ActionIcon, Badge, Button, Skeleton, Text } from '@mantine/core';
import { Film, MapPin, Minus, Play, Plus, ScanSearch } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { VideoRecord } from '../../core/video';
import type { Query } from '../../state/query';
import type { Found } from '../../state/query-ranking';
import { useBlobUrl } from '../../ui/blob-url';
import { clock, Moment } from '../../ui/moment';
import { RecognisedTags } from '../../ui/recognised-tags';
import { Score } from '../../ui/score';
import { MatchParts } from './match-parts';
import { MatchProbability } from './match-probability';
import { MatchReasons } from './match-reasons';
import classes from './search.module.css';

export type MatchRowProps = {
  readonly match: Found;
  /** Undefined for the moment in which the list of videos is still on its way. */
  readonly video: VideoRecord | undefined;
  readonly meaning: string;
  readonly names: ReadonlyMap<string, string>;
  readonly loadThumbnails: (id: string) => Promise<Query['thumbnails']>;
  readonly onPlay: () => void;
  readonly onFindSimilar: () => void;
  /** Shows where both show the same; undefined where the query is no clip. */
  readonly onMoments: (() => void) | undefined;
  /** More like this, or less; undefined where less makes no sense. */
  readonly onMore: () => void;
  readonly onLess: (() => void) | undefined;
};

/** The picture that lies nearest to an instant. */
export function nearestPicture(strip: NonNullable<Query['thumbnails']>, time: number): Blob | undefined {
  let best = 0;
  strip.times.forEach((at, index) => {
    if (Math.abs(at - time) < Math.abs((strip.times[best] ?? 0) - time)) best = index;
  });
  return strip.images[best];
}

export function MatchRow({
  match,
  video,
  meaning,
  names,
  loadThumbnails,
  onPlay,
  onFindSimilar,
  ...props
}: MatchRowProps) {
  const { id, rank, similarity, percentile, moment, reasons } = match;
  const [strip, setStrip] = useState<Query['thumbnails']>();
  useEffect(() => {
    let shown = true;
    void loadThumbnails(id).then((loaded) => shown && setStrip(loaded));
    return () => {
      shown = false;
    };
  }, [id, loadThumbnails]);
  const url = useBlobUrl(strip && nearestPicture(strip, moment?.time ?? 0));
  const name = video?.name ?? '';

  return (
    <li className={classes.match} data-match={id}>
      <Text component="span" className={classes.rank} aria-hidden="true">
        {rank}
      </Text>
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: a wider target for the "Play" button beside it */}
      <div className={classes.picture} onClick={onPlay}>
        {url ? (
          <img src={url} alt={moment ? `Frame at ${clock(moment.time)}` : 'First frame'} />
        ) : (
          <Skeleton h="100%" />
        )}
      </div>
      <div className={classes.facts}>
        <div className={classes.title}>
          <Text component="span" size="sm" fw={600} className={classes.name} title={video?.path ?? name}>
            {name}
          </Text>
          {video?.labels.map((label) => (
            <Badge key={label} variant="default" size="sm" tt="none">
              {label}
            </Badge>
          ))}
        </div>
        <Score similarity={similarity} percentile={reasons ? undefined : percentile} meaning={meaning} />
        {match.probability !== undefined && <MatchProbability probability={match.probability} />}
        {reasons && <MatchReasons reasons={reasons} />}
        {!reasons && names.size > 1 && <MatchParts parts={match.parts} names={names} probe={video?.probe} />}
        {!reasons && moment && <Moment moment={moment} />}
        {!reasons && video?.recognised && <RecognisedTags recognised={video.recognised} most={3} />}
      </div>
      <div className={classes.actions}>
        <Button size="sm" data-play leftSection={<Play size={16} aria-hidden />} onClick={onPlay}>
          Play
        </Button>
        <Button size="sm" variant="default" leftSection={<ScanSearch size={16} aria-hidden />} onClick={onFindSimilar}>
          Find similar
        </Button>
        {video?.probe?.video && video.probe.decoder !== 'image' && (
          <Button
            size="sm"
            variant="default"
            leftSection={<Film size={16} aria-hidden />}
            component={Link}
            to={`/shots?video=${encodeURIComponent(id)}`}
          >
            Shots
          </Button>
        )}
        {props.onMoments && (
          <Button size="sm" variant="default" leftSection={<MapPin size={16} aria-hidden />} onClick={props.onMoments}>
            Where?
          </Button>
        )}
        <ActionIcon
          variant="default"
          size={36}
          aria-label="More like this"
          title="More like this (+)"
          onClick={props.onMore}
        >
          <Plus size={16} aria-hidden />
        </ActionIcon>
        {props.onLess && (
          <ActionIcon
            variant="default"
            size={36}
            aria-label="Less like this"
            title="Less like this (−)"
            onClick={props.onLess}
          >
            <Minus size={16} aria-hidden />
          </ActionIcon>
        )}
      </div>
    </li>
  );
}
