import { persist } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** A video of the library that was played in the app. */
type Watched = {
  readonly id: string;
  /** When last, milliseconds since 1970. */
  readonly at: number;
  /** Played for so long in all. */
  readonly seconds: number;
};

export type WatchedState = {
  /** Whether what is played is kept. */
  readonly on: boolean;
  /** The last played first. */
  readonly videos: readonly Watched[];
  note(played: Watched): void;
  setOn(on: boolean): void;
  /** Forgets all, or puts back what was forgotten. */
  replace(videos: readonly Watched[]): void;
};

export type WatchedStore = StoreApi<WatchedState>;

/** Videos that are kept at most; those played longest ago go first. */
export const mostWatched = 100;
/** What was played for less was hardly looked at. Seconds. */
const least = 1;

/** What was played here, in this browser alone. */
export function createWatchedStore(): WatchedStore {
  return createStore<WatchedState>()(
    persist(
      (set, get) => ({
        on: true,
        videos: [],
        note({ id, at, seconds }) {
          const { on, videos } = get();
          if (!on || seconds <= 0) return;
          const before = videos.find((video) => video.id === id)?.seconds ?? 0;
          const others = videos.filter((video) => video.id !== id);
          set({ videos: [{ id, at, seconds: before + seconds }, ...others].slice(0, mostWatched) });
        },
        setOn: (on) => set({ on }),
        replace: (videos) => set({ videos }),
      }),
      { name: 'reelmatch-watched', version: 1, partialize: ({ on, videos }) => ({ on, videos }) },
    ),
  );
}

/** Of what was played, the `most` that came last and are still there. */
export function recentlyWatched<Video>(
  watched: readonly Watched[],
  videoOf: (id: string) => Video | undefined,
  most = 5,
): readonly Video[] {
  const looked = watched.filter(({ seconds }) => seconds >= least);
  return looked.flatMap(({ id }) => videoOf(id) ?? []).slice(0, most);
}
