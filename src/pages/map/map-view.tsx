import { Button, Group, NativeSelect, Skeleton, Text } from '@mantine/core';
import { ScanSearch, Tag } from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { toCsv } from '../../core/evaluation/csv';
import type { Projection } from '../../core/map/projection';
import { useStores, useStoreValue } from '../../state/stores';
import { NumberField } from '../../ui/number-field';
import { count, type SpaceSummary, three } from '../descriptor-words';
import classes from '../evaluation.module.css';
import { showUndoable } from '../undo-toast';
import { UnusualPanel } from '../unusual-panel';
import { LatentComparison } from './latent-comparison';
import { LatentNearest } from './latent-nearest';
import own from './map.module.css';
import { describeMap } from './map-choices';
import { colouringOf, fifths, fifthsOf } from './map-colours';
import { MapFigure } from './map-figure';
import { MapLegend } from './map-legend';
import { type ListedPoint, PointList } from './point-list';
import { SelectionPanel } from './selection-panel';

const LossFigure = lazy(async () => ({ default: (await import('./loss-figure')).LossFigure }));
const VideoPlayer = lazy(async () => ({ default: (await import('../video-player')).VideoPlayer }));

type Props = { readonly projection: Projection; readonly spaces: readonly SpaceSummary[] };

/** `label`, `cluster`, `error`, or the id of a kept head. */
type ColourBy = string;

