import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorRecord, isAbortError, toErrorRecord } from '../core/errors';
import type { MediaProbe } from '../core/media';
import type { Match } from '../core/ranking/match';
import { parseUcf101Name } from '../core/video';
import type { WeightedSpace } from '../protocol/evaluation-api';
import type { ExtractApi, ThumbnailStrip } from '../protocol/extract-api';
import type { LibraryApi, SpaceSummary, WordMatch } from '../protocol/library-api';
import type { Progress } from '../protocol/progress';
import { createQueryFeatures } from './query-features';
import { describeText, type Meanings } from './query-meanings';
import { byPreference, type RankingPreferencesStore, searchedSpaces, spaceOfEach } from './ranking-preferences';

/** What is searched with: a file from outside, a video of the library (then `inLibrary`), or words. */
export type Query = {
  /** Changes with every new query. */
  readonly key: number;
  readonly name: string;
  /** What was typed, where words are searched for. */
  readonly words: string | undefined;
  /** The dropped file; undefined for a query that came from the library. */
  readonly file: File | undefined;
  /** Content id; undefined until a dropped file has been read. */
  readonly id: string | undefined;
  readonly inLibrary: boolean;
  /** Source group, where known: clips of it can be hidden from the results. */
  readonly group: string | undefined;
  readonly probe: MediaProbe | undefined;
  readonly thumbnails: ThumbnailStrip | undefined;
};

/** A match; of a search by words with the reasons. */
export type Found = Match & Partial<Pick<WordMatch, 'reasons'>>;

export type SearchState = {
  readonly query: Query | undefined;
  /** `reading` while a query's features are being made, `ready` when it can be ranked. */
  readonly phase: 'empty' | 'reading' | 'ready' | 'failed';
  readonly progress: Progress | undefined;
  /** Why the query could not be read. */
  readonly error: ErrorRecord | undefined;
  /** What a query of words means to the descriptors that know words; undefined for other queries. */
  readonly meanings: Meanings | undefined;
  /** Why the library could not be ranked by the chosen spaces. */
  readonly rankError: ErrorRecord | undefined;
  readonly spaces: readonly SpaceSummary[];
  /** False until the spaces were read once. */
  readonly loaded: boolean;
  /** What is searched by, from the ranking preferences; empty while the library has no vectors. */
  readonly searched: readonly WeightedSpace[];
  readonly limit: number;
  readonly hideSource: boolean;
  readonly matches: readonly Found[];
  /** Whether `matches` belong to the current query and settings (false until the first ranking is back). */
  readonly ranked: boolean;
  readonly recents: readonly Query[];

  /** Searches with a video or a still image from outside. */
  searchFile(file: File): Promise<void>;
  /** Searches with a video of the library. */
  searchVideo(id: string): Promise<void>;
  /** Searches for words: names, titles, tags and what was recognised. */
  searchWords(text: string): Promise<void>;
  /** Goes back to an earlier query; its features are still at hand. */
  searchRecent(key: number): Promise<void>;
  /** Stops reading the query and forgets it. */
  cancel(): void;
  clear(): void;
  /** Forgets this and every earlier query: the library was cleared. */
  forgetAll(): void;
  setLimit(limit: number): void;
  setHideSource(hide: boolean): void;
  /** Reads the spaces again and ranks again, keeping the old list until the new one is there. */
  refresh(): Promise<void>;
};

export type SearchStore = StoreApi<SearchState>;

const recentsKept = 6;
export const maxResults = 200;

function record(error: unknown): ErrorRecord {
  if (error instanceof AppError) return toErrorRecord(error);
  throw error;
}

type Surroundings = {
  readonly extract: ExtractApi;
  readonly library: LibraryApi;
  readonly ranking: RankingPreferencesStore;
};

