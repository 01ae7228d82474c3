import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorRecord, toErrorRecord } from '../core/errors';
import type { GroundTruthReading, TruthProblem, TruthSource } from '../protocol/evaluation-api';
import type { LibraryApi } from '../protocol/library-api';
import type { LibraryStore } from './library-store';

export type { GroundTruthReading, TruthProblem };

export type GroundTruthState = {
  readonly source: TruthSource;
  /** What the source says of the library as it is; undefined until it was read. */
  readonly reading: GroundTruthReading | undefined;
  readonly busy: boolean;
  readonly error: ErrorRecord | undefined;

  choose(source: TruthSource): Promise<void>;
  /** Reads the source again: the library changed. */
  refresh(): Promise<void>;
  /** Writes what the labels files say to the videos they name; labels then belong to the library. */
  apply(): Promise<number>;
};

export type GroundTruthStore = StoreApi<GroundTruthState>;

export function createGroundTruthStore({
  worker,
  library,
}: {
  worker: LibraryApi;
  library: LibraryStore;
}): GroundTruthStore {
  return createStore<GroundTruthState>()((set, get) => {
    let latest = 0;
    const guarded = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
      const own = ++latest;
      set({ busy: true, error: undefined });
      try {
        return await work();
      } catch (error) {
        // A file that was changed or removed since it was chosen cannot be read any more.
        const gone = error instanceof DOMException && error.name === 'NotReadableError';
        const known = gone ? new AppError('file-unreadable', error.message) : error;
        if (!(known instanceof AppError)) throw error;
        if (own === latest) set({ error: toErrorRecord(known) });
        return undefined;
      } finally {
        if (own === latest) set({ busy: false });
      }
    };
    const read = async () => {
      const { source } = get();
      const reading = await guarded(() => worker.readGroundTruth(source));
      if (reading && get().source === source) set({ reading });
    };

    return {
      source: { from: 'library' },
      reading: undefined,
      busy: false,
      error: undefined,

      async choose(source) {
        set({ source });
        await read();
      },
      refresh: read,
      async apply() {
        const { source } = get();
        if (source.from !== 'files') return 0;
        const records = await guarded(() => worker.applyGroundTruth({ files: source.files }));
        if (records) library.getState().apply(records);
        return records?.length ?? 0;
      },
    };
  });
}
