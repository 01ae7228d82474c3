import { Button, Group, NativeSelect, Skeleton, Text, TextInput, Title, VisuallyHidden } from '@mantine/core';
import { FileDown, RotateCcw, ScanSearch, Sparkles, Tags, Trash2 } from 'lucide-react';
import { lazy, Suspense, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { filterVideos } from '../../core/filter-videos';
import { useStores, useStoreValue } from '../../state/stores';
import { saveFile } from '../../ui/save-file';
import { showUndo } from '../undo-toast';
import { AddButtons } from './add-buttons';
import { showAway } from './away-toast';
import { ImportFeatures } from './import-features';
import { IndexingQueue } from './indexing-queue';
import classes from './library.module.css';
import { Notices } from './notices';
import type { SortKey } from './sort-videos';
import { useSelection } from './use-selection';
import { useSorted } from './use-sorted';
import { VideoGrid } from './video-grid';

const DetailsDrawer = lazy(async () => ({ default: (await import('./details-drawer')).DetailsDrawer }));
const ExportDialog = lazy(async () => ({ default: (await import('./export-dialog')).ExportDialog }));

const sorts: readonly { value: SortKey; label: string }[] = [
  { value: 'added', label: 'Newest first' },
  { value: 'name', label: 'Name' },
  { value: 'label', label: 'Label' },
  { value: 'duration', label: 'Longest first' },
  { value: 'bytes', label: 'Largest first' },
  { value: 'state', label: 'Failed first' },
];

export function LibraryPage() {
  const { engine, jobs, library, search } = useStores();
  const navigate = useNavigate();
  const loaded = useStoreValue(library, (state) => state.loaded);
  const videos = useStoreValue(library, (state) => state.videos);
  const working = useStoreValue(jobs, ({ phase, intake, sample }) => phase !== 'idle' || Boolean(intake || sample));
  const making = useStoreValue(jobs, ({ sample }) => sample !== undefined);
  const [filter, setFilter] = useState('');
  const [sort, setSort] = useState<SortKey>('added');
  const [details, setDetails] = useState<{ readonly id: string; readonly opened: boolean }>();
  const showDetails = (id: string) => setDetails({ id, opened: true });
  const hideDetails = () => setDetails((shown) => shown && { ...shown, opened: false });
  const [exporting, setExporting] = useState<boolean>();

  const wanted = useDeferredValue(filter);
  const sorted = useSorted(videos, sort);
  const listed = useMemo(() => filterVideos(sorted, wanted), [sorted, wanted]);
  const selection = useSelection(listed);
  const filterBox = useFilterKey();
  /** Where in the list the focus goes once deleted videos are gone. */
  const afterDelete = useRef<number>(undefined);

  const findSimilar = (id: string) => navigate(`/search?video=${encodeURIComponent(id)}`);
  const remove = (ids: readonly string[], near?: number) => {
    if (ids.length === 0) return;
    const leaving = new Set(ids);
    const place = near ?? listed.findIndex(({ id }) => leaving.has(id));
    afterDelete.current = listed.slice(0, place).filter(({ id }) => !leaving.has(id)).length;
    void library.getState().remove(ids);
    showUndo(library, ids, `${ids.length === 1 ? '1 video' : `${ids.length} videos`} deleted from the library.`);
    selection.clear();
    hideDetails();
  };
  const retry = async (ids: readonly string[]) => showAway((await jobs.getState().index(ids)).length);

  const empty = loaded && videos.length === 0 && !working;
  const sample = (
    <Button
      variant={empty ? 'filled' : 'subtle'}
      size={empty ? 'sm' : 'compact-sm'}
      leftSection={<Sparkles size={empty ? 16 : 14} aria-hidden />}
      disabled={making}
      onClick={() => void jobs.getState().addSample()}
    >
      Try the sample library
    </Button>
  );

  const selecting = selection.ids.size > 0;

  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <VisuallyHidden>
          <Title order={1}>Library</Title>
        </VisuallyHidden>
        <div className={classes.tools}>
          <AddButtons />
          <TextInput
            ref={filterBox}
            className={classes.filter ?? ''}
            aria-label="Filter"
            placeholder="Filter: name, label:x, tag:x, state:failed"
            value={filter}
            onChange={(event) => setFilter(event.currentTarget.value)}
            rightSection={
              wanted && (
                <Text size="xs" c="dimmed" aria-live="polite">
                  {listed.length.toLocaleString('en')}
                  <VisuallyHidden> listed</VisuallyHidden>
                </Text>
              )
            }
            rightSectionWidth={56}
          />
          <NativeSelect
            aria-label="Sort"
            value={sort}
            data={[...sorts]}
            onChange={(event) => setSort(event.currentTarget.value as SortKey)}
          />
        </div>
        <div className={classes.status}>
          <Summary />
          <Failures onRetry={retry} onShow={() => setFilter('state:failed')} />
          {selecting && (
            <Group gap={8} ml="auto">
              <Text size="sm" fw={600}>
                {selection.ids.size.toLocaleString('en')} selected
              </Text>
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<ScanSearch size={14} aria-hidden />}
                onClick={() => {
                  const chosen = listed.filter(({ id, spaces }) => selection.ids.has(id) && spaces.length > 0);
                  navigate('/search');
                  void search.getState().searchVideos('Several examples', chosen);
                }}
              >
                Search with these
              </Button>
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<Trash2 size={14} aria-hidden />}
                onClick={() => remove([...selection.ids])}
              >
                Delete
              </Button>
              <Button size="compact-sm" variant="default" onClick={selection.clear}>
                Clear selection
              </Button>
            </Group>
          )}
          {/* Hidden, not gone: an import under way keeps its dialog. */}
          <div hidden={selecting} className={classes.more}>
            <Group gap={4}>
              {!empty && sample}
              <Button
                size="compact-sm"
                variant="subtle"
                leftSection={<FileDown size={14} aria-hidden />}
                disabled={videos.every(({ spaces }) => spaces.length === 0)}
                onClick={() => setExporting(true)}
              >
                Export features
              </Button>
              <ImportFeatures />
              <Button
                size="compact-sm"
                variant="subtle"
                leftSection={<Tags size={14} aria-hidden />}
                disabled={videos.every(({ labels }) => labels.length === 0)}
                onClick={async () => saveFile(await engine.library.exportLabels(), 'labels.csv')}
              >
                Export labels
              </Button>
            </Group>
          </div>
        </div>
      </div>
      <Notices />
      {!loaded && <Skeletons />}
      {empty && (
        <div className={classes.empty}>
          <Title order={2}>Add the videos you want to search</Title>
          <Text maw={480}>
            Add files or a folder, or drop them anywhere on this page. They are read on this device and never uploaded.
            Or look around first, with 24 short clips that are made on this device:
          </Text>
          {sample}
        </div>
      )}
      {loaded && !empty && listed.length === 0 && videos.length > 0 && (
        <div className={classes.empty}>
          <Text>No video matches this filter.</Text>
          <Button variant="default" onClick={() => setFilter('')}>
            Clear filter
          </Button>
        </div>
      )}
      {listed.length > 0 ? (
        <VideoGrid
          videos={listed}
          selection={selection}
          onDetails={showDetails}
          onSimilar={findSimilar}
          onDelete={(index) => remove([...selection.ids], index)}
          afterDelete={afterDelete}
        />
      ) : (
        loaded && videos.length === 0 && working && <div className={classes.empty}>Videos appear here one by one.</div>
      )}
      {(!empty || working) && <IndexingQueue />}
      <Suspense>
        {details !== undefined && (
          <DetailsDrawer
            id={details.id}
            opened={details.opened}
            onClose={hideDetails}
            onSimilar={findSimilar}
            onRetry={(id) => void retry([id])}
            onDelete={(id) => remove([id])}
          />
        )}
        {exporting !== undefined && <ExportDialog opened={exporting} onClose={() => setExporting(false)} />}
      </Suspense>
    </div>
  );
}

