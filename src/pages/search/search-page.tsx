import { Anchor, Switch, Text, Title } from '@mantine/core';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { groupsOf, type Query } from '../../state/query';
import type { Found } from '../../state/query-ranking';
import { useStores, useStoreValue } from '../../state/stores';
import { extractorLabel } from '../descriptor-words';
import { DescriptorSliders } from './descriptor-sliders';
import { ExampleChips } from './example-chips';
import { MatchList } from './match-list';
import { MomentsDialog, momentsQuery } from './moments-dialog';
import { Occurrences } from './occurrences';
import { type DialogItem, PlayerDialog } from './player-dialog';
import { QueryPanel } from './query-panel';
import { RankingControls } from './ranking-controls';
import { Recents } from './recents';
import { NothingIndexed, Results, ResultsInput } from './results';
import classes from './search.module.css';
import { lacking, rankingMeaning } from './space-words';
import { VideoDialog } from './video-dialog';
import { WatchedButton } from './watched-button';

/** Descriptors' names by the keys of their spaces. */
const namesOf = (spaces: readonly { readonly key: string; readonly space: { readonly extractor: string } }[]) =>
  new Map(spaces.map(({ key, space }) => [key, extractorLabel(space.extractor)]));

const wordsMeaning =
  'Of each word: 1 where it stands in a text of the video, else the probability of what was recognised; averaged';
const meaningMeaning =
  'how much likelier the pictures go with the text than with one that says nothing; both averaged, words only where any video answers them';

/** How many of the library's videos a query leaves out of its results. */
const examplesInLibrary = ({ inLibrary, examples }: Query) =>
  (inLibrary ? 1 : 0) + examples.filter(({ file }) => !file).length;

