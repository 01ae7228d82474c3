import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ClassifyReport } from '../core/classify/classify-report';
import type { Epoch } from '../core/classify/fit-network';
import type { TrainSettings } from '../core/classify/settings';
import { AppError, type ErrorRecord, isAbortError, toErrorRecord } from '../core/errors';
import type { HeadEntry } from '../protocol/classify-api';
import type { TruthRow } from '../protocol/evaluation-api';
import type { Progress } from '../protocol/progress';
import type { Engine } from './engine';
import type { LibraryStore } from './library-store';

export type { HeadEntry };

/** What a head says of one video, the likeliest label first. */
export type Suggestion = {
  readonly id: string;
  readonly labels: readonly { readonly label: string; readonly probability: number }[];
};

type Relabelled = readonly { readonly id: string; readonly labels: readonly string[] }[];

export type ClassifyState = {
  /** Present while a head is trained, tested or applied. */
  readonly running: (Progress & { readonly paused: boolean; readonly pausable: boolean }) | undefined;
  readonly error: ErrorRecord | undefined;
  /** Of the training under way, or of the report on screen. */
  readonly epochs: readonly Epoch[];
  readonly heads: readonly HeadEntry[];
  /** The head on screen and its test. */
  readonly shown: { readonly entry: HeadEntry; readonly report: ClassifyReport } | undefined;
  /** Of every video that has a vector and that the head on screen was applied to. */
  readonly suggestions: readonly Suggestion[] | undefined;
  /** Labels as they were before each acceptance, the last one last. */
  readonly undoable: readonly Relabelled[];

  /** Trains on the labelled videos that have a vector in `space`, and keeps the head. */
  train(args: { name: string; space: string; truth: readonly TruthRow[]; settings: TrainSettings }): Promise<void>;
  pause(paused: boolean): void;
  cancel(): void;
  loadHeads(): Promise<void>;
  open(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Asks the head on screen about the whole library. */
  apply(): Promise<void>;
  /** Sets labels in the library. */
  accept(videos: Relabelled): Promise<void>;
  /** Takes the last acceptance back. */
  undo(): Promise<void>;
};

export type ClassifyStore = StoreApi<ClassifyState>;

/** Videos whose vectors travel at once. */
const chunk = 512;
/** Labels that a suggestion lists. */
const listed = 5;

type Surroundings = { readonly engine: Pick<Engine, 'library' | 'train'>; readonly library: LibraryStore };

export function createClassifyStore({ engine, library }: Surroundings): ClassifyStore {
  return createStore<ClassifyState>()((set, get) => {
    let control: AbortController | undefined;

    const guarded = async (work: () => Promise<void>) => {
      set({ error: undefined });
      try {
        await work();
      } catch (error) {
        if (isAbortError(error)) return;
        if (!(error instanceof AppError)) throw error;
        set({ error: toErrorRecord(error) });
      }
    };
    /** One long task at a time. */
    const run = (pausable: boolean, work: (signal: AbortSignal, progress: (now: Progress) => void) => Promise<void>) =>
      guarded(async () => {
        control?.abort();
        const own = new AbortController();
        control = own;
        set({ running: { stage: 'Reading vectors', fraction: undefined, paused: false, pausable } });
        try {
          await work(own.signal, (now) => {
            const { running } = get();
            if (control === own && running) set({ running: { ...running, ...now } });
          });
        } finally {
          if (control === own) set({ running: undefined });
        }
      });

    // A worker that has ended holds nothing.
    const hold = (paused: boolean) => void engine.train.pause({ paused }).catch(() => undefined);

    return {
      running: undefined,
      error: undefined,
      epochs: [],
      heads: [],
      shown: undefined,
      suggestions: undefined,
      undoable: [],

      train: ({ name, space, truth, settings }) =>
        run(true, async (signal, onProgress) => {
          set({ epochs: [], shown: undefined, suggestions: undefined });
          const known = truth.flatMap((row) => {
            const path = library.getState().video(row.id)?.path;
            return path === undefined ? [] : [{ ...row, path }];
          });
          const { ids, matrix, dimensions } = await engine.library.vectors({ space, ids: known.map(({ id }) => id) });
          const byId = new Map(known.map((video) => [video.id, video]));
          const outcome = await engine.train.train(
            {
              videos: ids.flatMap((id) => byId.get(id) ?? []),
              matrix,
              dimensions,
              withoutVectors: known.length - ids.length,
              settings,
            },
            (fresh) => {
              if (!signal.aborted) set({ epochs: [...get().epochs, ...fresh] });
            },
            { signal, onProgress },
          );
          signal.throwIfAborted();
          const entry = await engine.library.keepHead({ name, space, ...outcome });
          const { report } = outcome;
          set({ shown: { entry, report }, epochs: report.epochs, heads: await engine.library.heads() });
        }),
      pause(paused) {
        const { running } = get();
        if (!running) return;
        set({ running: { ...running, paused } });
        hold(paused);
      },
      cancel() {
        control?.abort();
        set({ running: undefined });
      },

      loadHeads: () =>
        guarded(async () => {
          set({ heads: await engine.library.heads() });
        }),
      open: (id) =>
        guarded(async () => {
          const entry = get().heads.find((head) => head.id === id);
          if (!entry) return;
          const report = await engine.library.headReport({ id });
          set({ shown: { entry, report }, epochs: report.epochs, suggestions: undefined });
        }),
      remove: (id) =>
        guarded(async () => {
          await engine.library.removeHead({ id });
          set({ heads: await engine.library.heads() });
          if (get().shown?.entry.id === id) set({ shown: undefined, epochs: [], suggestions: undefined });
        }),

      apply: () =>
        run(false, async (signal, progress) => {
          const { shown } = get();
          if (!shown) return;
          const { head, entry } = await engine.library.keptHead({ id: shown.entry.id });
          const ids = library
            .getState()
            .current()
            .flatMap(({ id, spaces }) => (spaces.includes(entry.space) ? [id] : []));
          const suggestions: Suggestion[] = [];
          for (let from = 0; from < ids.length; from += chunk) {
            progress({ stage: 'Asking the head', fraction: from / ids.length });
            const rows = await engine.library.vectors({ space: entry.space, ids: ids.slice(from, from + chunk) });
            const fitting = rows.dimensions === head.dimensions;
            const scores = fitting ? await engine.train.predict({ head, rows }, { signal }) : new Float32Array();
            signal.throwIfAborted();
            rows.ids.forEach((id, row) => {
              const own = scores.subarray(row * head.classes.length, (row + 1) * head.classes.length);
              const labels = Array.from(own, (probability, label) => ({
                label: head.classes[label] as string,
                probability,
              }));
              labels.sort((a, b) => b.probability - a.probability);
              if (labels.length > 0) suggestions.push({ id, labels: labels.slice(0, listed) });
            });
          }
          set({ suggestions });
        }),
      accept: (videos) =>
        guarded(async () => {
          const before = videos.map(({ id }) => ({ id, labels: library.getState().video(id)?.labels ?? [] }));
          library.getState().apply(await engine.library.relabel({ videos }));
          set({ undoable: [...get().undoable, before] });
        }),
      undo: () =>
        guarded(async () => {
          const { undoable } = get();
          const last = undoable.at(-1);
          if (!last) return;
          library.getState().apply(await engine.library.relabel({ videos: last }));
          set({ undoable: undoable.slice(0, -1) });
        }),
    };
  });
}
