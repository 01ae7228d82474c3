import { Alert, Anchor, Button, Group, Text } from '@mantine/core';
import { FolderSync, Gauge, HardDrive, PackageOpen, RefreshCw } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { Link } from 'react-router';
import { extractors } from '../../extractors/registry';
import { lackingVideos } from '../../state/coverage';
import { helpedByCopies } from '../../state/faster-copy';
import { useStores, useStoreValue } from '../../state/stores';
import { describeError } from '../../ui/error-messages';
import { showAway } from './away-toast';
import classes from './library.module.css';

/** What stands between the library and its being complete, each with the one next step. */
export function Notices() {
  return (
    <div className={classes.notices}>
      <Blocked />
      <LibraryUnreadable />
      <ModelMissing />
      <Reconnect />
      <NotDescribed />
      <CouldBeFaster />
    </div>
  );
}

function Notice({ icon, children, action }: { icon: ReactNode; children: ReactNode; action?: ReactNode }) {
  return (
    <Alert variant="default" p="xs" icon={icon}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" component="div" style={{ flex: '1 1 240px' }}>
          {children}
        </Text>
        {action}
      </Group>
    </Alert>
  );
}

/** `ResNet-50, Colour, and YAMNet` */
const listOf = (of: readonly { readonly label: string }[], type: 'conjunction' | 'disjunction') =>
  new Intl.ListFormat('en', { type }).format(of.map(({ label }) => label));

const videos = (count: number) => (count === 1 ? '1 video' : `${count.toLocaleString('en')} videos`);

function Blocked() {
  const { jobs } = useStores();
  const error = useStoreValue(jobs, (state) => (state.phase === 'blocked' ? state.error : undefined));
  if (!error || error.code === 'model-missing') return null;
  const { what, todo } = describeError(error);
  return (
    <Notice
      icon={<HardDrive size={18} aria-hidden />}
      action={
        <Button size="compact-sm" variant="default" component={Link} to="/settings">
          Open settings
        </Button>
      }
    >
      <strong>Indexing stopped.</strong> {what} {todo}
    </Notice>
  );
}

function LibraryUnreadable() {
  const { library } = useStores();
  const error = useStoreValue(library, (state) => state.error);
  if (!error) return null;
  const { what, todo } = describeError(error);
  return (
    <Notice
      icon={<HardDrive size={18} aria-hidden />}
      action={
        <Button size="compact-sm" variant="default" onClick={() => void library.getState().load()}>
          Try again
        </Button>
      }
    >
      {what} {todo}
    </Notice>
  );
}

function ModelMissing() {
  const { jobs, models, preferences } = useStores();
  const statuses = useStoreValue(models, (state) => state.models);
  const off = useStoreValue(preferences, (state) => state.extractorsOff);
  const on = useStoreValue(preferences, (state) => state.extractorsOn);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is wanted follows from these two
  const { requests, missing } = useMemo(() => jobs.getState().wanted(), [jobs, statuses, off, on]);
  if (!statuses || missing.length === 0) return null;
  const runs = extractors.filter(({ id }) => requests.some(({ extractor }) => extractor === id));
  return (
    <Notice
      icon={<PackageOpen size={18} aria-hidden />}
      action={
        <Button size="compact-sm" variant="default" component={Link} to="/settings">
          Get the model
        </Button>
      }
    >
      <strong>
        {missing.length === 1 ? 'The model file of' : 'The model files of'} {listOf(missing, 'conjunction')}{' '}
        {missing.length === 1 ? 'is' : 'are'} missing.
      </strong>{' '}
      {runs.length > 0
        ? `Videos are indexed and searched by ${listOf(runs, 'conjunction')} alone until then.`
        : 'Nothing can be indexed until then.'}
    </Notice>
  );
}

/** Hours of indexing without a graphics card can be halved, but only by what is done before them. */
function CouldBeFaster() {
  const { jobs, models } = useStores();
  const eta = useStoreValue(jobs, (state) => (state.phase === 'indexing' ? state.eta : undefined));
  const { models: statuses, inference, errors } = useStoreValue(models, (state) => state);
  const { requests } = jobs.getState().wanted();
  const helped = helpedByCopies({ eta, requests }, inference, statuses ?? [], extractors).filter(
    ({ id }) => !errors[id],
  );
  if (helped.length === 0) return null;
  return (
    <Notice
      icon={<Gauge size={18} aria-hidden />}
      action={
        <Button size="compact-sm" variant="default" component={Link} to="/settings">
          Open settings
        </Button>
      }
    >
      {listOf(helped, 'conjunction')} {helped.length === 1 ? 'runs' : 'run'} on the processor here, and about twice as
      fast in an 8-bit copy, which the settings make in half a minute. What is done already is to be indexed again then.
    </Notice>
  );
}

