import { expect, test, vi } from 'vitest';
import type { VideoRecord } from '../core/video';
import type { LibraryApi, LibraryChange } from '../protocol/library-api';
import { createLibraryStore } from './library-store';

const record = (id: string, name = id): VideoRecord => ({
  id,
  name,
  path: name,
  bytes: 1,
  locations: [],
  added: 0,
  state: 'indexed',
  spaces: [],
  labels: [],
});

/** A library of five videos, and what was asked of it. */
async function setUp() {
  const stored = new Map(['a', 'b', 'c', 'd', 'e'].map((id) => [id, record(id)]));
  const asked: string[] = [];
  let tell: (change: LibraryChange) => void = () => undefined;
  const library = {
    subscribe: async (listener: typeof tell) => {
      tell = listener;
    },
    videos: async () => {
      asked.push('everything');
      return [...stored.values()];
    },
    someVideos: async ({ ids }: { ids: readonly string[] }) => {
      asked.push([...ids].sort().join());
      return ids.flatMap((id) => stored.get(id) ?? []);
    },
    spaces: async () => [],
    remove: async () => undefined,
  } as unknown as LibraryApi;
  const store = createLibraryStore({ library });
  await store.getState().load();
  asked.length = 0;
  const names = () =>
    store
      .getState()
      .current()
      .map(({ name }) => name)
      .sort();
  return { stored, asked, store, names, tell: (change: LibraryChange) => tell(change) };
}

test('only what changed is read again', async () => {
  vi.useFakeTimers();
  const { stored, asked, names, tell } = await setUp();
  stored.set('b', record('b', 'renamed'));
  stored.delete('c');
  tell({ videos: ['b'] });
  tell({ videos: ['b', 'c'] });
  await vi.advanceTimersByTimeAsync(600);
  expect(asked).toEqual(['b,c']);
  expect(names()).toEqual(['a', 'd', 'e', 'renamed']);
  vi.useRealTimers();
});

test('all is read again where most of it changed', async () => {
  vi.useFakeTimers();
  const { stored, asked, names, tell } = await setUp();
  stored.clear();
  stored.set('f', record('f'));
  tell({ videos: ['a', 'b', 'c', 'd'] });
  await vi.advanceTimersByTimeAsync(600);
  tell('everything');
  await vi.advanceTimersByTimeAsync(600);
  expect(asked).toEqual(['everything', 'everything']);
  expect(names()).toEqual(['f']);
  vi.useRealTimers();
});

test('what was removed a moment ago stays hidden when it is told of', async () => {
  vi.useFakeTimers();
  const { store, names, tell } = await setUp();
  await store.getState().remove(['a']);
  tell({ videos: ['a', 'b'] });
  await vi.advanceTimersByTimeAsync(600);
  expect(names()).toEqual(['b', 'c', 'd', 'e']);
  vi.useRealTimers();
});
