import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorRecord, isAbortError, toErrorRecord } from '../core/errors';
import { parseUcf101Name } from '../core/video';
import type { ExtractApi } from '../protocol/extract-api';
import type { LibraryApi } from '../protocol/library-api';
import type { Progress } from '../protocol/progress';
import { type Example, featureKeys, fileExample, isSameQuery, newQuery, type Query, videoExample } from './query';
import { readExampleFiles } from './query-examples';
import { createQueryFeatures } from './query-features';
import { describeText } from './query-meanings';
import { createQueryRanking } from './query-ranking';
import { byPreference, type RankingPreferencesStore, searchedSpaces, spaceOfEach } from './ranking-preferences';
import type { SearchState } from './search-state';

export type SearchStore = StoreApi<SearchState>;

const recentsKept = 6;
export const maxResults = 200;
/** Examples of one query at most: each file of them is decoded. */
const mostExamples = 50;

/** What is known of a query before there is one. */
const nothing = {
  query: undefined,
  phase: 'empty',
  progress: undefined,
  unread: [],
  error: undefined,
  meanings: undefined,
  rankError: undefined,
  matches: [],
  ranked: false,
  partRead: undefined,
  undoable: [],
} satisfies Partial<SearchState>;

function record(error: unknown): ErrorRecord {
  if (error instanceof AppError) return toErrorRecord(error);
  throw error;
}

type Surroundings = {
  readonly extract: ExtractApi;
  readonly library: LibraryApi;
  readonly ranking: RankingPreferencesStore;
  /** The file of a library's video, or undefined while its folder is not connected. */
  readonly fileOf: (videoId: string) => Promise<File | undefined>;
};

