import { createStore, type StoreApi } from 'zustand/vanilla';
import { serial } from '../core/async';
import { AppError, type ErrorRecord, isAbortError, toErrorRecord } from '../core/errors';
import type { VideoRecord } from '../core/video';
import type { ExtractorCard } from '../extractors/extractor';
import { runnable, uncovered, type Wanted } from './coverage';
import type { Engine } from './engine';
import type { FoundFiles } from './found-files';
import { asOnlyTab, stayAwake } from './indexing-lock';
import { retryOnce, takeIn, unreadId } from './intake';
import type { LibraryStore } from './library-store';
import type { ModelsStore } from './models-store';
import { createPace } from './pace';
import { type PreferencesStore, requestsFor } from './preferences';
import { makeSampleClip, sampleClips } from './sample-library';
import type { SourcesStore } from './sources';

/** `elsewhere`: another tab indexes, and this one follows when it is through. `blocked`: something must be put right first. */
export type JobsPhase = 'idle' | 'indexing' | 'paused' | 'elsewhere' | 'blocked';

export type JobsState = {
  readonly phase: JobsPhase;
  /** Models are being loaded before the first file. */
  readonly warming: boolean;
  /** Files being found and told apart before they join the queue. */
  readonly intake: { readonly found: number; readonly read: number } | undefined;
  /** Sample clips being made. */
  readonly sample: { readonly made: number; readonly fraction: number } | undefined;
  /** Since the queue was last empty. */
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  /** Files that the last folder held beside its videos. */
  readonly skipped: number;
  readonly current: { readonly id: string; readonly stage: string; readonly fraction: number | undefined } | undefined;
  /** Seconds left; undefined while unknown. */
  readonly eta: number | undefined;
  /** Why the queue is blocked. */
  readonly error: ErrorRecord | undefined;

  /** Takes files in and indexes what is new. */
  add(found: FoundFiles): Promise<void>;
  /** Drops and picked folders: keeps the folder and takes in what lies there. */
  addFolder(handle: FileSystemDirectoryHandle): Promise<void>;
  /** Makes the sample clips and indexes them. */
  addSample(): Promise<void>;
  pause(): void;
  resume(): void;
  /** Stops at once; takes files that were not indexed yet out of the library and gives their ids, for an undo. */
  cancel(): Promise<readonly string[]>;
  /** Indexes these videos (again), as far as their files are at hand; gives the ids of those whose files are not. */
  index(ids: readonly string[]): Promise<readonly string[]>;
  /** Goes on with what waits from an earlier visit, as far as its files are at hand. */
  resumeWaiting(): Promise<void>;
  /** What new videos are described by on this device, and which models that lacks. */
  wanted(): Wanted;
};

export type JobsStore = StoreApi<JobsState>;

export type JobsDependencies = {
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly sources: SourcesStore;
  readonly models: ModelsStore;
  readonly preferences: PreferencesStore;
  readonly cards: readonly ExtractorCard[];
};

/** Of all that is to be indexed, with the sample clips that are still to be made. */
export function expectedTotal({ total, sample }: Pick<JobsState, 'total' | 'sample'>): number {
  return total + (sample ? sampleClips - sample.made : 0);
}

