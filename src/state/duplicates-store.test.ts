import { expect, test } from 'vitest';
import { AppError } from '../core/errors';
import type { NearDuplicate } from '../core/near-duplicates/judge';
import type { VideoRecord } from '../core/video';
import type { DismissedPair, DuplicateReport } from '../protocol/duplicates-api';
import type { LibraryApi } from '../protocol/library-api';
import { duplicatesBasis, waitsForHashes } from './duplicates-describing';
import { createDuplicatesStore, groupsAmong } from './duplicates-store';
import { createPreferencesStore } from './preferences';

const range = { from: 0, to: 4 };
const found: NearDuplicate = {
  relation: 'copy',
  speed: 1,
  offset: 0,
  mirrored: false,
  cropped: undefined,
  distance: 1,
  anyDistance: 20,
  first: range,
  second: range,
};
const pair = (...ids: [string, string]) => ({ ids, found });
const report: DuplicateReport = {
  groups: [{ videos: ['a', 'b', 'c', 'd'], pairs: [pair('a', 'b'), pair('b', 'c'), pair('c', 'd')] }],
  compared: 9,
  lacking: 0,
};
const shown = (groups: DuplicateReport['groups'], gone: readonly string[] = []) =>
  groupsAmong(groups, (id) => !gone.includes(id)).map(({ videos }) => videos.join(''));

test('groups fall apart with the videos that held them together', () => {
  expect(shown(report.groups)).toEqual(['abcd']);
  expect(shown(report.groups, ['d'])).toEqual(['abc']);
  expect(shown(report.groups, ['b'])).toEqual(['cd']);
  expect(shown(report.groups, ['b', 'c'])).toEqual([]);
});

function stage() {
  const dismissed: DismissedPair[] = [];
  const library = {
    findDuplicates: async () => report,
    dismissPairs: async ({ pairs }: { pairs: readonly DismissedPair[] }) => void dismissed.push(...pairs),
    allowPairs: async () => dismissed.splice(0),
    dismissedPairs: async () => dismissed.length,
  };
  return { library, dismissed, store: createDuplicatesStore({ library: library as unknown as LibraryApi }) };
}

test('what is dismissed leaves the report at once, and comes back when it is allowed', async () => {
  const { store, dismissed } = stage();
  await store.getState().search(9);
  expect(store.getState()).toMatchObject({ phase: 'idle', report, basis: 9, dismissed: 0 });
  const pairs: DismissedPair[] = [
    ['c', 'a'],
    ['c', 'b'],
    ['c', 'd'],
  ];
  await store.getState().dismiss(pairs);
  expect(dismissed).toEqual(pairs);
  expect(shown(store.getState().report?.groups ?? [])).toEqual(['ab']);
  expect(await store.getState().allow('all')).toEqual(pairs);
  expect(shown(store.getState().report?.groups ?? [])).toEqual(['abcd']);
  expect(store.getState()).toMatchObject({ dismissed: 0, basis: 9 });
});

test('a search that fails says why, one that is cancelled leaves no trace and is made again', async () => {
  const { library, store } = stage();
  library.findDuplicates = async () => {
    throw new AppError('storage-unavailable', 'no');
  };
  await store.getState().search(1);
  expect(store.getState()).toMatchObject({ phase: 'idle', error: { code: 'storage-unavailable' } });

  library.findDuplicates = () => new Promise(() => undefined);
  void store.getState().search(2);
  expect(store.getState()).toMatchObject({ phase: 'searching', error: undefined, basis: 2 });
  store.getState().cancel();
  expect(store.getState()).toMatchObject({ phase: 'idle', error: undefined, basis: -1 });
});

test('videos without hashes are told, and the hashes switched on for them', () => {
  const video = (id: string, ...spaces: string[]) => ({ id, state: 'indexed', spaces }) as unknown as VideoRecord;
  const videos = [video('a', '["colour",1,null,"squeeze"]'), video('b', '["wavelet-hash",1,null,"squeeze"]')];
  expect(duplicatesBasis(videos)).toBe(3);
  const preferences = createPreferencesStore();
  preferences.getState().set({ extractorsOff: ['wavelet-hash', 'resnet50'] });
  expect(waitsForHashes(videos, preferences)).toEqual(['a']);
  expect(preferences.getState().extractorsOff).toEqual(['resnet50']);
});

test('a search that fails for want of memory says so, and can be repeated', async () => {
  const { store, library } = stage();
  library.findDuplicates = () => Promise.reject(new RangeError('Array buffer allocation failed'));
  await store.getState().search(9);
  expect(store.getState()).toMatchObject({ phase: 'idle', error: { code: 'out-of-memory' } });
  library.findDuplicates = async () => report;
  await store.getState().search(9);
  expect(store.getState()).toMatchObject({ phase: 'idle', error: undefined, report });
});
