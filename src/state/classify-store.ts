import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ClassifyReport } from '../core/classify/classify-report';
import { compareHeads, type HeadComparison, isOfOneSplit } from '../core/classify/compare-heads';
import type { Epoch } from '../core/classify/fit-network';
import type { TrainSettings } from '../core/classify/settings';
import { AppError, type ErrorRecord, isAbortError } from '../core/errors';
import {
  type CheckpointEntry,
  type CheckpointSource,
  type HeadEntry,
  type HeadFormat,
  takesMoments,
} from '../protocol/classify-api';
import type { TrainCheckpoint } from '../protocol/train-api';
import type { Engine } from './engine';
import type { LibraryStore } from './library-store';
import { createTasks, type Running } from './tasks';
import { gatherExamples, type TrainSource } from './train-examples';
import { asTrainingTab, isTraining, trainingEnded } from './training-lock';

export type { CheckpointEntry, HeadEntry };
export { takesMoments };

/** Whether both were trained here, on one split. */
export function areOfOneSplit(a: HeadEntry, b: HeadEntry): boolean {
  return a.trained !== undefined && b.trained !== undefined && isOfOneSplit(a.trained, b.trained);
}

export type ClassifyState = {
  /** Present while a head is trained and tested. */
  readonly running: Running | undefined;
  readonly error: ErrorRecord | undefined;
  /** Of the training under way, or of the report on screen. */
  readonly epochs: readonly Epoch[];
  readonly heads: readonly HeadEntry[];
  /** The head on screen and its test. */
  readonly shown: { readonly entry: HeadEntry; readonly report: ClassifyReport | undefined } | undefined;
  /** Where not undefined, nothing but these videos of the library is learnt from and tested on. */
  readonly only: ReadonlySet<string> | undefined;

  /** The head on screen beside others of its split, once asked for. */
  readonly comparisons: readonly { readonly entry: HeadEntry; readonly comparison: HeadComparison }[] | undefined;
  /** The training that a closed tab left, if any; undefined while another tab trains. */
  readonly interrupted: CheckpointEntry | undefined;

  /** Trains and keeps the head. An interrupted training is forgotten then. */
  train(args: { name: string; source: TrainSource; settings: TrainSettings }): Promise<void>;
  /** Goes on with the interrupted training; `files` are those it learnt from, if it did. */
  resume(files?: readonly File[]): Promise<void>;
  /** Forgets the interrupted training. */
  discard(): Promise<void>;
  /** Keeps all videos of the library but these out of trainings; undefined takes all again. */
  trainOnly(ids: readonly string[] | undefined): void;
  /** Holds the training under way, or lets it go on. */
  pause(paused: boolean): void;
  cancel(): void;
  loadHeads(): Promise<void>;
  open(id: string): Promise<void>;
  /** Takes a head off the list; `restore` brings it back until `forget` has ended it for good. */
  remove(id: string): void;
  restore(id: string): Promise<void>;
  forget(id: string): Promise<void>;
  /** Compares the head on screen with all others that share test videos with it. */
  compare(): Promise<void>;
  /** Keeps a head from a file, and shows it. */
  importHead(file: File): Promise<void>;
  /** Gives the file of the head on screen to `save`. */
  exportHead(format: HeadFormat, save: (content: Blob, name: string) => void): Promise<void>;
};

export type ClassifyStore = StoreApi<ClassifyState>;

type Surroundings = { readonly engine: Pick<Engine, 'library' | 'train'>; readonly library: LibraryStore };