export function createJobsStore(dependencies: JobsDependencies): JobsStore {
  const { engine, library, sources, models, preferences, cards } = dependencies;
  const queue = new Set<string>();
  const oneIntake = serial();
  const pace = createPace();
  let intakes = 0;
  let intakeEnd: Promise<void> = Promise.resolve();
  let intakeControl = new AbortController();
  let runControl: AbortController | undefined;
  let runEnd: Promise<void> = Promise.resolve();

  return createStore<JobsState>()((set, get) => {
    models.subscribe(() => {
      if (get().error?.code === 'model-missing' && wanted().requests.length > 0) get().resume();
    });

    const wanted = () => runnable(requestsFor(preferences.getState(), cards), models.getState().models ?? [], cards);
    const missingIn = (video: VideoRecord) =>
      uncovered(video, wanted().requests, models.getState().models ?? [], cards);

    const push = (ids: readonly string[]) => {
      if (queue.size === 0 && get().phase !== 'indexing') set({ total: 0, done: 0, failed: 0, error: undefined });
      const before = queue.size;
      for (const id of ids) queue.add(id);
      set({ total: get().total + queue.size - before });
    };

    const block = (error: AppError) => set({ phase: 'blocked', error: toErrorRecord(error), current: undefined });

    /** One file. Rejects only where the queue cannot go on: cancelled, or nothing can be stored. */
    const indexOne = async (id: string, signal: AbortSignal): Promise<boolean> => {
      const video = library.getState().video(id);
      if (!video) return true;
      const requests = video.state === 'indexed' ? missingIn(video) : wanted().requests;
      if (requests.length === 0) return true;
      try {
        const file = await sources.getState().fileOf(id);
        if (!file) throw new AppError('file-unreadable', 'The file is not where it was', { name: video.name });
        const options = {
          signal,
          onProgress: ({ stage, fraction }: { stage: string; fraction: number | undefined }) => {
            if (!signal.aborted) set({ current: { id, stage, fraction } });
          },
        };
        const extraction = await retryOnce(() => engine.extract.extract({ file, requests }, options));
        signal.throwIfAborted();
        const record = await retryOnce(() => engine.library.put({ id, extraction }));
        // It may have been deleted meanwhile.
        if (library.getState().video(id)) library.getState().apply([record]);
        return true;
      } catch (error) {
        if (signal.aborted || isAbortError(error)) throw error;
        const failure = asFailure(error);
        if (failure.code.startsWith('storage-')) throw failure;
        if (video.state !== 'indexed') {
          library.getState().apply([await engine.library.fail({ id, error: toErrorRecord(failure) })]);
        }
        return false;
      }
    };

    /** Loading the models counts for no file, or the first one would spoil the estimate. */
    const warmUp = async (signal: AbortSignal) => {
      set({ warming: true });
      const warm = retryOnce(() =>
        engine.extract.warmUp({ extractors: wanted().requests.map(({ extractor }) => extractor) }),
      );
      await Promise.race([warm, aborted(signal)]);
      signal.throwIfAborted();
      set({ warming: false });
    };

    /** Knowing all files first costs little, and makes what is left known. */
    const intakesEnd = async (signal: AbortSignal) => {
      if (intakes > 0) await Promise.race([intakeEnd, aborted(signal)]);
      signal.throwIfAborted();
    };

    /** Another tab may have done them while this one waited. */
    const passOverFinished = () => {
      for (const id of queue) {
        const video = library.getState().video(id);
        if (video && (video.state === 'waiting' || missingIn(video).length > 0)) continue;
        queue.delete(id);
        set({ done: get().done + 1 });
      }
    };

    const drain = async (signal: AbortSignal) => {
      const letSleep = stayAwake();
      set({ phase: 'indexing' });
      try {
        await models.getState().refresh();
        await intakesEnd(signal);
        passOverFinished();
        if (queue.size > 0) await warmUp(signal);
        for (;;) {
          await intakesEnd(signal);
          const [id] = queue;
          if (id === undefined) break;
          const started = performance.now();
          set({ current: { id, stage: 'Reading', fraction: undefined } });
          const fine = await indexOne(id, signal);
          queue.delete(id);
          pace.took(performance.now() - started);
          const { done, failed } = get();
          const unmade = sampleClips - (get().sample?.made ?? sampleClips);
          set({ done: done + 1, failed: failed + (fine ? 0 : 1), eta: pace.left(queue.size + unmade) });
        }
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

    const queueRecords = async (records: readonly VideoRecord[]) => {
      const failed = records.filter(({ id, state }) => state === 'failed' && !id.startsWith(unreadId('')));
      const retried = failed.length ? await engine.library.requeue({ ids: failed.map(({ id }) => id) }) : [];
      library.getState().apply(retried);
      const fresh = records.filter(
        (video) => video.state === 'waiting' || (video.state === 'indexed' && missingIn(video).length > 0),
      );
      push([...fresh, ...retried].map(({ id }) => id));
      run();
    };

    /** Runs one intake after the other; indexing waits for all of them. */
    const intake = async (work: (signal: AbortSignal) => Promise<void>) => {
      const { signal } = intakeControl;
      intakes++;
      const ended = oneIntake(async () => {
        try {
          if (!models.getState().models) await models.getState().refresh();
          if (!signal.aborted) await work(signal);
        } catch (error) {
          if (signal.aborted || isAbortError(error)) return;
          block(asFailure(error));
        } finally {
          intakes--;
          if (intakes === 0) set({ intake: undefined });
        }
      });
      intakeEnd = ended;
      await ended;
      run();
    };

    const take = async ({ files, skipped }: FoundFiles, signal: AbortSignal) => {
      let read = 0;
      let shown = 0;
      const found = files.length;
      set({ skipped, intake: { found, read } });
      await takeIn(files, engine, {
        signal,
        known: library.getState().current(),
        onRead: () => {
          read++;
          // Thousands of files are told apart in seconds: not each of them is worth a new picture.
          if (performance.now() - shown < 100) return;
          shown = performance.now();
          set({ intake: { found, read } });
        },
        onBatch: (records, filesById) => {
          if (signal.aborted) return;
          library.getState().apply(records);
          for (const [id, file] of filesById) sources.getState().remember(id, file);
          void queueRecords(records.filter(({ id }) => filesById.has(id)));
        },
      });
    };

    return {
      phase: 'idle',
      warming: false,
      intake: undefined,
      sample: undefined,
      total: 0,
      done: 0,
      failed: 0,
      skipped: 0,
      current: undefined,
      eta: undefined,
      error: undefined,
      wanted,

      add: (found) => intake((signal) => take(found, signal)),

      addFolder: (handle) =>
        intake(async (signal) => {
          const folder = await sources.getState().keep(handle);
          const onCount = (found: number) => set({ intake: { found, read: 0 } });
          const found = await sources.getState().list(folder, onCount);
          signal.throwIfAborted();
          await take(found, signal);
        }),

      async addSample() {
        if (get().sample) return;
        const { signal } = intakeControl;
        try {
          for (let made = 0; made < sampleClips; made++) {
            set({ sample: { made, fraction: 0 } });
            const onProgress = ({ fraction = 0 }: { fraction: number | undefined }) => {
              if (!signal.aborted) set({ sample: { made, fraction } });
            };
            const video = await retryOnce(() => makeSampleClip(made, engine, { signal, onProgress }));
            library.getState().apply([video]);
            await queueRecords([video]);
          }
        } catch (error) {
          if (!signal.aborted && !isAbortError(error)) block(asFailure(error));
        } finally {
          set({ sample: undefined });
        }
      },

      pause() {
        if (get().phase !== 'indexing' && get().phase !== 'elsewhere') return;
        set({ phase: 'paused', current: undefined });
        runControl?.abort();
        runControl = undefined;
      },

      resume() {
        if (get().phase !== 'paused' && get().phase !== 'blocked') return;
        set({ phase: 'idle', error: undefined });
        run();
      },

      async cancel() {
        const elsewhere = get().phase === 'elsewhere';
        intakeControl.abort();
        intakeControl = new AbortController();
        runControl?.abort();
        runControl = undefined;
        const { video } = library.getState();
        const unfinished = elsewhere ? [] : [...queue].filter((id) => video(id)?.state === 'waiting');
        queue.clear();
        set({ phase: 'idle', current: undefined, eta: undefined, error: undefined, total: 0, done: 0, failed: 0 });
        await library.getState().remove(unfinished);
        return unfinished;
      },

      async index(ids) {
        const { video: videoOf } = library.getState();
        const videos = ids.flatMap((id) => videoOf(id) ?? []);
        const reachable = videos.filter((video) => sources.getState().reaches(video));
        const unread = reachable.filter(({ id }) => id.startsWith(unreadId('')));
        if (unread.length > 0) await readAgain(unread);
        await queueRecords(reachable.filter((video) => !unread.includes(video)));
        return videos.filter((video) => !reachable.includes(video)).map(({ id }) => id);
      },

      async resumeWaiting() {
        await sources.getState().refresh();
        await models.getState().refresh();
        const waiting = library
          .getState()
          .current()
          .filter(({ state }) => state === 'waiting');
        await queueRecords(waiting.filter((video) => sources.getState().reaches(video)));
      },
    };

    /** Files that could not be read are told apart now; their stand-ins leave the library. */
    async function readAgain(videos: readonly VideoRecord[]): Promise<void> {
      const files = videos.map((video) => ({
        folder: video.locations[0]?.folder ?? null,
        path: video.path,
        labels: video.labels,
        open: async () => {
          const file = await sources.getState().fileOf(video.id);
          if (!file) throw new AppError('file-unreadable', 'The file is not where it was', { name: video.name });
          return file;
        },
      }));
      await intake((signal) => take({ files, skipped: 0 }, signal));
      const { video: videoOf, current } = library.getState();
      const paths = new Set(
        current()
          .filter(({ id }) => !id.startsWith(unreadId('')))
          .map(({ path }) => path),
      );
      const replaced = videos.filter(({ id, path }) => videoOf(id) && paths.has(path)).map(({ id }) => id);
      await library.getState().remove(replaced);
      await library.getState().forget(replaced);
    }
  });
}

/** What is written on a file's record: a decoder that stops twice is the file's fault; anything unknown is noted as it is. */
function asFailure(error: unknown): AppError {
  if (error instanceof AppError) {
    if (error.code !== 'worker-stopped') return error;
    return new AppError('decode-failed', 'The decoder stopped twice while working on this file', error.details);
  }
  reportError(error);
  return new AppError('decode-failed', error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
