import { AppError, type ErrorRecord, isAbortError, toErrorRecord } from '../core/errors';
import type { VideoRecord } from '../core/video';
import type { ExtractorCard } from '../extractors/extractor';
import type { ExtractApi } from '../protocol/extract-api';
import type { Progress } from '../protocol/progress';
import { runnable, uncoveredOfMany, type Wanted } from './coverage';
import type { Engine } from './engine';
import { asOnlyTab, stayAwake } from './indexing-lock';
import type { LibraryStore } from './library-store';
import type { ModelsStore } from './models-store';
import { createPace } from './pace';
import { type PreferencesStore, requestsFor } from './preferences';
import type { SourcesStore } from './sources';
import { type Task, workOff } from './work-off';
import { despiteCancels, isStop, retryOnce } from './worker-stops';

/** `elsewhere`: another tab indexes, and this one follows when it is through. `blocked`: something must be put right first. */
export type IndexingPhase = 'idle' | 'indexing' | 'paused' | 'elsewhere' | 'blocked';

export type IndexingState = {
  readonly phase: IndexingPhase;
  /** Models are being loaded before the first file. */
  readonly warming: boolean;
  /** Since the queue was last empty. */
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  /** Of the files under way, the one that was begun first. */
  readonly current: ({ readonly id: string } & Progress) | undefined;
  /** Seconds left; undefined while unknown. */
  readonly eta: number | undefined;
  /** Why the queue is blocked. */
  readonly error: ErrorRecord | undefined;
};

export type IndexingDependencies = {
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly sources: SourcesStore;
  readonly models: ModelsStore;
  readonly preferences: PreferencesStore;
  readonly cards: readonly ExtractorCard[];
};

export type IndexingHooks = {
  readonly get: () => IndexingState;
  readonly set: (changes: Partial<IndexingState>) => void;
  /** Resolves when the next file may start: knowing all files first costs little, and makes what is left known. */
  readonly held: (signal: AbortSignal) => Promise<void>;
  /** Videos that will join the queue, as far as known. */
  readonly toCome: () => number;
};

/** Works off a queue of videos in the one tab that indexes. */
export type Indexing = {
  /** Adds videos that are not in the queue yet, and starts unless paused or blocked. */
  push(ids: readonly string[]): void;
  start(): void;
  /** Lets the file under way go; it stays in the queue. */
  stop(): void;
  /** Stops, empties the queue and gives what was in it. */
  clear(): readonly string[];
  block(error: unknown): void;
  wanted(): Wanted;
  /** Tells, for one pass over videos, whether there is something to describe one by that it lacks. */
  lacks(): (video: VideoRecord) => boolean;
};

export const idle: IndexingState = {
  phase: 'idle',
  warming: false,
  total: 0,
  done: 0,
  failed: 0,
  current: undefined,
  eta: undefined,
  error: undefined,
};

