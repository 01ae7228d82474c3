import { Alert, Button, Checkbox, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { Download, Film, Scissors, Tags } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { takesMoments } from '../../state/classify-store';
import { useStores, useStoreValue } from '../../state/stores';
import { ErrorWords } from '../../ui/error-words';
import { clock } from '../../ui/moment';
import { NumberField } from '../../ui/number-field';
import { saveFile } from '../../ui/save-file';
import { TaskProgress } from '../../ui/task-progress';
import { count } from '../descriptor-words';
import { MatchingShots } from './matching-shots';
import { ShotCard } from './shot-card';
import classes from './shots.module.css';

const VideoPlayer = lazy(async () => ({ default: (await import('../video-player')).VideoPlayer }));

/** A video's shots: to look through, to search with, to label, and to print. */
export function ShotsPage() {
  const { shots, library, classify, search } = useStores();
  const [parameters] = useSearchParams();
  const navigate = useNavigate();
  const id = parameters.get('video') ?? undefined;
  const loaded = useStoreValue(library, (state) => state.loaded);
  const video = useStoreValue(library, ({ byId }) => (id === undefined ? undefined : byId.get(id)));
  const { found, looked, running, error, labels, labelledBy, asked, summary } = useStoreValue(shots, (state) => state);
  const opened = useStoreValue(classify, (state) => state.shown?.entry);
  // A shot has one vector.
  const head = opened && !takesMoments(opened) ? opened : undefined;
  const [short, setShort] = useState(false);
  const [most, setMost] = useState(9);
  const [played, setPlayed] = useState<{ readonly id: string; readonly at: number }>();
  useEffect(() => {
    if (id !== undefined) void shots.getState().open(id);
  }, [shots, id]);
  useEffect(() => () => shots.getState().cancel(), [shots]);
  useEffect(() => {
    if (short && found) void shots.getState().summarise(most);
  }, [shots, short, found, most]);

  if (loaded && !video) {
    return (
      <Stack className={classes.page} align="flex-start">
        <Film size={40} strokeWidth={1.25} aria-hidden />
        <Title order={1} size="h3">
          No video is chosen
        </Title>
        <Text c="dimmed">Open a video’s details in the library and press “Shots”.</Text>
        <Button component={Link} to="/library">
          Go to the library
        </Button>
      </Stack>
    );
  }
  const shown = found ? (short ? (summary ?? []) : found.shots.map((_, i) => i)) : [];
  const sheet = async () => {
    if (!found || !video) return;
    const { drawContactSheet } = await import('../../ui/contact-sheet');
    const cells = shown.flatMap((shot) => {
      const picture = found.pictures.images[shot];
      const part = found.shots[shot];
      const label = labels?.[shot]?.label;
      const times = part && `${shot + 1}   ${clock(part.from)}–${clock(part.to)}`;
      return picture && times ? [{ picture, caption: label ? `${times}   ${label}` : times }] : [];
    });
    const subtitle = `${clock(found.shots.at(-1)?.to ?? 0)}, ${cells.length} of ${count(found.shots.length, 'shot')}`;
    const name = `${video.name.replace(/\.[^.]*$/, '')} contact sheet.png`;
    saveFile(await drawContactSheet({ title: video.name, subtitle, cells }), name);
  };
  const { find, pause, cancel, label, search: findShots } = shots.getState();

  return (
    <div className={classes.page}>
      <div>
        <Title order={1} size="h3" style={{ overflowWrap: 'anywhere' }}>
          Shots of {video?.name}
        </Title>
        <Text size="sm" c="dimmed" role="status">
          {found
            ? `${count(found.shots.length, 'shot')}, parted at cuts, dissolves and fades${found.resolution > 0.1 ? `, to within ${found.resolution.toFixed(1)} s` : ''}.`
            : looked
              ? 'Not parted yet: every frame is compared with the one before it, and each shot described.'
              : 'Looking…'}
        </Text>
      </div>
      <Group gap="xs" align="flex-end">
        <Button
          variant={found ? 'default' : 'filled'}
          leftSection={<Scissors size={16} aria-hidden />}
          disabled={!looked || running !== undefined}
          onClick={() => void find()}
        >
          {found ? 'Find again' : 'Find shots'}
        </Button>
        {found && (
          <>
            <Button
              variant="default"
              leftSection={<Download size={16} aria-hidden />}
              onClick={() => void sheet()}
              disabled={shown.length === 0}
            >
              Contact sheet
            </Button>
            <Button
              variant="default"
              leftSection={<Tags size={16} aria-hidden />}
              disabled={head?.space !== found.space || running !== undefined}
              title={
                head?.space === found.space ? undefined : 'Open a head of the same descriptor under Classify first.'
              }
              onClick={() => head && void label(head)}
            >
              Label shots
            </Button>
            <Checkbox
              mb={8}
              label="Only those that sum it up"
              checked={short}
              onChange={(event) => setShort(event.currentTarget.checked)}
            />
            {short && <NumberField label="At most" value={most} min={1} max={60} onValue={setMost} />}
          </>
        )}
      </Group>
      {found && head?.space !== found.space && (
        <Text size="sm" c="dimmed">
          To label shots, open a head under Classify that was trained on the same descriptor.
        </Text>
      )}
      {running && <TaskProgress name="Finding shots" task={running} onPause={pause} onCancel={cancel} />}
      {error && (
        <Alert variant="default" role="alert" title="This did not work">
          <ErrorWords error={error} />
        </Alert>
      )}
      {short && found && !summary && !error && (
        <Text size="sm" c="dimmed" role="status">
          Summing up…
        </Text>
      )}
      {!looked && <Skeleton h={200} />}
      {labelledBy && (
        <Text size="sm" c="dimmed">
          Labels by {labelledBy}.
        </Text>
      )}
      {found && (
        <ol className={classes.shots} aria-label="Shots">
          {shown.map((shot) => (
            <ShotCard
              key={shot}
              number={shot + 1}
              part={found.shots[shot] as (typeof found.shots)[number]}
              picture={found.pictures.images[shot]}
              label={labels?.[shot]}
              chosen={asked === shot}
              onPlay={() => id !== undefined && setPlayed({ id, at: found.shots[shot]?.from ?? 0 })}
              onSimilar={() => void findShots(shot)}
              onSearch={async () => {
                if (id === undefined) return;
                navigate('/search');
                await search.getState().searchVideo(id);
                search.getState().setPart(found.shots[shot]);
              }}
            />
          ))}
        </ol>
      )}
      {found && <MatchingShots found={found} onPlay={(of, at) => setPlayed({ id: of, at })} />}
      <Suspense>
        {played && <VideoPlayer id={played.id} at={played.at} onClose={() => setPlayed(undefined)} />}
      </Suspense>
    </div>
  );
}