/** One map, its legend, its list and what is selected on it. */
export function MapView({ projection, spaces }: Props) {
  const { library, map, classify, search } = useStores();
  const navigate = useNavigate();
  const byId = useStoreValue(library, (state) => state.byId);
  const heads = useStoreValue(classify, (state) => state.heads);
  const clusters = useStoreValue(map, (state) => state.clusters);
  const predictions = useStoreValue(map, (state) => state.predictions);
  const epochs = useStoreValue(map, (state) => state.epochs);
  const running = useStoreValue(map, (state) => state.running !== undefined);
  const kept = useStoreValue(map, (state) => state.entries.some(({ created }) => created === projection.created));
  const [colourBy, setColourBy] = useState<ColourBy>('label');
  const [clusterCount, setClusterCount] = useState(8);
  const [hiddenGroups, setHiddenGroups] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [focused, setFocused] = useState<number>();
  const [opened, setOpened] = useState<string>();

  const { ids, coordinates } = projection;
  useEffect(() => void classify.getState().loadHeads(), [classify]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another map has other groups
  useEffect(() => {
    if (!kept) return;
    const { clusters: found, predictions: said, findClusters, predict } = map.getState();
    if (colourBy === 'cluster' && found?.of !== String(clusterCount)) void findClusters(clusterCount);
    else if (!['label', 'cluster', 'error'].includes(colourBy) && said?.of !== colourBy) void predict(colourBy);
  }, [map, colourBy, clusterCount, projection.created, ids.length, kept]);

  const errors = projection.autoencoder?.errors;
  const byError = colourBy === 'error' && errors !== undefined;
  const videos = useMemo(() => ids.map((id) => byId.get(id)), [ids, byId]);
  const groups = useMemo(() => {
    if (byError && errors) return fifthsOf(errors);
    if (colourBy === 'label' || colourBy === 'error') return videos.map((video) => video?.labels[0]);
    const found = colourBy === 'cluster' ? clusters : predictions;
    return found && found.groups.length === ids.length ? found.groups : ids.map(() => undefined);
  }, [colourBy, byError, errors, videos, clusters, predictions, ids]);
  const { marks, legend } = useMemo(
    () =>
      colouringOf(groups, {
        without: colourBy === 'label' ? 'no label' : 'unknown',
        isThere: (point) => videos[point] !== undefined,
        order: byError ? fifths : undefined,
      }),
    [groups, videos, colourBy, byError],
  );
  const hidden = useMemo(() => {
    const off = new Set(legend.filter(({ name }) => hiddenGroups.has(name)).map(({ mark }) => mark));
    return Uint8Array.from(ids, (_, point) => (!videos[point] || off.has(marks[point] as number) ? 1 : 0));
  }, [ids, videos, marks, legend, hiddenGroups]);
  const pointOf = useMemo(() => new Map(ids.map((id, point) => [id, point])), [ids]);
  const selected = useMemo(
    () => new Set([...chosen].flatMap((id) => (byId.has(id) ? (pointOf.get(id) ?? []) : []))),
    [chosen, pointOf, byId],
  );
  const listed = useMemo(() => {
    const errorOf = (point: number) => errors?.[point] ?? 0;
    const noteOf = (point: number) => (byError ? `error ${three(errorOf(point))}` : (groups[point] ?? 'no label'));
    const all = videos.flatMap((video, point): ListedPoint[] =>
      video && !hidden[point] ? [{ point, video, note: noteOf(point) }] : [],
    );
    return byError ? all.sort((a, b) => errorOf(b.point) - errorOf(a.point)) : all;
  }, [videos, hidden, groups, byError, errors]);
  const labels = useMemo(
    () => [...new Set(videos.flatMap((video) => video?.labels ?? []))].sort((a, b) => (a < b ? -1 : 1)),
    [videos],
  );

  const idsOf = (points: readonly number[]) => points.flatMap((point) => ids[point] ?? []);
  const select = (points: readonly number[], add: boolean) =>
    setChosen(new Set([...(add ? chosen : []), ...idsOf(points)]));
  const deselect = (id: string) => setChosen(new Set([...chosen].filter((other) => other !== id)));
  const selection = [...selected].flatMap((point) => videos[point] ?? []);
  const [only] = selected.size === 1 ? selected : [];
  const open = (point: number) => setOpened(ids[point]);

  const setLabel = async (label: string) => {
    const before = selection.map(({ id }) => id);
    const undo = await map.getState().label(before, [label]);
    if (map.getState().error) return;
    showUndoable(`${count(before.length, 'video')} labelled “${label}”.`, { undo });
  };
  const searchBy = () => {
    navigate('/search');
    void search.getState().searchVideos(`${selection.length} videos of the map`, selection.slice(0, 50));
  };
  const trainOn = () => {
    classify.getState().trainOnly(selection.map(({ id }) => id));
    navigate('/classify');
  };
  const similar = (id: string) => navigate(`/search?video=${encodeURIComponent(id)}`);

  const name = describeMap(projection, spaces);
  const gone = videos.filter((video) => !video).length;
  const added = useMemo(
    () =>
      [...byId.values()].filter(
        ({ id, spaces: has }) => !pointOf.has(id) && projection.spaces.every((key) => has.includes(key)),
      ).length,
    [byId, pointOf, projection.spaces],
  );
  const summary = [
    `${name}: ${count(ids.length - gone, 'video')}, seed ${projection.settings.seed}.`,
    projection.explained &&
      `The axes show ${projection.explained.map((share) => `${Math.round(100 * share)} %`).join(' and ')} of the variance.`,
  ]
    .filter(Boolean)
    .join(' ');
  const csv = () =>
    toCsv([
      ['Video File', 'x', 'y', 'Label', 'Group on the map', ...(errors ? ['Reconstruction error'] : [])],
      ...videos.flatMap((video, point) =>
        video
          ? [
              [
                video.path,
                coordinates[2 * point] as number,
                coordinates[2 * point + 1] as number,
                video.labels.join('|'),
                groups[point] ?? '',
                ...(errors ? [errors[point] as number] : []),
              ],
            ]
          : [],
      ),
    ]);

  return (
    <>
      {kept && !running && added + gone > 0 && (
        <Text size="sm" role="status" aria-label="Changes since">
          {[
            added > 0 && `${count(added, 'video')} came into the library since this map was drawn`,
            gone > 0 && `${count(gone, 'video')} left it`,
          ]
            .filter(Boolean)
            .join('; ')}
          . Draw the map again to take that in.{' '}
          {added > 0 && projection.autoencoder?.network && (
            <Button variant="subtle" size="compact-sm" onClick={() => void map.getState().placeNew()}>
              Place the new on this map
            </Button>
          )}
        </Text>
      )}
      <div className={classes.bar}>
        <NativeSelect
          label="Colour by"
          value={colourBy === 'error' && !errors ? 'label' : colourBy}
          data={[
            { value: 'label', label: 'label' },
            { value: 'cluster', label: 'cluster' },
            ...(errors ? [{ value: 'error', label: 'reconstruction error' }] : []),
            ...heads
              .filter(({ space }) => space !== undefined)
              .map((head) => ({ value: head.id, label: `prediction of ${head.name}` })),
          ]}
          onChange={(event) => {
            setColourBy(event.currentTarget.value);
            setHiddenGroups(new Set());
          }}
        />
        {colourBy === 'cluster' && (
          <NumberField label="Clusters" value={clusterCount} min={2} max={50} onValue={setClusterCount} />
        )}
      </div>
      <div className={own.layout}>
        <MapFigure
          key={name}
          name={name}
          summary={summary}
          coordinates={coordinates}
          videos={videos}
          groups={groups}
          marks={marks}
          hidden={hidden}
          selected={selected}
          focused={focused}
          csv={csv}
          legend={<MapLegend entries={legend} hidden={hiddenGroups} onHide={setHiddenGroups} />}
          onOpen={open}
          onSelect={select}
        />
        <div className={own.sides}>
          {projection.autoencoder && only !== undefined && (
            <LatentNearest coordinates={coordinates} videos={videos} point={only} />
          )}
          <SelectionPanel
            videos={selection}
            labels={labels}
            onOpen={setOpened}
            onRemove={deselect}
            onClear={() => setChosen(new Set())}
            onLabel={(label) => void setLabel(label)}
            onSearch={searchBy}
            onTrain={trainOn}
          />
          <PointList
            points={listed}
            selected={selected}
            onFocus={setFocused}
            onOpen={open}
            onSelect={select}
            onDeselect={(point) => deselect(ids[point] as string)}
          />
        </div>
      </div>
      {epochs.length > 0 && (
        <Suspense fallback={<Skeleton h={320} />}>
          <LossFigure epochs={epochs} />
        </Suspense>
      )}
      {kept && <LatentComparison projection={projection} />}
      <UnusualPanel spaces={spaces} selection={selection.map(({ id }) => id)} />
      <Suspense>
        {opened !== undefined && (
          <VideoPlayer id={opened} onClose={() => setOpened(undefined)}>
            <Group gap={8}>
              <Button leftSection={<ScanSearch size={16} aria-hidden />} onClick={() => similar(opened)}>
                Find similar
              </Button>
              <Button
                variant="default"
                leftSection={<Tag size={16} aria-hidden />}
                onClick={() => {
                  select([pointOf.get(opened) as number], true);
                  setOpened(undefined);
                }}
              >
                Select
              </Button>
            </Group>
            <Text size="sm">{byId.get(opened)?.labels.join(', ') || 'No label'}</Text>
          </VideoPlayer>
        )}
      </Suspense>
    </>
  );
}