export function createIndexing(
  dependencies: IndexingDependencies,
  { get, set, held, toCome }: IndexingHooks,
): Indexing {
  const { engine, library, sources, models, preferences, cards } = dependencies;
  const queue = new Set<string>();
  const pace = createPace();
  let runControl: AbortController | undefined;
  let runEnd: Promise<void> = Promise.resolve();

  const wanted = () => runnable(requestsFor(preferences.getState(), cards), models.getState().models ?? [], cards);
  const missing = () => uncoveredOfMany(wanted().requests, models.getState().models ?? [], cards);
  const lacks = () => {
    const missingIn = missing();
    return (video: VideoRecord) => missingIn(video).length > 0;
  };
  const extract: ExtractApi['extract'] = (args, options) => despiteCancels(() => engine.extract.extract(args, options));

  const push = (ids: readonly string[]) => {
    if (queue.size === 0 && get().phase !== 'indexing') set({ total: 0, done: 0, failed: 0, error: undefined });
    const before = queue.size;
    for (const id of ids) queue.add(id);
    set({ total: get().total + queue.size - before });
  };

  const block = (error: AppError) => set({ phase: 'blocked', error: toErrorRecord(error), current: undefined });

  /** It may have been deleted meanwhile. */
  const show = (record: VideoRecord) => {
    if (library.getState().video(record.id)) library.getState().apply([record]);
  };

  /** One file. Rejects only where the queue cannot go on: cancelled, or nothing can be stored. A worker that stops says
   * nothing of which file stopped it: `again` asks for a second try, alone. */
  const indexOne: Task = async (id, { signal, alone, onProgress }) => {
    const video = library.getState().video(id);
    if (!video) return 'fine';
    const requests = video.state === 'indexed' ? missing()(video) : wanted().requests;
    if (requests.length === 0) return 'fine';
    let file: File | undefined;
    try {
      file = await sources.getState().fileOf(id);
      if (!file) throw new AppError('file-unreadable', 'The file is not where it was', { name: video.name });
      const extraction = await extract({ file, requests }, { signal, onProgress });
      signal.throwIfAborted();
      if (extraction.id !== id) throw new AppError('file-changed', 'It holds another video', { name: video.name });
      show(await retryOnce(() => engine.library.put({ id, extraction })));
      return 'fine';
    } catch (error) {
      if (signal.aborted || isAbortError(error)) throw error;
      if (!alone && isStop(error)) return 'again';
      // Deleted for good meanwhile.
      if (error instanceof AppError && error.code === 'video-missing') return 'fine';
      const failure = (await goneMeanwhile(file)) ?? asFailure(error);
      if (failure.code.startsWith('storage-')) throw failure;
      if (library.getState().video(id)) show(await engine.library.fail({ id, error: toErrorRecord(failure) }));
      return 'failed';
    }
  };

  /** Loading the models counts for no file, or the first one would spoil the estimate. */
  const warmUp = async (signal: AbortSignal) => {
    set({ warming: true });
    const warm = retryOnce(() =>
      engine.extract.warmUp({ extractors: wanted().requests.map(({ extractor }) => extractor) }),
    );
    // A pause does not wait for it to end, nor to fail.
    warm.catch(() => undefined);
    await Promise.race([warm, aborted(signal)]);
    signal.throwIfAborted();
    set({ warming: false });
  };

  /** Another tab may have done them while this one waited. */
  const passOverFinished = () => {
    const before = queue.size;
    const isLacking = lacks();
    for (const id of queue) {
      const video = library.getState().video(id);
      if (!video || (video.state !== 'waiting' && !isLacking(video))) queue.delete(id);
    }
    set({ done: get().done + before - queue.size });
  };

  const workOffQueue = async (signal: AbortSignal) => {
    let last = performance.now();
    await workOff(queue, {
      signal,
      ready: held,
      atOnce: filesAtOnce(),
      task: indexOne,
      onFirst: (id, progress) => set({ current: { id, ...progress } }),
      onDone: (id, outcome) => {
        queue.delete(id);
        pace.took(performance.now() - last);
        last = performance.now();
        const { done, failed } = get();
        set({
          done: done + 1,
          failed: failed + (outcome === 'failed' ? 1 : 0),
          eta: pace.left(queue.size + toCome()),
        });
      },
    });
  };

  const drain = async (signal: AbortSignal) => {
    const letSleep = stayAwake();
    set({ phase: 'indexing' });
    try {
      await models.getState().refresh();
      await held(signal);
      passOverFinished();
      if (queue.size > 0) await warmUp(signal);
      await workOffQueue(signal);
    } finally {
      letSleep();
      set({ warming: false, current: undefined, eta: undefined });
      void library.getState().loadSpaces();
    }
  };

  const runOnce = async (signal: AbortSignal) => {
    try {
      if (wanted().requests.length === 0) await models.getState().refresh();
      const { requests, missing } = wanted();
      if (requests.length === 0) {
        const file = missing[0]?.model?.file ?? '';
        throw new AppError('model-missing', 'No descriptor can run', { file });
      }
      let waited = false;
      const work = async () => {
        if (waited) await library.getState().load();
        await drain(signal);
      };
      const onWait = () => {
        waited = true;
        set({ phase: 'elsewhere' });
      };
      await asOnlyTab(work, onWait, signal);
      if (!signal.aborted) set({ phase: 'idle' });
    } catch (error) {
      if (signal.aborted || isAbortError(error)) return;
      block(asFailure(error));
    }
  };

  const run = () => {
    if (runControl || queue.size === 0 || get().phase === 'paused' || get().phase === 'blocked') return;
    const control = new AbortController();
    runControl = control;
    // The run before may still hold the lock while it unwinds.
    runEnd = runEnd
      .then(() => (control.signal.aborted ? undefined : runOnce(control.signal)))
      .then(() => {
        if (runControl === control) runControl = undefined;
        // Files may have come in between the last look at the queue and the release of the lock.
        run();
      });
  };

  const stop = () => {
    runControl?.abort();
    runControl = undefined;
  };

  return {
    push(ids) {
      push(ids);
      run();
    },
    start: run,
    stop,
    clear() {
      stop();
      const ids = [...queue];
      queue.clear();
      return ids;
    },
    block: (error) => block(asFailure(error)),
    wanted,
    lacks,
  };
}

/** One that is described, and two that come up meanwhile. */
function filesAtOnce(): number {
  return (navigator.hardwareConcurrency ?? 1) > 1 ? 3 : 1;
}

/** A file that was taken away while it was decoded looks damaged to the decoder. Undefined where it can still be read. */
async function goneMeanwhile(file: File | undefined): Promise<AppError | undefined> {
  try {
    await file?.slice(0, 1).arrayBuffer();
    return undefined;
  } catch (cause) {
    return new AppError('file-unreadable', 'the file cannot be read any more', { name: file?.name ?? '' }, { cause });
  }
}

/** What is written on a file's record: a decoder that stops twice is the file's fault; anything unknown is noted as it is. */
function asFailure(error: unknown): AppError {
  if (error instanceof AppError) {
    if (!isStop(error)) return error;
    return new AppError('decode-failed', 'The decoder stopped twice while working on this file');
  }
  reportError(error);
  return new AppError('decode-failed', error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
