import { expect, it } from 'vitest';
import { createWatchedStore, mostWatched, recentlyWatched } from './watched-store';

const noted = (...played: readonly (readonly [id: string, seconds: number])[]) => {
  const store = createWatchedStore();
  for (const [at, [id, seconds]] of played.entries()) store.getState().note({ id, at, seconds });
  return store;
};

it('keeps the last played first, each once with all its seconds', () => {
  expect(noted(['a', 2], ['b', 3], ['a', 1.5]).getState().videos).toEqual([
    { id: 'a', at: 2, seconds: 3.5 },
    { id: 'b', at: 1, seconds: 3 },
  ]);
});

it('keeps a bounded number, and nothing while it is off', () => {
  const store = noted(...Array.from({ length: mostWatched + 5 }, (_, i) => [`v${i}`, 2] as const));
  expect(store.getState().videos).toHaveLength(mostWatched);
  expect(store.getState().videos[0]?.id).toBe(`v${mostWatched + 4}`);
  store.getState().replace([]);
  store.getState().setOn(false);
  store.getState().note({ id: 'a', at: 1, seconds: 9 });
  expect(store.getState().videos).toEqual([]);
});

it('takes the last that are there and were looked at', () => {
  const { videos } = noted(['a', 5], ['gone', 5], ['b', 0.4], ['c', 2], ['d', 3]).getState();
  const videoOf = (id: string) => (id === 'gone' ? undefined : id.toUpperCase());
  expect(recentlyWatched(videos, videoOf)).toEqual(['D', 'C', 'A']);
  expect(recentlyWatched(videos, videoOf, 2)).toEqual(['D', 'C']);
});
