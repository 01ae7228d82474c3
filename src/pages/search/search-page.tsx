import { Anchor, Switch, Text, Title } from '@mantine/core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { Match } from '../../core/ranking/match';
import { useStores, useStoreValue } from '../../state/stores';
import { DescriptorSliders } from './descriptor-sliders';
import { MatchList } from './match-list';
import { type DialogItem, PlayerDialog } from './player-dialog';
import { QueryPanel } from './query-panel';
import { Recents } from './recents';
import { NothingIndexed, Results, ResultsInput } from './results';
import classes from './search.module.css';
import { extractorLabel, lacking, rankingMeaning } from './space-words';

/** Descriptors' names by the keys of their spaces. */
const namesOf = (spaces: readonly { readonly key: string; readonly space: { readonly extractor: string } }[]) =>
  new Map(spaces.map(({ key, space }) => [key, extractorLabel(space.extractor)]));

export function SearchPage() {
  const { engine, library, playback, ranking, search, sources } = useStores();
  const state = useStoreValue(search, (all) => all);
  const { query, phase, matches, ranked, spaces, searched, loaded } = state;
  const videos = useStoreValue(library, ({ byId }) => byId);
  const summary = useStoreValue(library, (all) => all.summary);
  const libraryLoaded = useStoreValue(library, (all) => all.loaded);
  const storedSpaces = useStoreValue(library, (all) => all.spaces);

  const [opened, setOpened] = useState<Match>();
  const [parameters] = useSearchParams();
  const wanted = parameters.get('video');
  const navigate = useNavigate();

  useEffect(() => {
    if (!library.getState().loaded) void library.getState().load();
  }, [library]);

  // The library changed, here or in another tab: rank again, leaving list and focus in place meanwhile.
  // biome-ignore lint/correctness/useExhaustiveDependencies: these two are what says that it changed
  useEffect(() => {
    if (libraryLoaded) void search.getState().refresh();
  }, [search, libraryLoaded, videos, storedSpaces]);

  useEffect(() => {
    if (wanted !== null) void search.getState().searchVideo(wanted);
  }, [search, wanted]);

  const onFile = (file: File) => {
    if (wanted !== null) navigate('/search');
    void search.getState().searchFile(file);
  };
  const findSimilar = (id: string) => {
    setOpened(undefined);
    navigate(`/search?video=${encodeURIComponent(id)}`);
  };
  const clear = () => {
    search.getState().clear();
    if (wanted !== null) navigate('/search');
  };

  const queryItem = useMemo<DialogItem | undefined>(
    () =>
      query && {
        key: `query ${query.key}`,
        videoId: query.inLibrary ? query.id : undefined,
        file: query.file,
        probe: query.probe,
        name: query.name,
      },
    [query],
  );
  const matchItem = useMemo<DialogItem | undefined>(() => {
    const video = opened && videos.get(opened.id);
    return video && { key: video.id, videoId: video.id, file: undefined, probe: video.probe, name: video.name };
  }, [opened, videos]);
  const queryMedia = useStoreValue(playback, ({ media }) => (queryItem ? media[queryItem.key] : undefined));

  useEffect(() => {
    if (phase !== 'ready' || !queryItem) return;
    void playback.getState().open(queryItem);
  }, [playback, phase, queryItem]);
  const queryKey = queryItem?.key;
  useEffect(() => {
    if (queryKey === undefined) return;
    return () => playback.getState().close(queryKey);
  }, [playback, queryKey]);

  const loadThumbnails = useCallback((id: string) => engine.library.thumbnails({ id }), [engine]);
  const reconnect = useCallback(
    async (videoId: string) => {
      const video = library.getState().byId.get(videoId);
      const folder = video && sources.getState().folderToReconnect(video);
      return folder ? await sources.getState().reconnect(folder) : false;
    },
    [library, sources],
  );
  const canReconnect = (id: string | undefined) => {
    const video = id === undefined ? undefined : videos.get(id);
    return video !== undefined && sources.getState().folderToReconnect(video) !== undefined;
  };

  const chosen = spaces.filter(({ key }) => searched.some((each) => each.key === key));
  const [only] = chosen;
  const missing = chosen.length === 1 && only && lacking(only, summary.indexed);

  return (
    <div className={classes.page}>
      <Title order={1} size="h3">
        Search
      </Title>
      <div className={classes.side}>
        <QueryPanel
          query={query}
          phase={phase}
          progress={state.progress}
          error={state.error}
          media={queryMedia}
          paused={opened !== undefined}
          onFile={onFile}
          onCancel={() => {
            search.getState().cancel();
            if (wanted !== null) navigate('/search');
          }}
          onClear={clear}
          onRetry={() => {
            if (query?.file) void search.getState().searchFile(query.file);
            else if (query?.id !== undefined) void search.getState().searchVideo(query.id);
          }}
          onMake={() => queryItem && void playback.getState().make(queryItem)}
          onStop={() => queryItem && playback.getState().stop(queryItem.key)}
          onUnplayable={() => queryItem && void playback.getState().reportUnplayable(queryItem)}
          onReconnect={
            canReconnect(query?.id)
              ? () =>
                  queryItem?.videoId !== undefined &&
                  void reconnect(queryItem.videoId).then((found) =>
                    found ? playback.getState().open(queryItem) : undefined,
                  )
              : undefined
          }
        />
        <Recents
          recents={state.recents.filter(({ key }) => key !== query?.key)}
          onPick={(recent) => {
            if (recent.inLibrary && !recent.file && recent.id !== undefined) return findSimilar(recent.id);
            if (wanted !== null) navigate('/search');
            void search.getState().searchRecent(recent.key);
          }}
        />
      </div>

      <section className={classes.results} aria-label="Results">
        {libraryLoaded && loaded && spaces.length === 0 ? (
          <NothingIndexed waiting={summary.waiting} />
        ) : (
          <>
            <div className={classes.controls}>
              <DescriptorSliders spaces={spaces} ranking={ranking} />
              <ResultsInput limit={state.limit} onLimit={search.getState().setLimit} />
              {query?.group !== undefined && (
                <Switch
                  label="Hide clips of the same source"
                  checked={state.hideSource}
                  onChange={(event) => search.getState().setHideSource(event.currentTarget.checked)}
                  mb={8}
                />
              )}
            </div>
            {missing && (
              <Text size="sm" c="dimmed">
                {missing}{' '}
                <Anchor component={Link} to="/library" underline="always">
                  Index them in the library
                </Anchor>
                .
              </Text>
            )}
            <Results
              state={{ phase, ranked, found: matches.length, rankError: state.rankError }}
              of={Math.max(0, ...chosen.map((each) => each.videos)) - (query?.inLibrary ? 1 : 0)}
              hasQuery={query !== undefined}
            />
            {matches.length > 0 && (
              <MatchList
                matches={matches}
                videos={videos}
                meaning={rankingMeaning(chosen)}
                names={namesOf(chosen)}
                loadThumbnails={loadThumbnails}
                onPlay={setOpened}
                onFindSimilar={findSimilar}
              />
            )}
          </>
        )}
      </section>

      {opened && queryItem && matchItem && (
        <PlayerDialog
          playback={playback}
          query={queryItem}
          match={matchItem}
          moment={opened.moment}
          onClose={() => setOpened(undefined)}
          canReconnect={canReconnect}
          reconnect={reconnect}
        />
      )}
    </div>
  );
}