export function createClassifyStore({ engine, library }: Surroundings): ClassifyStore {
  return createStore<ClassifyState>()((set, get) => {
    const { guarded, run, pause, cancel } = createTasks(set);
    const removed = new Set<string>();
    const listed = async () => (await engine.library.heads()).filter(({ id }) => !removed.has(id));

    /** Of a training that fails, as for lack of memory, what was kept can be gone on with; unless it would fail again. */
    const recoverable = async (work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        if (!isAbortError(error)) {
          const diverged = error instanceof AppError && error.code === 'training-diverged';
          if (diverged) await engine.library.dropCheckpoint();
          set({ interrupted: await engine.library.checkpointEntry() });
        }
        throw error;
      }
    };
    /** Whether where the training under way stands is kept: of two tabs that train, the first one's is. */
    let kept = false;
    let last: Promise<void> = Promise.resolve();

    const trained = (
      { name, source, settings }: Parameters<ClassifyState['train']>[0],
      from: (() => Promise<TrainCheckpoint>) | undefined,
    ) =>
      run(async ({ signal, onProgress, gate }) => {
        // The one before in this tab may not have let go yet.
        await last;
        signal.throwIfAborted();
        const work = async () => {
          set({ epochs: [], shown: undefined, comparisons: undefined, interrupted: undefined });
          const examples = await gatherExamples(engine, library, source, settings.head.name);
          const keep = kept ? keeper(engine, { name, settings, source: asKept(source) }, signal) : () => undefined;
          const outcome = await engine.train.train(
            { examples, settings, checkpoint: await from?.() },
            (fresh) => {
              if (!signal.aborted) set({ epochs: [...get().epochs, ...fresh] });
            },
            keep,
            { signal, onProgress, gate },
          );
          signal.throwIfAborted();
          const entry = await engine.library.keepHead({ name, space: source.space, ...outcome });
          if (kept) await engine.library.dropCheckpoint();
          const { report } = outcome;
          set({ shown: { entry, report }, epochs: report.epochs, heads: await listed() });
        };
        const training = asTrainingTab(async (alone) => {
          kept = alone;
          if (!alone && from) throw new AppError('training-elsewhere', 'Another tab trains');
          await (alone ? recoverable(work) : work());
        }).finally(() => {
          kept = false;
        });
        last = training.catch(() => undefined);
        await training;
      });

    /** Looks for a training that was interrupted, again once another tab no longer trains. */
    let waits = false;
    const lookForInterrupted = async () => {
      if (get().running) return;
      const elsewhere = await isTraining();
      set({ interrupted: elsewhere ? undefined : await engine.library.checkpointEntry() });
      if (!elsewhere || waits) return;
      waits = true;
      void trainingEnded().then(() => {
        waits = false;
        return guarded(lookForInterrupted);
      });
    };

    return {
      running: undefined,
      error: undefined,
      interrupted: undefined,
      comparisons: undefined,
      epochs: [],
      heads: [],
      shown: undefined,
      only: undefined,

      train: (args) => trained(args, undefined),
      resume: async (files) => {
        const { interrupted } = get();
        if (!interrupted) return;
        const { name, source, settings } = interrupted;
        if (source.from === 'files' && !files) return;
        const whole: TrainSource = source.from === 'files' ? { ...source, files: files ?? [] } : source;
        await trained({ name, source: whole, settings }, () => engine.library.checkpoint());
      },
      discard: () =>
        guarded(async () => {
          set({ interrupted: undefined });
          await asTrainingTab(async (alone) => {
            if (alone) await engine.library.dropCheckpoint();
          });
        }),
      trainOnly: (ids) => set({ only: ids && new Set(ids) }),
      pause,
      cancel() {
        cancel();
        if (kept) void guarded(() => engine.library.dropCheckpoint());
      },

      loadHeads: () =>
        guarded(async () => {
          set({ heads: await listed() });
          await lookForInterrupted();
        }),
      open: (id) =>
        guarded(async () => {
          const entry = get().heads.find((head) => head.id === id);
          if (!entry) return;
          const report = await engine.library.headReport({ id });
          set({ shown: { entry, report }, epochs: report?.epochs ?? [], comparisons: undefined });
        }),
      remove(id) {
        removed.add(id);
        set({ heads: get().heads.filter((entry) => entry.id !== id), comparisons: undefined });
        if (get().shown?.entry.id === id) set({ shown: undefined, epochs: [] });
      },
      restore(id) {
        removed.delete(id);
        return guarded(async () => set({ heads: await listed() }));
      },
      forget: (id) => guarded(() => engine.library.removeHead({ id })),

      compare: () =>
        guarded(async () => {
          const { shown, heads } = get();
          if (!shown?.report) return;
          const others = heads.filter((entry) => entry.id !== shown.entry.id && areOfOneSplit(entry, shown.entry));
          const comparisons: { entry: HeadEntry; comparison: HeadComparison }[] = [];
          for (const entry of others) {
            const report = await engine.library.headReport({ id: entry.id });
            const comparison = report && compareHeads(shown.report, report);
            if (comparison) comparisons.push({ entry, comparison });
          }
          if (get().shown === shown) set({ comparisons });
        }),

      importHead: (file) =>
        guarded(async () => {
          const entry = await engine.library.importHead({ file });
          set({
            shown: { entry, report: undefined },
            epochs: [],
            comparisons: undefined,
            heads: await listed(),
          });
        }),
      exportHead: (format, save) =>
        guarded(async () => {
          const entry = get().shown?.entry;
          if (entry) save(await engine.library.exportHead({ id: entry.id, format }), `${entry.name}.${format}`);
        }),
    };
  });
}

const asKept = (source: TrainSource): CheckpointSource =>
  source.from === 'library'
    ? source
    : { ...source, files: source.files.map(({ name, size, lastModified }) => ({ name, size, lastModified })) };

/** Keeps checkpoints one at a time: those that come meanwhile are passed over. */
function keeper(
  engine: Pick<Engine, 'library'>,
  of: Pick<CheckpointEntry, 'name' | 'settings' | 'source'>,
  signal: AbortSignal,
): (checkpoint: TrainCheckpoint) => void {
  let busy = false;
  return (checkpoint) => {
    if (busy || signal.aborted) return;
    busy = true;
    const entry = { ...of, kept: new Date().toISOString(), epoch: checkpoint.position.epoch };
    // A checkpoint that finds no room costs nothing but itself.
    void engine.library
      .keepCheckpoint({ entry, checkpoint })
      .catch(() => undefined)
      .finally(() => {
        busy = false;
      });
  };
}
