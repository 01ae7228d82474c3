import { Alert, Button, Group, List, NativeSelect, Progress, Skeleton, Text } from '@mantine/core';
import { FileUp, FolderPlus, Tags } from 'lucide-react';
import { memo, useState } from 'react';
import { pathMatcher } from '../core/path-suffix';
import { fromFileList } from '../state/found-files';
import type { GroundTruthReading, TruthProblem } from '../state/ground-truth-store';
import { useStores, useStoreValue } from '../state/stores';
import { ErrorWords } from '../ui/error-words';
import { saveFile } from '../ui/save-file';
import { count } from './descriptor-words';
import classes from './evaluation.module.css';
import { showUndoable } from './undo-toast';

const kinds: Readonly<Record<TruthProblem['kind'], string>> = {
  file: 'Not taken as it stands',
  missing: 'Not in the library',
  ambiguous: 'Fits several videos',
  contested: 'Named twice',
};

/** Where labels come from, which rows found their video, and why the others did not. */
export const GroundTruthPanel = memo(() => {
  const { groundTruth, library } = useStores();
  const { source, reading, busy, progress, error } = useStoreValue(groundTruth, (state) => state);
  const libraryLoaded = useStoreValue(library, (state) => state.loaded);
  const [applied, setApplied] = useState<number>();
  const apply = async () => {
    const done = await groundTruth.getState().apply();
    setApplied(done?.videos);
    if (!done || done.videos === 0) return;
    showUndoable(`${count(done.videos, 'video')} labelled from ${fileNames}.`, {
      undo: async () => {
        await done.undo();
        setApplied(undefined);
      },
    });
  };
  const choose = (next: typeof source) => {
    setApplied(undefined);
    void groundTruth.getState().choose(next);
  };
  const fileNames = source.from === 'files' ? source.files.map(({ name }) => name).join(', ') : undefined;
  return (
    <section className={classes.truth} aria-label="Labels">
      <div className={classes.bar}>
        <label className={classes.fileButton}>
          <FileUp size={16} aria-hidden />
          <span aria-hidden="true">Labels file</span>
          <input
            type="file"
            aria-label="Ground truth"
            accept=".csv,.tsv,.txt,text/csv,text/plain"
            multiple
            onChange={(event) => {
              const files = [...(event.currentTarget.files ?? [])];
              event.currentTarget.value = '';
              if (files.length > 0) choose({ from: 'files', files });
            }}
          />
        </label>
        <NativeSelect
          label="Labels from"
          value={source.from}
          onChange={(event) => {
            const { value } = event.currentTarget;
            if (value === 'library' || value === 'names') choose({ from: value });
          }}
          data={[
            { value: 'library', label: 'the library' },
            { value: 'names', label: 'folder and file names' },
            ...(fileNames === undefined ? [] : [{ value: 'files', label: fileNames }]),
          ]}
        />
        {source.from === 'files' && (reading?.truth.length ?? 0) > 0 && (
          <Button variant="default" leftSection={<Tags size={16} aria-hidden />} onClick={() => void apply()}>
            Write to the library
          </Button>
        )}
      </div>
      {error && (
        <Alert variant="default" role="alert" title="The labels could not be read">
          <ErrorWords error={error} />
        </Alert>
      )}
      {progress && (
        <div>
          <Group gap="xs" mb={4}>
            <Text size="sm">
              {progress.stage}
              {progress.fraction === undefined ? '…' : `: ${Math.round(100 * progress.fraction)} %`}
            </Text>
            <Button size="compact-sm" variant="default" onClick={() => void groundTruth.getState().cancel()}>
              Cancel
            </Button>
          </Group>
          <Progress value={100 * (progress.fraction ?? 0)} aria-label="Reading the labels" transitionDuration={0} />
        </div>
      )}
      {busy && !reading ? (
        <Skeleton h={20} maw={360} />
      ) : (
        <div role="status">
          {reading && libraryLoaded && (reading.rows > 0 || source.from === 'files') && (
            <Text size="sm">{summary(reading, source.from === 'files')}</Text>
          )}
          {reading && libraryLoaded && reading.rows > 0 && reading.truth.length === 0 && source.from !== 'files' && (
            <Text size="sm" c="dimmed">
              {source.from === 'names' &&
                'Labels are read from a folder a class, or from names like v_Archery_g01_c04. '}
              Label videos in their details on the page Library, by a selection on the page Map, or choose a labels
              file.
            </Text>
          )}
          {applied !== undefined && (
            <Text size="sm">{count(applied, 'video')} labelled; filter and search in the library use it.</Text>
          )}
        </div>
      )}
      {reading && <Problems reading={reading} />}
    </section>
  );
});