/** Waiting videos whose files need a click, or have to be added again. */
function Reconnect() {
  const { jobs, library, sources } = useStores();
  const all = useStoreValue(library, (state) => state.videos);
  const disconnected = useStoreValue(sources, (state) => state.disconnected);
  const connected = useStoreValue(sources, (state) => state.connected);
  const phase = useStoreValue(jobs, (state) => state.phase);
  const intake = useStoreValue(jobs, (state) => state.intake !== undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what can be reached changes with the folders
  const { folders, astray } = useMemo(() => {
    const away = all.filter((video) => video.state === 'waiting' && !sources.getState().reaches(video));
    const folders = new Map<(typeof disconnected)[number], number>();
    let astray = 0;
    for (const video of away) {
      const folder = sources.getState().folderToReconnect(video);
      if (folder) folders.set(folder, (folders.get(folder) ?? 0) + 1);
      else astray++;
    }
    return { folders: [...folders], astray };
  }, [all, disconnected, connected, phase]);

  return (
    <>
      {folders.map(([folder, count]) => (
        <Notice
          key={folder.id}
          icon={<FolderSync size={18} aria-hidden />}
          action={
            <Button
              size="compact-sm"
              onClick={async () => {
                if (await sources.getState().reconnect(folder)) await jobs.getState().addFolder(folder.handle);
              }}
            >
              Reconnect {folder.name}
            </Button>
          }
        >
          {videos(count)} of <strong>{folder.name}</strong> still to be indexed. The browser asks for your permission to
          read the folder again; finished files are skipped.
        </Notice>
      ))}
      {astray > 0 && !intake && (
        <Notice
          icon={<FolderSync size={18} aria-hidden />}
          action={
            <Button size="compact-sm" variant="default" onClick={() => void forgetAstray()}>
              Remove them
            </Button>
          }
        >
          {videos(astray)} still to be indexed, but {astray === 1 ? 'its file is' : 'their files are'} not at hand. Add
          or drop {astray === 1 ? 'it' : 'them'} again: finished files are skipped.
        </Notice>
      )}
    </>
  );

  async function forgetAstray() {
    const { reaches, folderToReconnect } = sources.getState();
    const ids = all
      .filter((video) => video.state === 'waiting' && !reaches(video) && !folderToReconnect(video))
      .map(({ id }) => id);
    await library.getState().remove(ids);
    await library.getState().forget(ids);
  }
}

/** Indexed videos that lack what new ones get: a model that arrived later, another framing. */
function NotDescribed() {
  const { jobs, library, models, preferences } = useStores();
  const all = useStoreValue(library, (state) => state.videos);
  const statuses = useStoreValue(models, (state) => state.models);
  const choice = useStoreValue(preferences, (state) => state);
  const busy = useStoreValue(jobs, (state) => state.phase !== 'idle' || state.intake !== undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is wanted follows from the preferences
  const lacking = useMemo(
    // Nothing is said while videos are being described, one after the other.
    () => (busy || !statuses ? undefined : lackingVideos(all, jobs.getState().wanted().requests, statuses, extractors)),
    [all, statuses, choice, jobs, busy],
  );
  if (!lacking?.size) return null;
  const ids = [...new Set([...lacking.values()].flat())];
  const lacked = extractors.filter(({ id }) => lacking.has(id));
  const index = async () => showAway((await jobs.getState().index(ids)).length);
  return (
    <Notice
      icon={<RefreshCw size={18} aria-hidden />}
      action={
        <Button size="compact-sm" variant="default" onClick={() => void index()}>
          Index {videos(ids.length)} with {listOf(lacked, 'conjunction')}
        </Button>
      }
    >
      {videos(ids.length)} cannot be found by {listOf(lacked, 'disjunction')} yet, as the{' '}
      <Anchor component={Link} to="/settings" size="sm" underline="always">
        settings
      </Anchor>{' '}
      ask for now.
    </Notice>
  );
}