export function SearchPage() {
  const { engine, library, moments, playback, ranking, search, sources } = useStores();
  const state = useStoreValue(search, (all) => all);
  const { query, phase, matches, ranked, spaces, searched, loaded } = state;
  const videos = useStoreValue(library, ({ byId }) => byId);
  const summary = useStoreValue(library, (all) => all.summary);
  const libraryLoaded = useStoreValue(library, (all) => all.loaded);
  const storedSpaces = useStoreValue(library, (all) => all.spaces);

  const [opened, setOpened] = useState<Pick<Found, 'id' | 'moment'>>();
  /** The segment that is shown of the opened match, by its place, where moments are. */
  const [segment, setSegment] = useState<number>();
  const [parameters] = useSearchParams();
  const wanted = parameters.get('video');
  const wantedWords = parameters.get('words');
  const addressed = wanted !== null || wantedWords !== null;
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
  useEffect(() => {
    if (wantedWords !== null) void search.getState().searchWords(wantedWords);
  }, [search, wantedWords]);

  const onFiles = (files: readonly File[]) => {
    if (addressed) navigate('/search');
    void search.getState().searchFiles(files);
  };
  const findSimilar = (id: string) => {
    setOpened(undefined);
    navigate(`/search?video=${encodeURIComponent(id)}`);
  };
  const findWords = (text: string) => {
    setOpened(undefined);
    navigate(`/search?words=${encodeURIComponent(text.trim())}`);
    // The address may be this one already, of a query that another has replaced since.
    void search.getState().searchWords(text);
  };
  const clear = () => {
    search.getState().clear();
    if (addressed) navigate('/search');
  };

  const queryItem = useMemo<DialogItem | undefined>(
    () =>
      query && query.words === undefined && !query.several
        ? {
            key: `query ${query.key}`,
            videoId: query.inLibrary ? query.id : undefined,
            file: query.file,
            probe: query.probe,
            name: query.name,
          }
        : undefined,
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
  const loadMoments = useCallback((id: string) => engine.library.seenMoments({ id }), [engine]);
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

  const play = (match: Pick<Found, 'id' | 'moment'>, at?: number) => {
    setSegment(at);
    setOpened(match);
  };
  const soughtClip = useMemo(
    () => (queryItem?.probe?.video ? momentsQuery(queryItem, query?.part) : undefined),
    [queryItem, query?.part],
  );

  const recipe = useStoreValue(ranking, (all) => all.recipe);
  const byWords = query?.words !== undefined;
  const meaningOfWords = state.meanings?.found.length ? `${wordsMeaning}; and ${meaningMeaning}` : wordsMeaning;
  const chosen = spaces.filter(({ key }) => searched.some((each) => each.key === key));
  const [only] = chosen;
  const single = chosen.length === 1 ? only : undefined;
  const missing = useMemo(() => single && lacking(single, [...videos.values()]), [single, videos]);

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
          meanings={state.meanings}
          media={queryMedia}
          paused={opened !== undefined}
          onFiles={onFiles}
          unread={state.unread}
          partRead={state.partRead}
          onPart={search.getState().setPart}
          examples={
            <ExampleChips
              examples={query?.examples ?? []}
              undoable={state.undoable.length > 0}
              onFlip={search.getState().flipExample}
              onRemove={search.getState().removeExample}
              onUndo={search.getState().undoExamples}
            />
          }
          onWords={findWords}
          onCancel={() => {
            search.getState().cancel();
            if (addressed) navigate('/search');
          }}
          onClear={clear}
          onRetry={() => {
            if (query?.file) void search.getState().searchFile(query.file);
            else if (query?.several)
              void search.getState().searchFiles(query.examples.flatMap(({ file }) => file ?? []));
            else if (query?.words !== undefined) void search.getState().searchWords(query.words);
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
            if (recent.words !== undefined) return findWords(recent.words);
            const plain = recent.examples.length === 0 && !recent.part;
            if (plain && recent.inLibrary && !recent.file && recent.id !== undefined) return findSimilar(recent.id);
            if (addressed) navigate('/search');
            void search.getState().searchRecent(recent.key);
          }}
        />
        {query && <WatchedButton />}
      </div>

      <section className={classes.results} aria-label="Results">
        {libraryLoaded && loaded && spaces.length === 0 ? (
          <NothingIndexed waiting={summary.waiting} />
        ) : (
          <>
            <div className={classes.controls}>
              {!byWords && <DescriptorSliders spaces={spaces} ranking={ranking} />}
              <ResultsInput limit={state.limit} onLimit={search.getState().setLimit} />
              {query && !byWords && groupsOf(query).length > 0 && (
                <Switch
                  label="Hide clips of the same source"
                  checked={state.hideSource}
                  onChange={(event) => search.getState().setHideSource(event.currentTarget.checked)}
                  mb={8}
                />
              )}
              {!byWords && <RankingControls ranking={ranking} />}
            </div>
            {missing && !byWords && (
              <Text size="sm" c="dimmed">
                {missing}{' '}
                <Anchor component={Link} to="/library" underline="always">
                  Index them in the library
                </Anchor>
                .
              </Text>
            )}
            <Results
              state={{
                phase,
                ranked,
                found: matches.length,
                compared: searched.length > 0,
                rankError: state.rankError,
              }}
              of={
                byWords
                  ? videos.size
                  : Math.max(0, ...chosen.map((each) => each.videos)) - (query ? examplesInLibrary(query) : 0)
              }
              query={query}
              listens={
                namesOf(spaces.filter(({ sampling }) => 'sampleRate' in sampling))
                  .values()
                  .next().value
              }
              onCompact={() => ranking.getState().set({ compact: true })}
            />
            {phase === 'ready' && soughtClip && (
              <Occurrences
                moments={moments}
                query={soughtClip}
                videos={videos}
                onPlay={(id, at) => play({ id, moment: undefined }, at)}
                onReconnect={canReconnect(query?.id) ? () => reconnect(query?.id ?? '') : undefined}
              />
            )}
            {matches.length > 0 && (
              <MatchList
                matches={matches}
                videos={videos}
                meaning={byWords ? meaningOfWords : rankingMeaning(chosen, recipe)}
                names={namesOf(chosen)}
                loadThumbnails={loadThumbnails}
                onPlay={(match) => play(match)}
                onFindSimilar={findSimilar}
                onMoments={soughtClip && ((match) => play(match, 0))}
                onExample={(match, liked) => {
                  const video = videos.get(match.id);
                  if (!video) return;
                  if (byWords) navigate('/search');
                  void search.getState().addExample(video, liked);
                }}
                canLess={!byWords}
              />
            )}
          </>
        )}
      </section>

      {opened && !queryItem && matchItem && (
        <VideoDialog
          playback={playback}
          item={matchItem}
          at={opened.moment?.time ?? 0}
          loadMoments={loadMoments}
          onClose={() => setOpened(undefined)}
          onReconnect={canReconnect(matchItem.videoId) ? () => reconnect(matchItem.key) : undefined}
        />
      )}
      {opened && queryItem && matchItem && segment !== undefined && (
        <MomentsDialog
          moments={moments}
          playback={playback}
          query={queryItem}
          match={matchItem}
          part={query?.part}
          first={segment}
          onClose={() => setOpened(undefined)}
          canReconnect={canReconnect}
          reconnect={reconnect}
        />
      )}
      {opened && queryItem && matchItem && segment === undefined && (
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
