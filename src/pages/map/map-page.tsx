import { Alert, Button, NativeSelect, Stack, Text, Title } from '@mantine/core';
import { Map as MapIcon } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { Link } from 'react-router';
import { fewestPoints } from '../../core/map/projection';
import { byPreference } from '../../state/ranking-preferences';
import { useStores, useStoreValue } from '../../state/stores';
import { ErrorWords } from '../../ui/error-words';
import { count, isMap } from '../descriptor-words';
import classes from '../evaluation.module.css';
import { MapBar } from './map-bar';
import {
  describeMap,
  fittingSpaces,
  initialChoices,
  type MapChoices,
  settingsOf,
  suitedScaling,
  suitedSpaces,
} from './map-choices';
import { MapView } from './map-view';

/** The library as a map. */
export function MapPage() {
  const { library, map } = useStores();
  const loaded = useStoreValue(library, (state) => state.loaded);
  const videos = useStoreValue(library, (state) => state.videos);
  const stored = useStoreValue(library, (state) => state.spaces);
  const shown = useStoreValue(map, (state) => state.shown);
  const entries = useStoreValue(map, (state) => state.entries);
  const error = useStoreValue(map, (state) => state.error);
  const running = useStoreValue(map, (state) => state.running !== undefined);
  const [choices, setChoices] = useState<MapChoices>(initialChoices);

  useEffect(() => void map.getState().load(), [map]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: indexed videos may have brought a new descriptor
  useEffect(() => {
    if (loaded) void library.getState().loadSpaces();
  }, [library, loaded, videos.length]);

  // A map of a map shows nothing new.
  const spaces = useMemo(() => byPreference(stored).filter(({ space }) => !isMap(space.extractor)), [stored]);
  const fitting = useMemo(() => fittingSpaces(spaces, choices.method), [spaces, choices.method]);
  const wanted = choices.spaces?.filter((key) => fitting.some((space) => space.key === key));
  const none = choices.spaces?.length === 0;
  const chosen = none || wanted?.length ? (wanted ?? []) : suitedSpaces(fitting, choices.method);
  const described = useMemo(
    () => videos.filter((video) => chosen.length > 0 && chosen.every((key) => video.spaces.includes(key))).length,
    [videos, chosen],
  );
  const used = fitting.filter(({ key }) => chosen.includes(key));
  const scaling = suitedScaling(used, choices);
  const settings = settingsOf(choices, scaling, described, used);
  const draw = settings && used.length > 0 && (() => void map.getState().draw({ spaces: chosen, settings }));
  const empty = loaded && (spaces.length === 0 || videos.length < fewestPoints);

  return (
    <div className={classes.page}>
      <Title order={1} size="h3">
        Map
      </Title>
      {empty ? (
        <Stack align="flex-start" py={32} gap={12}>
          <MapIcon size={40} strokeWidth={1.25} aria-hidden />
          <Title order={2} size="h3">
            {videos.length === 0 ? 'Your library is empty' : 'There is too little for a map yet'}
          </Title>
          <Text c="dimmed" maw={480}>
            {videos.length === 0
              ? 'A map lays indexed videos out so that those alike lie together.'
              : `A map takes ${fewestPoints} indexed videos: ${count(videos.length, 'video')} ${videos.length === 1 ? 'is' : 'are'} here${spaces.length === 0 ? ', none of them indexed' : ''}.`}
          </Text>
          <Button component={Link} to="/library">
            Go to the library
          </Button>
        </Stack>
      ) : (
        <MapBar
          spaces={fitting}
          chosen={chosen}
          scaling={scaling}
          choices={choices}
          videos={described}
          onChange={(changes) => setChoices({ ...choices, ...changes })}
          onDraw={draw || undefined}
        />
      )}
      {error && (
        <Alert variant="default" role="alert" title="This did not work">
          <ErrorWords error={error} />
        </Alert>
      )}
      {entries.length > 1 && (
        <NativeSelect
          label="Maps that are kept"
          w={{ base: '100%', xs: 360 }}
          disabled={running}
          value={entries.find(({ created }) => created === shown?.created)?.key ?? ''}
          data={[
            ...(entries.some(({ created }) => created === shown?.created) ? [] : [{ value: '', label: '…' }]),
            ...entries.map((entry) => ({
              value: entry.key,
              label: `${describeMap(entry, spaces)}, ${count(entry.videos, 'video')}, seed ${entry.settings.seed}`,
            })),
          ]}
          onChange={(event) => void map.getState().open(event.currentTarget.value)}
        />
      )}
      {shown && !empty && <MapView projection={shown} spaces={spaces} />}
      {!shown && !empty && !running && !error && loaded && (
        <Text c="dimmed" size="sm">
          Draw the map: videos that look or sound alike come to lie together.
        </Text>
      )}
    </div>
  );
}