export function createSearchStore({ extract, library, ranking }: Surroundings): SearchStore {
  const features = createQueryFeatures({ extract });
  let nextKey = 1;
  let reading: AbortController | undefined;
  let rankTicket = 0;
  let refreshing: Promise<void> | undefined;
  let refreshAgain = false;

  return createStore<SearchState>()((set, get) => {
    const start = (query: Query): AbortController => {
      reading?.abort();
      reading = new AbortController();
      rankTicket++;
      set({
        query,
        phase: 'reading',
        progress: undefined,
        error: undefined,
        meanings: undefined,
        rankError: undefined,
        matches: [],
        ranked: false,
      });
      return reading;
    };

    const update = (key: number, changes: Partial<Query>) => {
      const { query, recents } = get();
      const change = (known: Query) => (known.key === key ? { ...known, ...changes } : known);
      set({ query: query && change(query), recents: recents.map(change) });
    };

    const remember = () => {
      const { query, recents } = get();
      if (!query) return;
      const same = (other: Query) =>
        other.key === query.key ||
        (other.words !== undefined && other.words === query.words) ||
        (other.id !== undefined && other.id === query.id && !other.file === !query.file);
      const kept = [query, ...recents.filter((other) => !same(other))].slice(0, recentsKept);
      features.keepOnly(kept.map(({ key }) => key));
      set({ recents: kept });
    };

    const readSpaces = async () => {
      const spaces = byPreference(await library.spaces());
      set({ spaces, searched: searchedSpaces(spaces, ranking.getState()), loaded: true });
      return spaces;
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
      const { query, phase, searched, limit, hideSource } = get();
      if (!query || phase !== 'ready') return;
      const ticket = ++rankTicket;
      if (query.words === undefined && searched.length === 0) {
        set({ matches: [], ranked: true, rankError: undefined });
        return;
      }
      try {
        const matches: readonly Found[] =
          query.words !== undefined
            ? await library.findWords({ text: query.words, meanings: get().meanings?.found ?? [], limit })
            : await library.rank({
                query: rankQuery(query, searched),
                spaces: searched,
                ranking: ranking.getState().recipe,
                probability: ranking.getState().probability,
                limit,
                ...(hideSource && query.group !== undefined && { excludeGroup: query.group }),
              });
        if (ticket === rankTicket) set({ matches, ranked: true, rankError: undefined });
      } catch (error) {
        if (ticket !== rankTicket || isAbortError(error)) return;
        set({ matches: [], ranked: true, rankError: record(error) });
      }
    };

    /** Errors: why the query has a vector in none of the spaces. */
    const rankQuery = (query: Query, searched: readonly WeightedSpace[]) => {
      if (query.inLibrary && query.id !== undefined) return { kind: 'video', id: query.id } as const;
      const own = query.id === undefined ? {} : { exclude: query.id };
      const spaces = searched.flatMap(({ key }) => get().spaces.filter((space) => space.key === key));
      return { kind: 'features', features: features.vectorsIn(query.key, spaces), ...own } as const;
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

    const newQuery = (changes: Partial<Query> & { name: string }): Query => ({
      key: nextKey++,
      words: undefined,
      file: undefined,
      id: undefined,
      inLibrary: false,
      group: undefined,
      probe: undefined,
      thumbnails: undefined,
      ...changes,
    });

    /** Takes what the library stores of a video; false where it has no vectors of it. */
    const takeStored = async (query: Query, id: string) => {
      const video = (await library.videos()).find((candidate) => candidate.id === id);
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
      query: undefined,
      phase: 'empty',
      progress: undefined,
      error: undefined,
      meanings: undefined,
      rankError: undefined,
      spaces: [],
      loaded: false,
      searched: [],
      limit: 5,
      hideSource: false,
      matches: [],
      ranked: false,
      recents: [],

      async searchFile(file) {
        const query = newQuery({ name: file.name, file, group: parseUcf101Name(file.name)?.group });
        await read(query, async (signal) => {
          const [id] = await Promise.all([extract.identify({ file }), readSpaces()]);
          signal.throwIfAborted();
          update(query.key, { id });
          if (await takeStored(query, id)) return;
          signal.throwIfAborted();
          await extractMissing(query, file, signal);
        });
      },

      async searchVideo(id) {
        const { query: current, phase } = get();
        if (current?.id === id && current.inLibrary && !current.file && phase !== 'failed') return;
        const query = newQuery({ name: '', id, inLibrary: true });
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
        await read(newQuery({ name: words, words }), async (signal) => {
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
          if (recent.words !== undefined) await describeWords(recent.words, signal);
        });
      },

      cancel() {
        reading?.abort();
        if (get().phase === 'reading') get().clear();
      },

      clear() {
        reading?.abort();
        rankTicket++;
        set({
          query: undefined,
          phase: 'empty',
          progress: undefined,
          error: undefined,
          meanings: undefined,
          rankError: undefined,
          matches: [],
          ranked: false,
        });
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
            const { query, phase } = get();
            if (query?.file && !query.inLibrary && phase === 'ready' && reading) {
              const { signal } = reading;
              await extractMissing(query, query.file, signal).catch((error: unknown) => {
                // Ranking says why, as for any descriptor that the query lacks.
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