function summary({ rows, truth, unlabelled, counts }: GroundTruthReading, fromFiles: boolean): string {
  const classesFound = new Set(truth.flatMap(({ labels }) => labels)).size;
  const groups = new Set(truth.flatMap(({ group }) => (group === undefined ? [] : [group]))).size;
  const what = `${count(classesFound, 'class', 'classes')}, ${groups > 0 ? count(groups, 'group') : 'groups unknown'}`;
  if (!fromFiles) {
    const without = unlabelled > 0 ? `; ${unlabelled.toLocaleString('en')} without a label` : '';
    return `${count(truth.length, 'video')} of ${rows.toLocaleString('en')} with a label: ${what}${without}.`;
  }
  const found = truth.length + unlabelled;
  const parts = [
    counts.missing > 0 ? `${counts.missing.toLocaleString('en')} not in the library` : '',
    counts.ambiguous > 0 ? `${counts.ambiguous.toLocaleString('en')} fit several videos` : '',
    counts.contested > 0 ? `${counts.contested.toLocaleString('en')} named twice` : '',
    unlabelled > 0 ? `${unlabelled.toLocaleString('en')} without a label` : '',
  ].filter(Boolean);
  const lost = parts.length > 0 ? ` (${parts.join(', ')})` : '';
  return `${found.toLocaleString('en')} of ${count(rows, 'row')} found${lost}: ${what}.`;
}

function Problems({
  reading: { problems, counts, listing, missingPaths, ignoredColumns },
}: {
  reading: GroundTruthReading;
}) {
  const total = Object.values(counts).reduce((sum, each) => sum + each, 0);
  if (total === 0 && ignoredColumns.length === 0) return null;
  return (
    <>
      {ignoredColumns.length > 0 && (
        <Text size="sm" c="dimmed">
          Columns that mean nothing here: {ignoredColumns.join(', ')}.
        </Text>
      )}
      {total > 0 && (
        <details>
          <summary>{count(total, 'row')} with a remark: why?</summary>
          <Group gap="xs" my="xs">
            {missingPaths.length > 0 && <IndexMissing paths={missingPaths} />}
            <Button variant="default" size="compact-md" onClick={() => saveFile(listing, 'unmatched-rows.csv')}>
              Save the list
            </Button>
          </Group>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section className={classes.problems} tabIndex={0} aria-label="Rows with a remark">
            {(Object.keys(kinds) as TruthProblem['kind'][]).map((kind) => {
              const some = problems.filter((problem) => problem.kind === kind);
              if (some.length === 0) return null;
              const more = counts[kind] - some.length;
              return (
                <div key={kind}>
                  <Text size="sm" fw={600} px="sm" pt="xs">
                    {kinds[kind]} ({counts[kind].toLocaleString('en')})
                  </Text>
                  <List size="sm" px="sm" pb="xs" listStyleType="none">
                    {some.map(({ line, path, reason }) => (
                      <List.Item key={`${line} ${path} ${reason}`} style={{ overflowWrap: 'anywhere' }}>
                        Line {line}: {path}. {reason}
                      </List.Item>
                    ))}
                    {more > 0 && <List.Item>and {more.toLocaleString('en')} more, all in the saved list</List.Item>}
                  </List>
                </div>
              );
            })}
          </section>
        </details>
      )}
    </>
  );
}

/** Of a folder the person chooses, adds the files that the missing rows name. */
function IndexMissing({ paths }: { paths: readonly string[] }) {
  const { jobs } = useStores();
  const [taken, setTaken] = useState<number>();
  return (
    <>
      <label className={classes.fileButton}>
        <FolderPlus size={16} aria-hidden />
        <span aria-hidden="true">Index the missing ones</span>
        <input
          type="file"
          aria-label="Index the missing ones: choose their folder"
          multiple
          {...{ webkitdirectory: '' }}
          onChange={(event) => {
            const found = fromFileList(event.currentTarget.files ?? []);
            event.currentTarget.value = '';
            const match = pathMatcher(paths.map((path) => ({ id: path, path })));
            const files = found.files.filter(({ path }) => match(path).kind !== 'none');
            setTaken(files.length);
            if (files.length > 0) void jobs.getState().add({ files, skipped: 0 });
          }}
        />
      </label>
      {taken !== undefined && (
        <Text size="sm" role="status">
          {taken === 0 ? 'That folder holds none of them.' : `${count(taken, 'file')} added to the indexing queue.`}
        </Text>
      )}
    </>
  );
}
