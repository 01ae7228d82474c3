import { Button, Group, Skeleton, Text, Title } from '@mantine/core';
import { Play } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import type { FoundShots, ShotMatch } from '../../state/shots-store';
import { useStores, useStoreValue } from '../../state/stores';
import { useBlobUrl } from '../../ui/blob-url';
import { clock } from '../../ui/moment';
import { count } from '../descriptor-words';
import classes from './shots.module.css';

type Props = {
  readonly found: FoundShots;
  /** Plays a video from an instant, seconds. */
  readonly onPlay: (id: string, at: number) => void;
};

/** Shots of the library that resemble the chosen one, and among whose shots they were looked for. */
export function MatchingShots({ found, onPlay }: Props) {
  const { shots, library } = useStores();
  const asked = useStoreValue(shots, (state) => state.asked);
  const ranked = useStoreValue(shots, (state) => state.matches);
  const parted = useStoreValue(shots, (state) => state.known);
  const left = useStoreValue(shots, (state) => state.left);
  const busy = useStoreValue(shots, (state) => state.running !== undefined);
  const videos = useStoreValue(library, (state) => state.videos);
  const byId = useStoreValue(library, (state) => state.byId);
  // Videos that were deleted since keep their shots for an undo.
  const matches = ranked?.filter(({ video }) => byId.has(video));
  const known = parted.filter((id) => byId.has(id)).length;
  const all = videos.filter(({ probe }) => probe?.video).length;
  return (
    <section aria-labelledby="matching" className={classes.matching}>
      <Title order={2} size="h4" id="matching">
        {asked === undefined ? 'Search by shot' : `Shots like shot ${asked + 1}`}
      </Title>
      <Group gap="xs">
        <Text size="sm" role="status">
          {`The shots of ${known} of ${count(all, 'video')} are known.`}
          {left > 0 && ` ${count(left, 'file')} could not be read: not at hand, or damaged.`}
          {asked === undefined && ' Press “Similar shots” beside a shot.'}
        </Text>
        {known < all && (
          <Button size="compact-sm" variant="default" disabled={busy} onClick={() => void shots.getState().findAll()}>
            Find the shots of all videos
          </Button>
        )}
      </Group>
      {matches && matches.length === 0 && (
        <Text size="sm">No other shot is known yet. Find the shots of all videos first.</Text>
      )}
      {matches && matches.length > 0 && (
        <ol className={classes.matches} aria-label="Matching shots">
          {matches.map((match) => (
            <MatchingShot key={`${match.video} ${match.shot}`} match={match} space={found.space} onPlay={onPlay} />
          ))}
        </ol>
      )}
    </section>
  );
}

type MatchProps = Pick<Props, 'onPlay'> & { readonly match: ShotMatch; readonly space: string };

function MatchingShot({ match, space, onPlay }: MatchProps) {
  const { engine, library } = useStores();
  const { video: id, shot, part, similarity } = match;
  const name = useStoreValue(library, ({ byId }) => byId.get(id)?.name ?? '');
  const [picture, setPicture] = useState<Blob>();
  useEffect(() => {
    let current = true;
    void engine.library.shots({ id }).then((found) => {
      if (current && found?.space === space) setPicture(found.pictures.images[shot]);
    });
    return () => {
      current = false;
    };
  }, [engine, id, shot, space]);
  const url = useBlobUrl(picture);
  return (
    <li className={classes.match}>
      <div className={classes.small}>
        {url ? <img src={url} alt={`Middle of shot ${shot + 1}`} /> : <Skeleton h="100%" />}
      </div>
      <div className={classes.facts}>
        <Text size="sm" fw={600} className={classes.name} title={name}>
          {name}
        </Text>
        <Text size="sm" c="dimmed" className={classes.span}>
          shot {shot + 1}, {clock(part.from, { tenths: true })}–{clock(part.to, { tenths: true })}
        </Text>
      </div>
      <Text className={classes.span}>{similarity.toFixed(3)}</Text>
      <Group gap={6} wrap="nowrap">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Play size={14} aria-hidden />}
          aria-label={`Play shot ${shot + 1} of ${name}`}
          onClick={() => onPlay(id, part.from)}
        >
          Play
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          component={Link}
          to={`/shots?video=${encodeURIComponent(id)}`}
          aria-label={`Shots of ${name}`}
        >
          Shots
        </Button>
      </Group>
    </li>
  );
}
