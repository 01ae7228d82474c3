import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { ListChecks, RotateCcw, Trash2 } from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { duplicatesBasis, waitsForHashes } from '../../state/duplicates-describing';
import { groupsAmong } from '../../state/duplicates-store';
import { useStores, useStoreValue } from '../../state/stores';
import { count } from '../descriptor-words';
import { showUndo, showUndoable } from '../undo-toast';
import { DuplicateGroupView } from './duplicate-group';
import { isContained, type Seen, seenFrom } from './duplicate-words';
import classes from './duplicates.module.css';
import { Lacking, NothingFound, SearchWork } from './search-status';

const PairPlayer = lazy(async () => ({ default: (await import('../pair-player')).PairPlayer }));

const groupsAtOnce = 30;

/** Groups of videos that show the same pictures. */
export function DuplicatesPage() {
  const { duplicates, library, jobs, preferences } = useStores();
  const { phase, progress, error, report, dismissed } = useStoreValue(duplicates, (state) => state);
  const loaded = useStoreValue(library, (state) => state.loaded);
  const byId = useStoreValue(library, (state) => state.byId);
  const summary = useStoreValue(library, (state) => state.summary);
  const indexing = useStoreValue(jobs, (state) => state.phase === 'indexing');
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState(groupsAtOnce);
  const [played, setPlayed] = useState<{ readonly id: string; readonly seen: Seen }>();
  const [away, setAway] = useState(0);
  const [cancelled, setCancelled] = useState(false);

  // A search that was not asked for: the first, and after files were indexed, not while they are.
  const videos = useStoreValue(library, (state) => state.videos);
  const basis = useMemo(() => duplicatesBasis(videos), [videos]);
  useEffect(() => {
    if (!loaded || indexing || basis <= duplicates.getState().basis) return;
    void duplicates.getState().search(basis);
  }, [loaded, indexing, basis, duplicates]);
  useEffect(() => () => duplicates.getState().cancel(), [duplicates]);

  const groups = useMemo(() => groupsAmong(report?.groups ?? [], (id) => byId.has(id)), [report, byId]);
  const inGroups = useMemo(() => new Set(groups.flatMap(({ videos }) => videos)), [groups]);
  const chosen = [...selected].filter((id) => inGroups.has(id));

  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setSelected(next);
  };
  const selectCopies = () =>
    setSelected(
      new Set(
        groups.flatMap((group) =>
          group.videos.slice(1).filter((id) => {
            const seen = seenFrom(id, group);
            return seen !== undefined && seen.other === group.videos[0] && isContained(seen);
          }),
        ),
      ),
    );
  const remove = (ids: readonly string[]) => {
    if (ids.length === 0) return;
    void library.getState().remove(ids);
    showUndo(library, ids, `${ids.length === 1 ? '1 video' : `${ids.length} videos`} deleted from the library.`);
    setSelected(new Set(chosen.filter((id) => !ids.includes(id))));
  };
  const dismiss = async (id: string, others: readonly string[]) => {
    const pairs = others.map((other) => [id, other] as const);
    await duplicates.getState().dismiss(pairs);
    if (duplicates.getState().error) return;
    showUndoable(`${byId.get(id)?.name ?? 'It'} will not be found as a duplicate of these again.`, {
      undo: async () => void (await duplicates.getState().allow(pairs)),
    });
  };
  const forgetMarks = async () => {
    const pairs = await duplicates.getState().allow('all');
    if (pairs.length === 0) return;
    showUndoable(`${pairs.length === 1 ? '1 pair is' : `${pairs.length} pairs are`} no longer marked as no match.`, {
      undo: () => duplicates.getState().dismiss(pairs),
    });
  };
  const readAgain = async () => {
    const waiting = waitsForHashes(library.getState().current(), preferences);
    setAway((await jobs.getState().index(waiting)).length);
  };

  return (
    <div className={classes.page}>
      <Group justify="space-between" gap={12}>
        <Title order={1} size="h3">
          Duplicates
        </Title>
        <Group gap={8}>
          {groups.length > 0 && (
            <Button
              size="compact-md"
              variant="default"
              leftSection={<ListChecks size={16} aria-hidden />}
              onClick={chosen.length > 0 ? () => setSelected(new Set()) : selectCopies}
            >
              {chosen.length > 0 ? 'Clear selection' : 'Select copies'}
            </Button>
          )}
          {chosen.length > 0 && (
            <Button size="compact-md" leftSection={<Trash2 size={16} aria-hidden />} onClick={() => remove(chosen)}>
              Delete {chosen.length.toLocaleString('en')} selected
            </Button>
          )}
          {(report || cancelled) && phase === 'idle' && (
            <Button
              size="compact-md"
              variant="default"
              leftSection={<RotateCcw size={16} aria-hidden />}
              onClick={() => void duplicates.getState().search()}
            >
              Search again
            </Button>
          )}
        </Group>
      </Group>
      <SearchWork
        phase={phase}
        progress={progress}
        error={error}
        onCancel={() => {
          setCancelled(true);
          duplicates.getState().cancel();
        }}
        onRetry={() => void duplicates.getState().search()}
      />
      {report && (
        <Text size="sm" role="status" aria-label="Duplicates summary">
          {`${count(groups.length, 'group')} among ${count(report.compared, 'video')}`}
          {groups.length > 0 && '. Deleting takes a video out of the library; its file stays where it is.'}
        </Text>
      )}
      {report && <Lacking lacking={report.lacking} onRead={() => void readAgain()} />}
      {away > 0 && (
        <Text size="sm" role="status">
          {away === 1 ? '1 file is' : `${away} files are`} not at hand: add the folder again on the Library page.
        </Text>
      )}
      {!report && !error && (!cancelled || phase === 'searching') && (
        <Stack gap={16} aria-hidden>
          <Skeleton h={180} />
          <Skeleton h={180} />
        </Stack>
      )}
      {report && groups.length === 0 && phase === 'idle' && !error && (
        <NothingFound videos={summary.videos} compared={report.compared} waiting={summary.waiting} />
      )}
      {groups.length > 0 && (
        <ol className={classes.groups} aria-label="Duplicate groups">
          {groups.slice(0, shown).map((group) => (
            <DuplicateGroupView
              key={group.videos[0]}
              group={group}
              videos={byId}
              selected={selected}
              onToggle={toggle}
              onKeep={(id) => remove(group.videos.filter((other) => other !== id))}
              onPlay={(id, seen) => setPlayed({ id, seen })}
              onDismiss={(id) =>
                void dismiss(
                  id,
                  group.videos.filter((other) => other !== id),
                )
              }
            />
          ))}
        </ol>
      )}
      {groups.length > shown && (
        <Button variant="default" onClick={() => setShown(shown + groupsAtOnce)}>
          Show {Math.min(groupsAtOnce, groups.length - shown)} more of {groups.length - shown}
        </Button>
      )}
      {dismissed > 0 && (
        <Group gap={12}>
          <Text size="sm" c="dimmed">
            {dismissed === 1 ? '1 pair is' : `${dismissed} pairs are`} marked as no match.
          </Text>
          <Button size="compact-sm" variant="default" onClick={() => void forgetMarks()}>
            Forget these marks
          </Button>
        </Group>
      )}
      <Suspense>
        {played && (
          <PairPlayer
            query={played.seen.other}
            match={played.id}
            roles={['Original', 'Copy']}
            at={[played.seen.second.from, played.seen.first.from]}
            title="Copy beside the original"
            onClose={() => setPlayed(undefined)}
          />
        )}
      </Suspense>
    </div>
  );
}
