import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorRecord, toErrorRecord } from '../core/errors';
import type { VideoRecord } from '../core/video';
import type { LibraryApi, SpaceSummary } from '../protocol/library-api';

export type LibrarySummary = {
  readonly videos: number;
  readonly indexed: number;
  readonly failed: number;
  readonly waiting: number;
};

export type LibraryState = {
  /** False until the library was read once. */
  readonly loaded: boolean;
  readonly error: ErrorRecord | undefined;
  /** In the order they were added. */
  readonly videos: readonly VideoRecord[];
  readonly byId: ReadonlyMap<string, VideoRecord>;
  readonly summary: LibrarySummary;
  readonly spaces: readonly SpaceSummary[];

  /** Reads the library; called again by itself whenever another tab changed it. */
  load(): Promise<void>;
  loadSpaces(): Promise<void>;
  /** Takes over records as the library worker answered them. */
  apply(records: readonly VideoRecord[]): void;
  /** Hides videos at once; they are gone for good only when {@link LibraryState.forget} is called, or at a later start. */
  remove(ids: readonly string[]): Promise<void>;
  restore(ids: readonly string[]): Promise<void>;
  /** Ends the time in which `ids` can be restored. */
  forget(ids: readonly string[]): Promise<void>;
};

export type LibraryStore = StoreApi<LibraryState>;

export function summarise(videos: readonly VideoRecord[]): LibrarySummary {
  const counts = { indexed: 0, failed: 0, waiting: 0 };
  for (const { state } of videos) counts[state]++;
  return { videos: videos.length, ...counts };
}

export function createLibraryStore({ library }: { library: LibraryApi }): LibraryStore {
  const removed = new Set<string>();
  let subscribed = false;
  let reloadPlanned = false;

  return createStore<LibraryState>()((set, get) => {
    const replace = (records: Iterable<VideoRecord>) => {
      const byId = new Map<string, VideoRecord>();
      for (const record of records) byId.set(record.id, record);
      const videos = [...byId.values()];
      set({ byId, videos, summary: summarise(videos) });
    };

    const guarded = async (work: () => Promise<void>) => {
      try {
        await work();
        if (get().error) set({ error: undefined });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        set({ error: toErrorRecord(error) });
      }
    };

    // Reading everything costs time in proportion to the library: a busy neighbour must not cause a reading a file.
    const reloadSoon = () => {
      if (reloadPlanned) return;
      reloadPlanned = true;
      const reload = () => {
        reloadPlanned = false;
        void get().load();
      };
      setTimeout(reload, 500 + get().videos.length / 4);
    };

    return {
      loaded: false,
      error: undefined,
      videos: [],
      byId: new Map(),
      summary: { videos: 0, indexed: 0, failed: 0, waiting: 0 },
      spaces: [],

      load: () =>
        guarded(async () => {
          if (!subscribed) {
            subscribed = true;
            await library.subscribe(reloadSoon).catch((error: unknown) => {
              subscribed = false;
              throw error;
            });
          }
          replace((await library.videos()).filter(({ id }) => !removed.has(id)));
          set({ loaded: true, spaces: await library.spaces() });
        }),

      loadSpaces: () =>
        guarded(async () => {
          set({ spaces: await library.spaces() });
        }),

      apply(records) {
        const byId = new Map(get().byId);
        for (const record of records) {
          removed.delete(record.id);
          byId.set(record.id, record);
        }
        replace(byId.values());
      },

      remove: (ids) =>
        guarded(async () => {
          for (const id of ids) removed.add(id);
          replace(get().videos.filter(({ id }) => !removed.has(id)));
          await library.remove({ ids });
          await get().loadSpaces();
        }),

      restore: (ids) =>
        guarded(async () => {
          const records = await library.restore({ ids });
          get().apply(records);
          await get().load();
        }),

      forget: (ids) =>
        guarded(async () => {
          for (const id of ids) removed.delete(id);
          if (removed.size === 0) await library.purge();
        }),
    };
  });
}
