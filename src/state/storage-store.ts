import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorRecord, toErrorRecord } from '../core/errors';
import type { LibraryApi, StorageStatus } from '../protocol/library-api';

/** The part of `navigator.storage` that only a page has. */
export type Persistence = Pick<StorageManager, 'persist' | 'persisted'>;

export type StorageState = {
  readonly status: StorageStatus | undefined;
  /** `unknown` where the browser does not say. */
  readonly persistent: 'yes' | 'no' | 'unknown';
  /** The browser was asked in this visit and said no. */
  readonly refused: boolean;
  readonly busy: 'freeing' | 'clearing' | undefined;
  /** Bytes that the last "Free playback copies" gave back, as far as the browser's count shows it. */
  readonly freed: number | undefined;
  readonly error: ErrorRecord | undefined;

  refresh(): Promise<void>;
  /** Asks the browser to keep the data even when the disk runs full. */
  persist(): Promise<void>;
  freeProxies(): Promise<void>;
  /** Removes every video, vector and picture of the library; files on disk stay. */
  clear(): Promise<void>;
};

export type StorageStore = StoreApi<StorageState>;

export function createStorageStore({
  library,
  persistence,
}: {
  library: LibraryApi;
  persistence: Persistence | undefined;
}): StorageStore {
  return createStore<StorageState>()((set, get) => {
    const run = async (busy: NonNullable<StorageState['busy']>, work: () => Promise<void>) => {
      if (get().busy) return;
      set({ busy, error: undefined });
      try {
        await work();
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        set({ error: toErrorRecord(error) });
      } finally {
        set({ busy: undefined });
      }
      await get().refresh();
    };

    return {
      status: undefined,
      persistent: 'unknown',
      refused: false,
      busy: undefined,
      freed: undefined,
      error: undefined,

      async refresh() {
        try {
          set({ status: await library.storage() });
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          set({ error: toErrorRecord(error) });
        }
        if (persistence) set({ persistent: (await persistence.persisted()) ? 'yes' : 'no' });
      },

      async persist() {
        if (!persistence) return;
        const granted = await persistence.persist();
        set({ persistent: granted ? 'yes' : 'no', refused: !granted });
      },

      freeProxies: () =>
        run('freeing', async () => {
          const before = (await library.storage()).usage;
          await library.freeProxies();
          set({ freed: Math.max(0, before - (await library.storage()).usage) });
        }),

      clear: () =>
        run('clearing', async () => {
          await library.clear();
          set({ freed: undefined });
        }),
    };
  });
}
