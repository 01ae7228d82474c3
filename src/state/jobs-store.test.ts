import { beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '../core/errors';
import type { VideoRecord } from '../core/video';
import { colour } from '../extractors/colour';
import { resnet50 } from '../extractors/resnet50';
import type { ExtractApi, Extraction } from '../protocol/extract-api';
import type { LibraryApi } from '../protocol/library-api';
import type { CallOptions } from '../protocol/progress';
import type { Engine } from './engine';
import { type FoundFile, fromFileList } from './found-files';
import { createJobsStore } from './jobs-store';
import { createLibraryStore } from './library-store';
import { createModelsStore } from './models-store';
import { createPreferencesStore } from './preferences';
import { createSourcesStore } from './sources';
import { workerStopped } from './worker-stops';

/** What each file's extraction does, by content; a list is worked off call by call. */
type Script = Record<string, (Error | 'forever')[]>;

function setUp(script: Script = {}) {
  const records = new Map<string, VideoRecord>();
  const removed = new Map<string, VideoRecord>();
  const extracted: string[] = [];
  let putError: Error | undefined;
  const update = (id: string, changes: Partial<VideoRecord>) => {
    const known = records.get(id);
    if (!known) throw new AppError('video-missing', id);
    const { error: _, ...rest } = known;
    records.set(id, { ...rest, ...changes });
    return records.get(id) as VideoRecord;
  };
  const library: Partial<LibraryApi> = {
    subscribe: async () => undefined,
    videos: async () => [...records.values()],
    spaces: async () => [],
    folders: async () => [],
    enqueue: async ({ files }) =>
      files.map(({ id, location, labels = [] }) => {
        const { path, bytes } = location;
        const fresh: VideoRecord = {
          id,
          name: path,
          path,
          bytes,
          locations: [location],
          added: 0,
          state: 'waiting',
          spaces: [],
          labels,
        };
        if (!records.has(id)) records.set(id, fresh);
        return records.get(id) as VideoRecord;
      }),
    putProxy: async () => undefined,
    put: async ({ id }) => {
      if (putError) throw putError;
      return update(id, { state: 'indexed', spaces: ['["colour",1,null,"squeeze"]'] });
    },
    fail: async ({ id, error }) =>
      update(id, { state: records.get(id)?.state === 'indexed' ? 'indexed' : 'failed', error }),
    requeue: async ({ ids }) =>
      ids.map((id) => {
        const { error: _, ...record } = records.get(id) as VideoRecord;
        const again: VideoRecord = { ...record, state: record.state === 'indexed' ? 'indexed' : 'waiting' };
        records.set(id, again);
        return again;
      }),
    remove: async ({ ids }) => {
      for (const id of ids) {
        removed.set(id, records.get(id) ?? (removed.get(id) as VideoRecord));
        records.delete(id);
      }
    },
    restore: async ({ ids }) =>
      ids.map((id) => {
        const video = removed.get(id);
        if (!video) throw new AppError('video-missing', id);
        removed.delete(id);
        records.set(id, video);
        return video;
      }),
    purge: async () => removed.clear(),
  };
  const extract: Partial<ExtractApi> = {
    models: async () => [],
    inference: async () => ({ backend: 'wasm', threads: 1, simd: true, crossOriginIsolated: false }),
    warmUp: async () => ({ backend: 'wasm', threads: 1, simd: true, crossOriginIsolated: false }),
    identify: async ({ file }) => file.text(),
    makeSample: async ({ index }) => ({ file: new File([`sample ${index}`], 'a.mp4'), path: 'Sample library/a.mp4' }),
    extract: async ({ file }: { file: File }, { signal }: CallOptions = {}) => {
      const content = await file.text();
      extracted.push(content);
      const next = script[content]?.shift();
      if (next instanceof Error) throw next;
      if (next === 'forever') {
        await new Promise((_, reject) =>
          signal?.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError'))),
        );
      }
      return { id: content } as Extraction;
    },
  };
  const engine = { extract, library } as unknown as Engine;
  const libraryStore = createLibraryStore(engine);
  const sources = createSourcesStore({
    library: engine.library,
    videoOf: (id) => libraryStore.getState().video(id),
  });
  const preferences = createPreferencesStore();
  const jobs = createJobsStore({
    engine,
    library: libraryStore,
    sources,
    models: createModelsStore(engine),
    preferences,
    cards: [resnet50, colour],
  });
  const add = (...contents: string[]) =>
    jobs.getState().add(fromFileList(contents.map((content) => new File([content], `${content}.mp4`))));
  /** Lets calls do their work, and holds their answers until it is told to give them. */
  const hold = (name: 'enqueue' | 'requeue' | 'putProxy') => {
    const call = library[name] as (args: object) => Promise<unknown>;
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const calls: object[] = [];
    library[name] = async (args: object) => {
      const result = await call(args);
      calls.push(args);
      await answered;
      return result as never;
    };
    return { calls, answer };
  };
  const states = () => Object.fromEntries([...records].map(([id, { state }]) => [id, state]));
  return {
    jobs,
    preferences,
    add,
    states,
    records,
    removed,
    extracted,
    libraryStore,
    sources,
    hold,
    breakStorage: (error: Error | undefined) => {
      putError = error;
    },
  };
}

/** One holder at a time, as the browser has it. */
function fakeLocks() {
  let held = false;
  const waiting: (() => void)[] = [];
  return {
    held: () => held,
    async request(_: string, options: object, work: (lock: object | null) => Promise<unknown>) {
      if (held) {
        if ('ifAvailable' in options) return work(null);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      held = true;
      try {
        return await work({});
      } finally {
        held = false;
        waiting.shift()?.();
      }
    },
  };
}

let locks: ReturnType<typeof fakeLocks>;
const reported: unknown[] = [];

beforeEach(() => {
  locks = fakeLocks();
  reported.length = 0;
  vi.stubGlobal('navigator', { locks });
  vi.stubGlobal('document', { visibilityState: 'hidden', addEventListener() {}, removeEventListener() {} });
  vi.stubGlobal('window', { localStorage: { getItem: () => null, setItem() {}, removeItem() {} } });
  vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
  return () => vi.unstubAllGlobals();
});

const until = (check: () => void) => vi.waitFor(check, { timeout: 4000, interval: 5 });

test('a file that fails gets its reason, and the queue goes on', async () => {
  const { add, states, records, jobs } = setUp({ bad: [new AppError('file-truncated', 'cut')] });
  await add('good', 'bad', 'better');
  await until(() => expect(states()).toEqual({ good: 'indexed', bad: 'failed', better: 'indexed' }));
  expect(records.get('bad')?.error?.code).toBe('file-truncated');
  await until(() => expect(jobs.getState()).toMatchObject({ phase: 'idle', total: 3, done: 3, failed: 1 }));
});

test('a worker that stops is tried once more, and a second time it is the file that failed', async () => {
  const stopped = () => workerStopped('itself');
  const { add, states, records, extracted } = setUp({ once: [stopped()], twice: [stopped(), stopped()] });
  await add('once', 'twice');
  await until(() => expect(states()).toEqual({ once: 'indexed', twice: 'failed' }));
  expect(extracted).toEqual(['once', 'once', 'twice', 'twice']);
  expect(records.get('twice')?.error?.code).toBe('decode-failed');
});

test('a bug fails its file alone, and is reported', async () => {
  const bug = new RangeError('oops');
  const { add, states, records } = setUp({ odd: [bug] });
  await add('odd', 'good');
  await until(() => expect(states()).toEqual({ odd: 'failed', good: 'indexed' }));
  expect(records.get('odd')?.error?.message).toContain('oops');
  expect(reported).toEqual([bug]);
});

test('with the storage full the queue stops, nothing fails, and Resume goes on', async () => {
  const { add, states, jobs, breakStorage } = setUp();
  breakStorage(new AppError('storage-full', 'full'));
  await add('a', 'b');
  await until(() => expect(jobs.getState()).toMatchObject({ phase: 'blocked', error: { code: 'storage-full' } }));
  expect(states()).toEqual({ a: 'waiting', b: 'waiting' });
  breakStorage(undefined);
  jobs.getState().resume();
  await until(() => expect(states()).toEqual({ a: 'indexed', b: 'indexed' }));
});

test('Pause lets the file under way go and keeps it in its place; Resume starts it again', async () => {
  const { add, states, jobs, extracted } = setUp({ long: ['forever'] });
  await add('long', 'next');
  await until(() => expect(extracted).toEqual(['long']));
  jobs.getState().pause();
  expect(jobs.getState().phase).toBe('paused');
  await until(() => expect(locks.held()).toBe(false));
  expect(states()).toEqual({ long: 'waiting', next: 'waiting' });
  jobs.getState().resume();
  await until(() => expect(states()).toEqual({ long: 'indexed', next: 'indexed' }));
  expect(extracted).toEqual(['long', 'long', 'next']);
});

test('Cancel takes what was not indexed out of the library, and nothing else', async () => {
  const { add, states, jobs, extracted, removed } = setUp({ long: ['forever'] });
  await add('done', 'long', 'never');
  await until(() => expect(extracted).toEqual(['done', 'long']));
  expect(await jobs.getState().cancel()).toEqual(['long', 'never']);
  expect(states()).toEqual({ done: 'indexed' });
  expect([...removed.keys()]).toEqual(['long', 'never']);
  expect(jobs.getState().phase).toBe('idle');
  await add('later');
  await until(() => expect(states()).toEqual({ done: 'indexed', later: 'indexed' }));
});

test('Cancel while a batch is being written leaves nothing of it, and what was there before as it was', async () => {
  const { add, states, jobs, extracted, hold, records, libraryStore } = setUp();
  await add('known');
  await until(() => expect(states()).toEqual({ known: 'indexed' }));
  records.set('astray', { ...(records.get('known') as VideoRecord), id: 'astray', state: 'waiting' });
  await libraryStore.getState().load();
  const { calls, answer } = hold('enqueue');
  const added = add('new', 'known', 'astray');
  await until(() => expect(calls).toHaveLength(1));
  expect(states()).toEqual({ known: 'indexed', astray: 'waiting', new: 'waiting' });
  expect(await jobs.getState().cancel()).toEqual([]);
  answer();
  await added;
  expect(states()).toEqual({ known: 'indexed', astray: 'waiting' });
  expect(extracted).toEqual(['known']);
});

test('after Cancel no further batch is written, and Undo brings back what was seen to leave', async () => {
  const { states, jobs, hold, records, libraryStore } = setUp();
  const contents = Array.from({ length: 200 }, (_, i) => `${i}`);
  const files = contents.map((content) => new File([content], content));
  const first = contents.slice(0, 64);
  // A copy of the first file comes a second time in the batch that is under way.
  files[64] = new File(['0'], 'copy');
  let second: ReturnType<typeof hold> | undefined;
  const unsubscribe = libraryStore.subscribe(() => {
    second ??= hold('enqueue');
  });
  const added = jobs.getState().add(fromFileList(files));
  await until(() => expect(second?.calls).toHaveLength(1));
  unsubscribe();
  const left = await jobs.getState().cancel();
  expect(left).toEqual(first);
  second?.answer();
  await added;
  expect(second?.calls).toHaveLength(1);
  expect(states()).toEqual({});
  await libraryStore.getState().restore(left);
  expect([...records.keys()]).toEqual(first);
  expect(await jobs.getState().index(left)).toEqual([]);
  await until(() => expect(new Set(Object.values(states()))).toEqual(new Set(['indexed'])));
});

test('Cancel while a sample clip is taken in leaves nothing of it', async () => {
  const { states, jobs, hold, extracted } = setUp();
  const { calls, answer } = hold('putProxy');
  const added = jobs.getState().addSample();
  await until(() => expect(calls).toHaveLength(1));
  await jobs.getState().cancel();
  answer();
  await added;
  expect(states()).toEqual({});
  expect(extracted).toEqual([]);
});

test('Cancel before failed files are in the queue again leaves them failed', async () => {
  const { add, states, jobs, hold, records, extracted } = setUp({ bad: [new AppError('file-truncated', 'cut')] });
  await add('bad');
  await until(() => expect(jobs.getState()).toMatchObject({ phase: 'idle', failed: 1 }));
  const { calls, answer } = hold('requeue');
  await add('new', 'bad');
  await until(() => expect(calls).toHaveLength(1));
  await jobs.getState().cancel();
  answer();
  await until(() => expect(states()).toEqual({ bad: 'failed' }));
  expect(records.get('bad')?.error?.code).toBe('file-truncated');
  expect(extracted).toEqual(['bad']);
});

/** A file whose content is another one each time it is opened, and stays the last. */
function changing(...contents: string[]): FoundFile {
  let opened = 0;
  const open = async () => new File([contents[Math.min(opened++, contents.length - 1)] as string], 'a.mp4');
  return { folder: null, path: 'a.mp4', labels: [], open };
}

test('a file that holds another video by the time it is indexed is told, and not taken for the first one', async () => {
  const { jobs, states, records } = setUp();
  const found = { files: [changing('first', 'second')], skipped: 0 };
  await jobs.getState().add(found);
  await until(() => expect(states()).toEqual({ first: 'failed' }));
  expect(records.get('first')).toMatchObject({ error: { code: 'file-changed' }, spaces: [] });
  await jobs.getState().add(found);
  await until(() => expect(states()).toEqual({ first: 'failed', second: 'indexed' }));
});

test('an indexed video keeps what it has when its file holds another one', async () => {
  const { jobs, states, records, libraryStore, extracted } = setUp();
  await jobs.getState().add({ files: [changing('first', 'first', 'second')], skipped: 0 });
  await until(() => expect(states()).toEqual({ first: 'indexed' }));
  await until(() => expect(jobs.getState().phase).toBe('idle'));
  const older = { ...(records.get('first') as VideoRecord), spaces: ['["colour",0,null,"squeeze"]'] };
  records.set('first', older);
  await libraryStore.getState().load();
  await jobs.getState().index(['first']);
  await until(() => expect(jobs.getState()).toMatchObject({ phase: 'idle', done: 1, failed: 1 }));
  expect(extracted).toEqual(['first', 'second']);
  expect(records.get('first')).toEqual({ ...older, error: expect.objectContaining({ code: 'file-changed' }) });
});

test('a video that is deleted for good while it is described stops nothing', async () => {
  const { jobs, add, breakStorage } = setUp();
  breakStorage(new AppError('video-missing', 'purged'));
  await add('a', 'b');
  await until(() => expect(jobs.getState()).toMatchObject({ phase: 'idle', done: 2, failed: 0 }));
});

test('an error of a described video goes once it lacks nothing any more', async () => {
  const { jobs, states, records, libraryStore } = setUp();
  await jobs.getState().add({ files: [changing('first')], skipped: 0 });
  await until(() => expect(states()).toEqual({ first: 'indexed' }));
  await until(() => expect(jobs.getState().phase).toBe('idle'));
  const error = { code: 'out-of-memory', message: 'of a descriptor that is off by now', details: {} } as const;
  records.set('first', { ...(records.get('first') as VideoRecord), error });
  await libraryStore.getState().load();
  await jobs.getState().index(['first']);
  expect(records.get('first')).toMatchObject({ state: 'indexed' });
  expect(libraryStore.getState().video('first')).not.toHaveProperty('error');
});

test('what an earlier visit could not read, and left waiting, is told apart before it is indexed', async () => {
  const { jobs, states, records, libraryStore, sources } = setUp();
  const found = changing('content');
  const location = { folder: null, path: found.path, bytes: 0, modified: 0 };
  const id = `unread:${found.path}`;
  const standIn = { id, name: 'a.mp4', path: found.path, bytes: 0, added: 0, spaces: [], labels: [] };
  records.set(id, { ...standIn, state: 'waiting', locations: [location] });
  await libraryStore.getState().load();
  sources.getState().remember(id, found);
  await jobs.getState().resumeWaiting();
  await until(() => expect(states()).toEqual({ content: 'indexed' }));
});

test('that the page itself ended the worker is never held against a file', async () => {
  const [ended, crashed] = [workerStopped('page'), workerStopped('itself')];
  const { add, states, extracted, jobs } = setUp({ good: [ended, ended, ended], once: [ended, crashed, ended] });
  await add('good', 'once');
  await until(() => expect(states()).toEqual({ good: 'indexed', once: 'indexed' }));
  expect(extracted.filter((content) => content === 'good')).toHaveLength(4);
  expect(extracted.filter((content) => content === 'once')).toHaveLength(4);
  await until(() => expect(jobs.getState()).toMatchObject({ phase: 'idle', done: 2, failed: 0 }));
});

test('files that are indexed already are skipped, failed ones are tried again', async () => {
  const { add, states, extracted } = setUp({ bad: [new AppError('decode-failed', 'no')] });
  await add('good', 'bad');
  await until(() => expect(states()).toEqual({ good: 'indexed', bad: 'failed' }));
  await add('good', 'bad');
  await until(() => expect(states()).toEqual({ good: 'indexed', bad: 'indexed' }));
  expect(extracted).toEqual(['good', 'bad', 'bad']);
});

test('a file that cannot be read is listed with the reason, and found again by Retry', async () => {
  const { jobs, states, records } = setUp();
  let readable = false;
  const open = async () => {
    if (readable) return new File(['content'], 'a.mp4');
    throw new DOMException('gone', 'NotFoundError');
  };
  await jobs.getState().add({ files: [{ folder: null, path: 'a.mp4', labels: [], open }], skipped: 0 });
  await until(() => expect(Object.values(states())).toEqual(['failed']));
  const [id = ''] = records.keys();
  expect(records.get(id)?.error?.code).toBe('file-unreadable');
  readable = true;
  expect(await jobs.getState().index([id])).toEqual([]);
  await until(() => expect(states()).toEqual({ content: 'indexed' }));
});

test('while another tab indexes this one waits, and looks again at what is left', async () => {
  const { add, jobs, states, records, extracted } = setUp();
  let release: () => void = () => undefined;
  const other = locks.request('', {}, () => new Promise<void>((resolve) => (release = resolve)));
  await add('a', 'b');
  await until(() => expect(jobs.getState().phase).toBe('elsewhere'));
  expect(extracted).toEqual([]);
  const a = records.get('a') as VideoRecord;
  records.set('a', { ...a, state: 'indexed', spaces: ['["colour",1,null,"squeeze"]'] });
  release();
  await other;
  await until(() => expect(states()).toEqual({ a: 'indexed', b: 'indexed' }));
  expect(extracted).toEqual(['b']);
});

test('without the model of the only extractor that is on, nothing fails and the reason is given', async () => {
  const { add, jobs, states, preferences } = setUp();
  preferences.getState().set({ extractorsOff: ['colour'] });
  await add('a');
  await until(() => expect(jobs.getState()).toMatchObject({ phase: 'blocked', error: { code: 'model-missing' } }));
  expect(states()).toEqual({ a: 'waiting' });
});
