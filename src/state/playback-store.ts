import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorRecord, toErrorRecord } from '../core/errors';
import type { MediaProbe } from '../core/media';
import type { ExtractApi } from '../protocol/extract-api';
import type { LibraryApi } from '../protocol/library-api';
import type { Progress } from '../protocol/progress';
import { toldOf } from './tasks';

/** What is to be played. */
export type PlaybackItem = {
  /** Content id, or any key that is unique to this item while its id is unknown. */
  readonly key: string;
  /** Id of the library's video, so that a playback copy is found and kept; undefined for a file from outside. */
  readonly videoId: string | undefined;
  /** The file where it is at hand already. */
  readonly file: File | undefined;
  readonly probe: MediaProbe | undefined;
};

export type PlaybackMedia =
  | { readonly status: 'loading' }
  /** `copy`: a playback copy made by this app, not the file itself. */
  | { readonly status: 'ready'; readonly source: Blob; readonly still: boolean; readonly copy: boolean }
  /** The browser cannot play this file; a copy that it can play has yet to be made. */
  | { readonly status: 'unplayable' }
  | { readonly status: 'making'; readonly progress: Progress | undefined }
  /** The file's folder is not connected. */
  | { readonly status: 'away' }
  | { readonly status: 'failed'; readonly error: ErrorRecord };

export type PlaybackState = {
  /** By the items' keys. */
  readonly media: Readonly<Record<string, PlaybackMedia>>;

  /** Finds what can be played. With `make`, goes on to make a copy where nothing can. */
  open(item: PlaybackItem, options?: { make?: boolean }): Promise<void>;
  /** Makes a copy that `<video>` can play, and keeps it where the item is the library's. */
  make(item: PlaybackItem): Promise<void>;
  /** Told by a `<video>` that failed: what was said to be playable is not. */
  reportUnplayable(item: PlaybackItem, options?: { make?: boolean }): Promise<void>;
  /** Stops making a copy. */
  stop(key: string): void;
  /** Forgets an item that is no longer on screen, and stops its work. */
  close(key: string): void;
};

export type PlaybackStore = StoreApi<PlaybackState>;

export type PlaybackDependencies = {
  readonly extract: ExtractApi;
  readonly library: LibraryApi;
  /** The file of a library's video, or undefined while its folder is not connected. */
  readonly fileOf: (videoId: string) => Promise<File | undefined>;
};

export function createPlaybackStore({ extract, library, fileOf }: PlaybackDependencies): PlaybackStore {
  const working = new Map<string, AbortController>();

  return createStore<PlaybackState>()((set, get) => {
    const show = (key: string, media: PlaybackMedia) => set({ media: { ...get().media, [key]: media } });

    /** Runs one piece of work for an item; a newer one for the same item, `stop` and `close` overtake it. */
    const run = async (item: PlaybackItem, work: (signal: AbortSignal) => Promise<PlaybackMedia>) => {
      working.get(item.key)?.abort();
      const controller = new AbortController();
      working.set(item.key, controller);
      const { signal } = controller;
      try {
        const media = await work(signal);
        if (!signal.aborted) show(item.key, media);
      } catch (error) {
        const told = signal.aborted ? undefined : toldOf(error);
        if (told) show(item.key, { status: 'failed', error: told });
      } finally {
        if (working.get(item.key) === controller) working.delete(item.key);
      }
    };

    const file = async ({ file: atHand, videoId }: PlaybackItem) =>
      atHand ?? (videoId === undefined ? undefined : await fileOf(videoId));

    const keptCopy = async ({ videoId }: PlaybackItem) =>
      videoId === undefined ? undefined : await library.proxy({ id: videoId });

    const makeCopy = async (item: PlaybackItem, signal: AbortSignal): Promise<PlaybackMedia> => {
      const kept = await keptCopy(item);
      if (kept) return { status: 'ready', source: kept, still: false, copy: true };
      const original = await file(item);
      signal.throwIfAborted();
      if (!original) return { status: 'away' };
      show(item.key, { status: 'making', progress: undefined });
      const copy = await extract.makeProxy(
        { file: original },
        {
          signal,
          onProgress: (progress) => {
            if (!signal.aborted) show(item.key, { status: 'making', progress });
          },
        },
      );
      signal.throwIfAborted();
      // A full disk must not take the copy away from the person who is waiting for it: it plays, unkept.
      if (item.videoId !== undefined) {
        await library.putProxy({ id: item.videoId, proxy: copy }).catch((error: unknown) => {
          if (!(error instanceof AppError)) throw error;
        });
      }
      return { status: 'ready', source: copy, still: false, copy: true };
    };

    return {
      media: {},

      async open(item, { make = false } = {}) {
        if (get().media[item.key]?.status === 'ready') return;
        show(item.key, { status: 'loading' });
        await run(item, async (signal) => {
          const { probe } = item;
          const still = probe?.decoder === 'image';
          if (!probe || probe.playable || still) {
            const original = await file(item);
            if (original) return { status: 'ready', source: original, still, copy: false };
          }
          if (make) return await makeCopy(item, signal);
          const kept = await keptCopy(item);
          if (kept) return { status: 'ready', source: kept, still: false, copy: true };
          return (await file(item)) ? { status: 'unplayable' } : { status: 'away' };
        });
      },

      make: (item) => run(item, (signal) => makeCopy(item, signal)),

      async reportUnplayable(item, { make = false } = {}) {
        const current = get().media[item.key];
        if (current?.status !== 'ready') return;
        if (current.copy) {
          const error = new AppError('proxy-failed', 'the playback copy does not play in this browser');
          show(item.key, { status: 'failed', error: toErrorRecord(error) });
          return;
        }
        show(item.key, { status: 'unplayable' });
        if (make) await get().make(item);
      },

      stop(key) {
        working.get(key)?.abort();
        if (get().media[key]?.status === 'making') show(key, { status: 'unplayable' });
      },

      close(key) {
        working.get(key)?.abort();
        const { [key]: _, ...media } = get().media;
        set({ media });
      },
    };
  });
}
