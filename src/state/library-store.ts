import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorRecord, toErrorRecord } from '../core/errors';
import type { VideoRecord } from '../core/video';
import type { LibraryApi, LibraryChange, SpaceSummary } from '../protocol/library-api';

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
  /** Those read first that were added last, later ones behind them. */
  readonly videos: readonly VideoRecord[];
  readonly byId: ReadonlyMap<string, VideoRecord>;
  readonly summary: LibrarySummary;
  readonly spaces: readonly SpaceSummary[];

  /** Reads the library; called again by itself whenever another tab changed it. */
  load(): Promise<void>;
  loadSpaces(): Promise<void>;
  /** Takes over records as the library worker answered them. `videos`, `byId` and `summary` follow within a moment;
   * {@link LibraryState.video} and {@link LibraryState.current} know at once. */
  apply(records: readonly VideoRecord[]): void;
  /** The record as it is now. */
  video(id: string): VideoRecord | undefined;
  /** All records as they are now. */
  current(): VideoRecord[];
  /** Hides videos at once; they are gone for good only when {@link LibraryState.forget} is called, or at a later start. */
  remove(ids: readonly string[]): Promise<void>;
  restore(ids: readonly string[]): Promise<void>;
  /** Ends the time in which `ids` can be restored. */
  forget(ids: readonly string[]): Promise<void>;
};

export type LibraryStore = StoreApi<LibraryState>;

/** Records that are read in one message. */
const atOnce = 256;

export function summarise(videos: readonly VideoRecord[]): LibrarySummary {
  const counts = { indexed: 0, failed: 0, waiting: 0 };
  for (const { state } of videos) counts[state]++;
  return { videos: videos.length, ...counts };
}

export function createLibraryStore({ library }: { library: LibraryApi }): LibraryStore {
  const removed = new Set<string>();
  const records = new Map<string, VideoRecord>();
  /** Records that came in while the library was being read: they are newer than what the reading gives. */
  const changedMeanwhile = new Set<Map<string, VideoRecord>>();
  let subscribed = false;
  let refreshPlanned = false;
  /** What changed since it was read last. */
  const changedIds = new Set<string>();
  let allChanged = false;
  let publishPlanned = false;
  let published = 0;

  return createStore<LibraryState>()((set, get) => {
    const publish = () => {
      published = performance.now();
      const videos = [...records.values()];
      set({ byId: new Map(records), videos, summary: summarise(videos) });
    };

    // Lists of thousands are sorted and filtered anew with each publication: a few a second are enough.
    const publishSoon = () => {
      if (publishPlanned) return;
      const due = published + records.size / 10 - performance.now();
      if (due <= 0) return publish();
      publishPlanned = true;
      setTimeout(() => {
        publishPlanned = false;
        publish();
      }, due);
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

    const keep = (record: VideoRecord) => {
      records.set(record.id, record);
      for (const changes of changedMeanwhile) changes.set(record.id, record);
    };

    const readChanged = (ids: readonly string[]) =>
      guarded(async () => {
        for (let from = 0; from < ids.length; from += atOnce) {
          const some = ids.slice(from, from + atOnce);
          const found = new Map((await library.someVideos({ ids: some })).map((video) => [video.id, video]));
          for (const id of some) {
            const video = found.get(id);
            if (!video || removed.has(id)) records.delete(id);
            else keep(video);
          }
        }
        publishSoon();
        set({ spaces: await library.spaces() });
      });

    // A busy neighbour must not cause a reading a file, and least of all one of everything.
    const onChange = (change: LibraryChange) => {
      if (change === 'everything') allChanged = true;
      else for (const id of change.videos) changedIds.add(id);
      if (refreshPlanned) return;
      refreshPlanned = true;
      setTimeout(
        () => {
          const ids = [...changedIds];
          const reload = allChanged || ids.length > records.size / 2;
          refreshPlanned = false;
          allChanged = false;
          changedIds.clear();
          void (reload ? get().load() : readChanged(ids));
        },
        500 + records.size / 20,
      );
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
            await library.subscribe(onChange).catch((error: unknown) => {
              subscribed = false;
              throw error;
            });
          }
          const changed = new Map<string, VideoRecord>();
          changedMeanwhile.add(changed);
          const videos = await library.videos().finally(() => changedMeanwhile.delete(changed));
          records.clear();
          for (const video of [...videos, ...changed.values()]) {
            if (!removed.has(video.id)) records.set(video.id, video);
          }
          publish();
          set({ loaded: true, spaces: await library.spaces() });
        }),

      loadSpaces: () =>
        guarded(async () => {
          set({ spaces: await library.spaces() });
        }),

      apply(changed) {
        for (const record of changed) {
          removed.delete(record.id);
          keep(record);
        }
        publishSoon();
      },

      video: (id) => records.get(id),
      current: () => [...records.values()],

      remove: (ids) =>
        guarded(async () => {
          for (const id of ids) {
            removed.add(id);
            records.delete(id);
          }
          publish();
          await library.remove({ ids });
          await get().loadSpaces();
        }),

      restore: (ids) =>
        guarded(async () => {
          get().apply(await library.restore({ ids }));
          await get().load();
        }),

      forget: (ids) =>
        guarded(async () => {
          for (const id of ids) removed.delete(id);
          await library.purge({ ids });
        }),
    };
  });
}