function Summary() {
  const { library } = useStores();
  const { videos, indexed, failed, waiting } = useStoreValue(library, (state) => state.summary);
  return (
    <span role="status" aria-label="Library summary">
      {`${videos} videos, ${indexed} indexed, ${failed} failed, ${waiting} waiting`}
    </span>
  );
}

function Failures({ onRetry, onShow }: { onRetry: (ids: readonly string[]) => void; onShow: () => void }) {
  const { library } = useStores();
  const failed = useStoreValue(library, (state) => state.summary.failed);
  if (failed === 0) return null;
  const retryAll = () =>
    onRetry(
      library
        .getState()
        .videos.filter(({ state }) => state === 'failed')
        .map(({ id }) => id),
    );
  return (
    <Group gap={8}>
      <Button size="compact-sm" variant="default" onClick={onShow}>
        Show failed
      </Button>
      <Button size="compact-sm" variant="default" leftSection={<RotateCcw size={14} aria-hidden />} onClick={retryAll}>
        Retry failed
      </Button>
    </Group>
  );
}

function Skeletons() {
  return (
    <Group px="md" gap={8} style={{ flex: 1, alignContent: 'start' }} aria-hidden>
      {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
        <Skeleton key={key} w={190} h={150} />
      ))}
    </Group>
  );
}

/** `/` leads to the filter from anywhere on the page. */
function useFilterKey() {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      box.current?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return box;
}
