import { Alert, Button, Group, NativeSelect, Table, Text, Title } from '@mantine/core';
import { Play, SearchX } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useStores, useStoreValue } from '../state/stores';
import { ErrorWords } from '../ui/error-words';
import { clock } from '../ui/moment';
import { NumberField } from '../ui/number-field';
import { TaskProgress } from '../ui/task-progress';
import { count, percent, type SpaceSummary, spaceOptions, three } from './descriptor-words';
import classes from './evaluation.module.css';
import { Wide } from './wide';

const VideoPlayer = lazy(async () => ({ default: (await import('./video-player')).VideoPlayer }));

type Props = {
  readonly spaces: readonly SpaceSummary[];
  /** Ids of videos that are chosen elsewhere on the page, offered as the normal ones. */
  readonly selection?: readonly string[];
};

/** Rows at first, and with each "Show more". */
const page = 50;
const heads = ['Video', 'Label', 'Distance', 'Beyond', 'Least usual at'];

/** Chooses videos that are normal and ranks the others by how far they lie from them. */
export function UnusualPanel({ spaces, selection = [] }: Props) {
  const { library, unusual } = useStores();
  const videos = useStoreValue(library, (state) => state.videos);
  const byId = useStoreValue(library, (state) => state.byId);
  const { running, error, found } = useStoreValue(unusual, (state) => state);
  const [normal, setNormal] = useState<string>();
  const [space, setSpace] = useState<string>();
  const [neighbours, setNeighbours] = useState(5);
  const [shown, setShown] = useState(page);
  const [played, setPlayed] = useState<{ readonly id: string; readonly at: number }>();
  const labels = useMemo(() => {
    const counts = new Map<string, number>();
    for (const video of videos) for (const label of video.labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  }, [videos]);
  const options = [
    // One video has no distance to others of its kind to be judged by.
    ...(selection.length > 1
      ? [{ value: 'selection', label: `the ${count(selection.length, 'video')} selected` }]
      : []),
    ...labels.map(([label, many]) => ({ value: `label ${label}`, label: `${label} · ${count(many, 'video')}` })),
  ];
  const chosen = options.some(({ value }) => value === normal) ? normal : options[0]?.value;
  const described = spaces.find(({ key }) => key === space) ?? spaces[0];
  const find = () => {
    if (!chosen || !described) return;
    const label = chosen.slice('label '.length);
    const isSelection = chosen === 'selection';
    const ids = isSelection ? selection : videos.filter((video) => video.labels.includes(label)).map(({ id }) => id);
    const beside = isSelection ? 'the videos selected' : `“${label}”`;
    setShown(page);
    void unusual.getState().find({ space: described.key, normal: ids, neighbours, beside });
  };
  const rows = found?.videos.filter(({ id }) => byId.has(id)) ?? [];
  return (
    <section aria-label="What is unusual" className={classes.truth}>
      <Title order={2} size="h4">
        What is unusual
      </Title>
      <div className={classes.bar}>
        <NativeSelect
          label="Normal videos"
          value={chosen ?? ''}
          data={options.length > 0 ? options : [{ value: '', label: 'no video has a label' }]}
          disabled={options.length === 0}
          onChange={(event) => setNormal(event.currentTarget.value)}
        />
        <NativeSelect
          label="Compared by"
          value={described?.key ?? ''}
          data={spaceOptions(spaces)}
          onChange={(event) => setSpace(event.currentTarget.value)}
        />
        <NumberField label="Nearest" value={neighbours} max={100} onValue={setNeighbours} />
        <Button
          leftSection={<SearchX size={16} aria-hidden />}
          disabled={!chosen || !described || running !== undefined}
          onClick={find}
        >
          Find what is unusual
        </Button>
      </div>
      {options.length === 0 && (
        <Text size="sm" c="dimmed">
          Label some videos as normal, or select them on the map.
        </Text>
      )}
      {running && (
        <TaskProgress
          name="Comparing"
          task={running}
          onPause={unusual.getState().pause}
          onCancel={unusual.getState().cancel}
        />
      )}
      {error && (
        <Alert variant="default" role="alert" title="This did not work">
          <ErrorWords error={error} />
        </Alert>
      )}
      {found && (
        <>
          <Text size="sm">
            {count(rows.length, 'video')} beside {found.beside} ({count(found.normal, 'video')}), the least usual first:
            mean distance to the {found.neighbours} nearest, and the share of the normal videos that lie no farther from
            theirs (the one in the middle: {three(found.median)}).
          </Text>
          <Wide name="Videos by how unusual they are">
            <Table aria-label="Unusual videos" verticalSpacing={4}>
              <Table.Thead>
                <Table.Tr>
                  {heads.map((head) => (
                    <Table.Th key={head} scope="col">
                      {head}
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.slice(0, shown).map(({ id, distance, percentile, moment }) => {
                  const video = byId.get(id);
                  return (
                    <Table.Tr key={id}>
                      <Table.Th scope="row" miw={140} style={{ overflowWrap: 'anywhere', fontWeight: 400 }}>
                        {video?.name}
                      </Table.Th>
                      <Table.Td>{video?.labels.join(', ') || 'no label'}</Table.Td>
                      <Table.Td>{three(distance)}</Table.Td>
                      <Table.Td>{percent(percentile)}</Table.Td>
                      <Table.Td>
                        <Button
                          size="compact-xs"
                          variant="default"
                          leftSection={<Play size={12} aria-hidden />}
                          aria-label={`Play ${video?.name} from ${clock(moment ?? 0)}`}
                          onClick={() => setPlayed({ id, at: moment ?? 0 })}
                        >
                          {moment === undefined ? 'Play' : clock(moment, { tenths: true })}
                        </Button>
                      </Table.Td>
                    </Table.Tr>
                  );
                })}
              </Table.Tbody>
            </Table>
          </Wide>
          {rows.length > shown && (
            <Group>
              <Button variant="default" size="compact-md" onClick={() => setShown(shown + page)}>
                Show more
              </Button>
            </Group>
          )}
        </>
      )}
      <Suspense>
        {played && <VideoPlayer id={played.id} at={played.at} onClose={() => setPlayed(undefined)} />}
      </Suspense>
    </section>
  );
}
