import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorRecord, isAbortError, toErrorRecord } from '../core/errors';
import type { VideoRecord } from '../core/video';
import type { GroundTruthReading, TruthProblem, TruthSource } from '../protocol/evaluation-api';
import type { LibraryApi, VideoEdit } from '../protocol/library-api';
import type { Progress } from '../protocol/progress';
import type { LibraryStore } from './library-store';

export type { GroundTruthReading, TruthProblem };

export type GroundTruthState = {
  readonly source: TruthSource;
  /** What the source says of the library as it is; undefined until it was read. */
  readonly reading: GroundTruthReading | undefined;
  readonly busy: boolean;
  /** How far a long labels file is read. */
  readonly progress: Progress | undefined;
  readonly error: ErrorRecord | undefined;

  choose(source: TruthSource): Promise<void>;
  /** Ends the reading of files; labels then come from the library. */
  cancel(): Promise<void>;
  /** Reads the source again: the library changed. */
  refresh(): Promise<void>;
  /**
   * Writes what the labels files say to the videos they name; labels then belong to the library. Undefined where that
   * failed, which `error` tells.
   */
  apply(): Promise<{ readonly videos: number; undo(): Promise<void> } | undefined>;
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
    let control: AbortController | undefined;
    const guarded = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
      const own = ++latest;
      set({ busy: true, error: undefined });
      try {
        return await work();
      } catch (error) {
        if (isAbortError(error)) return undefined;
        // A file that was changed or removed since it was chosen cannot be read any more.
        const gone = error instanceof DOMException && error.name === 'NotReadableError';
        const known = gone ? new AppError('file-unreadable', error.message) : error;
        if (!(known instanceof AppError)) throw error;
        if (own === latest) set({ error: toErrorRecord(known) });
        return undefined;
      } finally {
        if (own === latest) set({ busy: false, progress: undefined });
      }
    };
    const read = async () => {
      const { source } = get();
      control?.abort();
      const own = new AbortController();
      control = own;
      const onProgress = (progress: Progress) => {
        if (control === own) set({ progress });
      };
      const reading = await guarded(() => worker.readGroundTruth(source, { signal: own.signal, onProgress }));
      if (reading && get().source === source) set({ reading });
    };

    return {
      source: { from: 'library' },
      reading: undefined,
      busy: false,
      progress: undefined,
      error: undefined,

      async choose(source) {
        set({ source });
        await read();
      },
      async cancel() {
        set({ source: { from: 'library' } });
        await read();
      },
      refresh: read,
      async apply() {
        const { source } = get();
        if (source.from !== 'files') return undefined;
        const { apply, current } = library.getState();
        const all = new Map(current().map((video) => [video.id, video]));
        const records = await guarded(() => worker.applyGroundTruth({ files: source.files }));
        if (!records) return undefined;
        apply(records);
        const before = records.flatMap(({ id }) => all.get(id) ?? []);
        return {
          videos: records.length,
          async undo() {
            const restored = await guarded(() => worker.edit({ edits: before.map(asItWas) }));
            if (restored) apply(restored);
          },
        };
      },
    };
  });
}

const asItWas = ({
  id,
  labels,
  group = '',
  split,
  title = '',
  description = '',
  tags = [],
}: VideoRecord): VideoEdit => ({
  id,
  changes: { labels, group, split: split ?? null, title, description, tags },
});