export function createSearchStore({ extract, library, ranking, fileOf }: Surroundings): SearchStore {
  const features = createQueryFeatures({ extract });
  const rankQuery = createQueryRanking({ extract, library, ranking, features, fileOf });
  let nextKey = 1;
  let reading: AbortController | undefined;
  let partReading = new AbortController();
  let rankTicket = 0;
  let refreshing: Promise<void> | undefined;
  let refreshAgain = false;

  return createStore<SearchState>()((set, get) => {
    const start = (query: Query): AbortController => {
      forget();
      reading = new AbortController();
      set({ query, phase: 'reading' });
      return reading;
    };

    /** Ends all work for the present query and leaves nothing of it. */
    const forget = () => {
      reading?.abort();
      partReading.abort();
      partReading = new AbortController();
      rankTicket++;
      set({ ...nothing });
    };

    const update = (key: number, changes: Partial<Query>) => {
      const { query, recents } = get();
      const change = (known: Query) => (known.key === key ? { ...known, ...changes } : known);
      set({ query: query && change(query), recents: recents.map(change) });
    };

    const remember = () => {
      const { query, recents } = get();
      if (!query) return;
      const kept = [query, ...recents.filter((other) => !isSameQuery(query, other))].slice(0, recentsKept);
      features.keepOnly(kept.flatMap(featureKeys));
      set({ recents: kept });
    };

    const readSpaces = async () => {
      const spaces = byPreference(await library.spaces());
      set({ spaces, searched: searchedSpaces(spaces, ranking.getState()), loaded: true });
      return spaces;
    };

    /** Has the vectors read while a person looks for a query. */
    const prepare = () => {
      const { query, searched } = get();
      if (query || searched.length === 0) return;
      const { recipe, compact } = ranking.getState();
      // A search that needs them says why they cannot be read.
      library.prepare({ spaces: searched, ranking: recipe, compact }).catch(() => undefined);
    };

    /** Makes the query's vectors in those of the library's spaces where it has none yet, also in those that come
     * up meanwhile. */
    const extractMissing = async (query: Query, file: File, signal: AbortSignal) => {
      const options = {
        signal,
        onProgress: (progress: Progress) => {
          if (!signal.aborted) set({ progress });
        },
      };
      let read = query.probe !== undefined;
      for (;;) {
        const extraction = await features.complete({ key: query.key, file, read }, get().spaces, options);
        if (!extraction) return;
        read = true;
        update(query.key, { probe: extraction.probe, thumbnails: extraction.thumbnails });
      }
    };

    /** Describes the words of the query in the spaces that know words, where that is not done yet. */
    const describeWords = async (words: string, signal: AbortSignal) => {
      const spaces = spaceOfEach(get().spaces, ranking.getState());
      const { found = [], failures = [] } = get().meanings ?? {};
      const asked = new Set([...found.map(({ space }) => space), ...failures.map(({ space }) => space)]);
      const missing = spaces.filter(({ key }) => !asked.has(key));
      const made = await describeText(extract, words, missing, { signal });
      signal.throwIfAborted();
      set({ meanings: { found: [...found, ...made.found], failures: [...failures, ...made.failures] } });
    };

    const rank = async () => {
      const { query, phase, searched, spaces, meanings, limit, hideSource } = get();
      if (!query || phase !== 'ready') return;
      const ticket = ++rankTicket;
      const { signal } = partReading;
      const onProgress = (progress: Progress) => {
        if (!signal.aborted) set({ progress });
      };
      try {
        const task = { query, searched, spaces, meanings, limit, hideSource };
        const { matches, part } = await rankQuery(task, { signal, onProgress });
        if (ticket !== rankTicket) return;
        set({ matches, partRead: part, ranked: true, rankError: undefined, progress: undefined });
      } catch (error) {
        if (ticket !== rankTicket || isAbortError(error)) return;
        set({ matches: [], partRead: undefined, ranked: true, rankError: record(error), progress: undefined });
      }
    };

    /** Ranks anew by other examples; the last that goes takes the query of nothing but examples with it. */
    const setExamples = (examples: readonly Example[], undoable: SearchState['undoable']) => {
      const { query } = get();
      if (!query) return;
      if (query.several && examples.length === 0) return get().clear();
      update(query.key, { examples });
      set({ undoable });
      void rank();
    };

    const changeExamples = (change: (examples: readonly Example[]) => readonly Example[]) => {
      const { query, undoable } = get();
      if (query) setExamples(change(query.examples), [...undoable, query.examples]);
    };

    const readExamples = async (query: Query, signal: AbortSignal) => {
      const onProgress = (progress: Progress) => {
        if (!signal.aborted) set({ progress });
      };
      const files = { examples: query.examples, spaces: get().spaces };
      const { examples, unread } = await readExampleFiles({ extract, library, features }, files, {
        signal,
        onProgress,
      });
      const read = new Map(examples.map((example) => [example.key, example]));
      const asked = new Set(query.examples.map(({ key }) => key));
      // They may have been turned, or have gone, meanwhile.
      const now = get().query?.key === query.key ? (get().query?.examples ?? []) : query.examples;
      update(query.key, {
        examples: now.flatMap((example) => {
          const known = read.get(example.key);
          return known ? { ...known, liked: example.liked } : asked.has(example.key) ? [] : example;
        }),
      });
      set({ unread });
    };

    /** A query of nothing but examples. */
    const searchExamples = (name: string, examples: readonly Example[]) => {
      const query = newQuery({ key: nextKey++, name, several: true, examples });
      return read(query, async (signal) => {
        await readSpaces();
        await readExamples(query, signal);
      });
    };

    /** Runs one reading; a failure becomes the page's words, a cancelled or overtaken one leaves no trace. */
    const read = async (query: Query, work: (signal: AbortSignal) => Promise<void>) => {
      const { signal } = start(query);
      try {
        await work(signal);
        if (signal.aborted) return;
        set({ phase: 'ready', progress: undefined });
        remember();
        await rank();
      } catch (error) {
        if (signal.aborted || isAbortError(error)) return;
        set({ phase: 'failed', progress: undefined, error: record(error) });
      }
    };

    /** Takes what the library stores of a video; false where it has no vectors of it. */
    const takeStored = async (query: Query, id: string) => {
      const [video] = await library.someVideos({ ids: [id] });
      if (!video || video.spaces.length === 0) return false;
      const thumbnails = await library.thumbnails({ id });
      update(query.key, {
        name: query.file?.name ?? video.name,
        id,
        inLibrary: true,
        group: video.group,
        probe: video.probe,
        thumbnails,
      });
      return true;
    };

    ranking.subscribe((preferences) => {
      set({ searched: searchedSpaces(get().spaces, preferences) });
      void rank();
    });

    return {
      ...nothing,
      spaces: [],
      loaded: false,
      searched: [],
      limit: 5,
      hideSource: false,
      recents: [],

      async searchFile(file) {
        const query = newQuery({ key: nextKey++, name: file.name, file, group: parseUcf101Name(file.name)?.group });
        await read(query, async (signal) => {
          const [id] = await Promise.all([extract.identify({ file }), readSpaces()]);
          signal.throwIfAborted();
          update(query.key, { id });
          if (await takeStored(query, id)) return;
          signal.throwIfAborted();
          await extractMissing(query, file, signal);
        });
      },

      async searchFiles(files) {
        const [only] = files;
        if (only && files.length === 1) return get().searchFile(only);
        await searchExamples(
          'Several files',
          files.slice(0, mostExamples).map((file) => fileExample(nextKey++, file)),
        );
      },

      async searchVideos(name, videos) {
        if (videos.length === 0) return;
        await searchExamples(
          name,
          videos.slice(0, mostExamples).map((video) => videoExample(nextKey++, video, true)),
        );
      },

      async searchVideo(id) {
        const { query: current, phase } = get();
        if (current?.id === id && current.inLibrary && !current.file && phase !== 'failed') return;
        const query = newQuery({ key: nextKey++, name: '', id, inLibrary: true });
        await read(query, async (signal) => {
          await readSpaces();
          const stored = await takeStored(query, id);
          signal.throwIfAborted();
          if (!stored)
            throw new AppError('video-missing', 'this video is not in the library, or has no vectors', { id });
        });
      },

      async searchWords(text) {
        const words = text.trim();
        const { query, phase } = get();
        if (words === '' || (query?.words === words && phase !== 'failed')) return;
        await read(newQuery({ key: nextKey++, name: words, words }), async (signal) => {
          await readSpaces();
          await describeWords(words, signal);
        });
      },

      async searchRecent(key) {
        const recent = get().recents.find((query) => query.key === key);
        if (!recent) return;
        await read(recent, async (signal) => {
          await readSpaces();
          if (recent.file && !recent.inLibrary) await extractMissing(recent, recent.file, signal);
          if (recent.several) await readExamples(recent, signal);
          if (recent.words !== undefined) await describeWords(recent.words, signal);
        });
      },

      async addExample(video, liked) {
        const { query, phase } = get();
        if (query && query.words === undefined && phase !== 'failed') {
          if (query.id === video.id) return;
          changeExamples((examples) => {
            const known = examples.find(({ id }) => id === video.id);
            if (known) return examples.map((example) => (example === known ? { ...example, liked } : example));
            return [...examples, videoExample(nextKey++, video, liked)];
          });
        } else if (liked) await get().searchVideos('Several examples', [video]);
      },

      flipExample(key) {
        changeExamples((examples) =>
          examples.map((example) => (example.key === key ? { ...example, liked: !example.liked } : example)),
        );
      },

      removeExample(key) {
        changeExamples((examples) => examples.filter((example) => example.key !== key));
      },

      undoExamples() {
        const { undoable } = get();
        const last = undoable.at(-1);
        if (last) setExamples(last, undoable.slice(0, -1));
      },

      setPart(part) {
        const { query } = get();
        if (!query) return;
        partReading.abort();
        partReading = new AbortController();
        update(query.key, { part });
        set({ progress: undefined });
        void rank();
      },

      cancel() {
        const { phase, progress, query } = get();
        if (phase === 'ready' && query?.part) return get().setPart(undefined);
        reading?.abort();
        if (phase === 'reading' || progress) get().clear();
      },

      clear() {
        forget();
      },

      forgetAll() {
        get().clear();
        features.keepOnly([]);
        set({ recents: [] });
      },

      setLimit(limit) {
        set({ limit: Math.min(maxResults, Math.max(1, Math.round(limit))) });
        void rank();
      },

      setHideSource(hideSource) {
        set({ hideSource });
        void rank();
      },

      refresh() {
        if (refreshing) {
          refreshAgain = true;
          return refreshing;
        }
        refreshing = (async () => {
          do {
            refreshAgain = false;
            await readSpaces();
            prepare();
            const { query, phase } = get();
            if (query?.file && !query.inLibrary && phase === 'ready' && reading) {
              const { signal } = reading;
              await extractMissing(query, query.file, signal).catch((error: unknown) => {
                // Ranking says why, as for any descriptor that the query lacks.
                if (!(error instanceof AppError) && !isAbortError(error)) throw error;
              });
            }
            if (query?.several && phase === 'ready' && reading) {
              await readExamples(query, reading.signal).catch((error: unknown) => {
                if (!(error instanceof AppError) && !isAbortError(error)) throw error;
              });
            }
            if (query?.words !== undefined && phase === 'ready' && reading) {
              await describeWords(query.words, reading.signal).catch((error: unknown) => {
                if (!isAbortError(error)) throw error;
              });
            }
            await rank();
          } while (refreshAgain);
        })().finally(() => {
          refreshing = undefined;
        });
        return refreshing;
      },
    };
  });
}
