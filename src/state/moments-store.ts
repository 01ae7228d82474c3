import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorRecord } from '../core/errors';
import type { Part } from '../core/sampling';
import type { AlignedTimelines, OccurrenceReport, TimelineSource } from '../protocol/moments-api';
import type { CallOptions, Progress } from '../protocol/progress';
import { toldOf } from './tasks';
import { createTimelines, type TimelineOf } from './timelines';

/** What is compared: a video of the library or a file from outside, or a part of it. */
export type MomentsQuery = TimelineOf & { readonly part: Part | undefined };

/** Work that is asked for. `away`: the file it needs is not at hand. */
export type MomentsWork<Result> =
  | { readonly status: 'working'; readonly progress: Progress | undefined }
  | { readonly status: 'ready'; readonly result: Result }
  | { readonly status: 'away'; readonly of: 'query' | 'match' }
  | { readonly status: 'failed'; readonly error: ErrorRecord };

export type MomentsState = {
  /** Where the query and one match show the same. */
  readonly aligned: MomentsWork<AlignedTimelines> | undefined;
  /** Where in the library the query occurs. */
  readonly occurrences: MomentsWork<OccurrenceReport> | undefined;

  align(query: MomentsQuery, match: TimelineOf): Promise<void>;
  closeAligned(): void;
  findOccurrences(query: MomentsQuery): Promise<void>;
  /** Stops looking for occurrences, or forgets those that were found. */
  closeOccurrences(): void;
};

/** For pages, which see no worker's interface. */
export type { AlignedTimelines, Occurrence, OccurrenceReport } from '../protocol/moments-api';

export type MomentsStore = StoreApi<MomentsState>;

class Away extends Error {
  constructor(readonly of: 'query' | 'match') {
    super(`the file of the ${of} is not at hand`);
  }
}

export function createMomentsStore(surroundings: Parameters<typeof createTimelines>[0]): MomentsStore {
  const { library } = surroundings;
  const timelines = createTimelines(surroundings);
  const controls = new Map<'aligned' | 'occurrences', AbortController>();

  const source = async (role: Away['of'], video: TimelineOf, options: CallOptions): Promise<TimelineSource> => {
    const features = await timelines.of(video, options);
    if (!features) throw new Away(role);
    return { features, duration: video.duration };
  };
  const querySource = async (query: MomentsQuery, options: CallOptions) => {
    const { part } = query;
    return { ...(await source('query', query, options)), ...(part && { part }) };
  };

  return createStore<MomentsState>()((set) => {
    const stop = (name: 'aligned' | 'occurrences') => {
      controls.get(name)?.abort();
      controls.delete(name);
      set({ [name]: undefined });
    };
    const run = async <Result>(
      name: 'aligned' | 'occurrences',
      work: (options: CallOptions & { readonly signal: AbortSignal }) => Promise<Result>,
    ) => {
      stop(name);
      const control = new AbortController();
      controls.set(name, control);
      const { signal } = control;
      const show = (state: MomentsWork<Result>) => {
        if (!signal.aborted) set({ [name]: state });
      };
      show({ status: 'working', progress: undefined });
      try {
        const onProgress = (progress: Progress) => show({ status: 'working', progress });
        show({ status: 'ready', result: await work({ signal, onProgress }) });
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Away) return show({ status: 'away', of: error.of });
        const told = toldOf(error);
        if (told) show({ status: 'failed', error: told });
      }
    };

    return {
      aligned: undefined,
      occurrences: undefined,

      align: (query, match) =>
        run('aligned', async (options) => {
          const both = { query: await querySource(query, options), match: await source('match', match, options) };
          return library.alignTimelines(both, options);
        }),
      closeAligned: () => stop('aligned'),

      findOccurrences: (query) =>
        run('occurrences', async (options) => {
          const exclude = query.videoId;
          const own = await querySource(query, options);
          return library.findOccurrences({ query: own, ...(exclude !== undefined && { exclude }) }, options);
        }),
      closeOccurrences: () => stop('occurrences'),
    };
  });
}
