import { createStore, type StoreApi } from 'zustand/vanilla';
import { serial } from '../core/async';
import { AppError, isAbortError } from '../core/errors';
import type { VideoRecord } from '../core/video';
import type { Wanted } from './coverage';
import type { FoundFiles } from './found-files';
import { createIndexing, type IndexingDependencies, type IndexingState, idle } from './indexing';
import { isUnread, takeIn } from './intake';
import { makeSampleClip, sampleClips } from './sample-library';
import { retryOnce } from './worker-stops';

export type JobsState = IndexingState & {
  /** Files being found and told apart before they join the queue. */
  readonly intake: { readonly found: number; readonly read: number } | undefined;
  /** Sample clips being made. */
  readonly sample: { readonly made: number; readonly fraction: number } | undefined;
  /** Files that the last folder held beside its videos. */
  readonly skipped: number;

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

/** Of all that is to be indexed, with the sample clips that are still to be made. */
export function expectedTotal({ total, sample }: Pick<JobsState, 'total' | 'sample'>): number {
  return total + (sample ? sampleClips - sample.made : 0);
}

export function createJobsStore(dependencies: IndexingDependencies): JobsStore {
  const { engine, library, sources, models } = dependencies;
  const oneIntake = serial();
  let intakes = 0;
  let intakeEnd: Promise<void> = Promise.resolve();
  let intakeControl = new AbortController();

  return createStore<JobsState>()((set, get) => {
    const indexing = createIndexing(dependencies, {
      get,
      set,
      held: async (signal) => {
        if (intakes > 0) await Promise.race([intakeEnd, aborted(signal)]);
        signal.throwIfAborted();
      },
      toCome: () => sampleClips - (get().sample?.made ?? sampleClips),
    });
    models.subscribe(() => {
      if (get().error?.code === 'model-missing' && indexing.wanted().requests.length > 0) get().resume();
    });

    const queueRecords = async (records: readonly VideoRecord[]) => {
      const { signal } = intakeControl;
      const lacks = indexing.lacks();
      const fresh = records.filter((video) => video.state === 'waiting' || (video.state === 'indexed' && lacks(video)));
      indexing.push(fresh.map(({ id }) => id));
      // One that lacks nothing any more has nothing to complain of either.
      const failed = records.filter(
        (video) => (video.state === 'failed' || (video.error && !lacks(video))) && !isUnread(video),
      );
      if (failed.length === 0) return;
      const retried = await engine.library.requeue({ ids: failed.map(({ id }) => id) });
      if (signal.aborted) {
        // Those cancelled before they were in the queue stay as they were.
        for (const { id, error } of failed) if (error) await engine.library.fail({ id, error });
        return;
      }
      library.getState().apply(retried);
      indexing.push(retried.flatMap(({ id, state }) => (state === 'waiting' ? [id] : [])));
    };

    /** What an intake has still brought in when it was cancelled leaves the library again, unless it was there before and
     * did not leave by the cancel. Nothing is purged: some of it may be what an undo can still bring back. */
    const takeBack = async (records: readonly VideoRecord[], known: readonly VideoRecord[]) => {
      const staying = new Set(known.map(({ id }) => id).filter(library.getState().video));
      const leaving = records.filter(({ id, state }) => state !== 'indexed' && !staying.has(id));
      await engine.library.remove({ ids: leaving.map(({ id }) => id) });
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
          indexing.block(error);
        } finally {
          intakes--;
          if (intakes === 0) set({ intake: undefined });
        }
      });
      intakeEnd = ended;
      await ended;
      indexing.start();
    };

    const take = async ({ files, skipped }: FoundFiles, signal: AbortSignal) => {
      let read = 0;
      let shown = 0;
      const found = files.length;
      const known = library.getState().current();
      set({ skipped, intake: { found, read } });
      await takeIn(files, engine, {
        signal,
        known,
        onRead: () => {
          read++;
          // Thousands of files are told apart in seconds: not each of them is worth a new picture.
          if (performance.now() - shown < 100) return;
          shown = performance.now();
          set({ intake: { found, read } });
        },
        onBatch: async (records, filesById) => {
          if (signal.aborted) return takeBack(records, known);
          library.getState().apply(records);
          for (const [id, file] of filesById) sources.getState().remember(id, file);
          queueRecords(records.filter(({ id }) => filesById.has(id))).catch(indexing.block);
        },
      });
    };

    return {
      ...idle,
      intake: undefined,
      sample: undefined,
      skipped: 0,
      wanted: indexing.wanted,

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
        const known = library.getState().current();
        try {
          for (let made = 0; made < sampleClips; made++) {
            set({ sample: { made, fraction: 0 } });
            const onProgress = ({ fraction = 0 }: { fraction: number | undefined }) => {
              if (!signal.aborted) set({ sample: { made, fraction } });
            };
            const video = await retryOnce(() => makeSampleClip(made, engine, { signal, onProgress }));
            if (signal.aborted) return await takeBack([video], known);
            library.getState().apply([video]);
            await queueRecords([video]);
          }
        } catch (error) {
          if (!signal.aborted && !isAbortError(error)) indexing.block(error);
        } finally {
          set({ sample: undefined });
        }
      },

      pause() {
        if (get().phase !== 'indexing' && get().phase !== 'elsewhere') return;
        set({ phase: 'paused', current: undefined });
        indexing.stop();
      },

      resume() {
        if (get().phase !== 'paused' && get().phase !== 'blocked') return;
        set({ phase: 'idle', error: undefined });
        indexing.start();
      },

      async cancel() {
        const elsewhere = get().phase === 'elsewhere';
        intakeControl.abort();
        intakeControl = new AbortController();
        const queued = indexing.clear();
        const { video } = library.getState();
        const unfinished = elsewhere ? [] : queued.filter((id) => video(id)?.state === 'waiting');
        set(idle);
        await library.getState().remove(unfinished);
        return unfinished;
      },

      async index(ids) {
        const { video: videoOf } = library.getState();
        const videos = ids.flatMap((id) => videoOf(id) ?? []);
        const reachable = new Set(videos.filter((video) => sources.getState().reaches(video)));
        const unread = [...reachable].filter(isUnread);
        const read = [...reachable].filter((video) => !isUnread(video));
        await Promise.all([queueRecords(read), unread.length > 0 && readAgain(unread)]);
        return videos.filter((video) => !reachable.has(video)).map(({ id }) => id);
      },

      async resumeWaiting() {
        await sources.getState().refresh();
        await models.getState().refresh();
        const waiting = library
          .getState()
          .current()
          .filter(({ state }) => state === 'waiting');
        await get().index(waiting.map(({ id }) => id));
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
          .filter((video) => !isUnread(video))
          .map(({ path }) => path),
      );
      const replaced = videos.filter(({ id, path }) => videoOf(id) && paths.has(path)).map(({ id }) => id);
      await library.getState().remove(replaced);
      await library.getState().forget(replaced);
    }
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
