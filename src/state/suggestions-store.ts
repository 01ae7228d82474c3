import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TrainedHead } from '../core/classify/head';
import { neighbourHead } from '../core/classify/neighbours';
import { AppError, type ErrorRecord } from '../core/errors';
import type { HeadEntry } from '../protocol/classify-api';
import type { TruthRow } from '../protocol/evaluation-api';
import type { CallOptions } from '../protocol/progress';
import type { Engine } from './engine';
import type { LibraryStore } from './library-store';
import { createTasks, type Running } from './tasks';

/** What is said of one video, the likeliest label first. */
export type Suggestion = {
  readonly id: string;
  readonly labels: readonly { readonly label: string; readonly probability: number }[];
};

export type Suggestions = {
  /** Who made them: a head, or neighbours. */
  readonly by: string;
  /** All labels that could have been suggested. */
  readonly labels: readonly string[];
  /** Whether a video may have several of them. */
  readonly several: boolean;
  readonly videos: readonly Suggestion[];
};

type Relabelled = readonly { readonly id: string; readonly labels: readonly string[] }[];

export type SuggestionsState = {
  /** Present while a head, or the neighbours, are asked. */
  readonly running: Running | undefined;
  readonly error: ErrorRecord | undefined;
  readonly suggestions: Suggestions | undefined;
  /** Labels as they were before each acceptance, the last one last. */
  readonly undoable: readonly Relabelled[];

  /** Asks a head about every video that has a vector of its space. */
  apply(entry: HeadEntry): Promise<void>;
  /** Has labelled videos vote about the others, by nearness in a space: nothing is trained. */
  categorise(args: { space: string; truth: readonly TruthRow[]; neighbours: number }): Promise<void>;
  /** Holds what is under way, or lets it go on. */
  pause(paused: boolean): void;
  cancel(): void;
  /** Sets labels in the library. */
  accept(videos: Relabelled): Promise<void>;
  /** Takes the last acceptance back. */
  undo(): Promise<void>;
};

export type SuggestionsStore = StoreApi<SuggestionsState>;

/** Videos whose vectors travel at once. */
const chunk = 512;
/** Labels that a suggestion lists. */
const listed = 5;

type Surroundings = { readonly engine: Pick<Engine, 'library' | 'train'>; readonly library: LibraryStore };

export function createSuggestionsStore({ engine, library }: Surroundings): SuggestionsStore {
  return createStore<SuggestionsState>()((set, get) => {
    const { guarded, run, pause, cancel } = createTasks(set);

    /** Asks, and shows what was answered. */
    const suggest = (work: (options: Required<CallOptions>) => Promise<Suggestions>) =>
      run(async (options) => {
        set({ suggestions: undefined });
        const suggestions = await work(options);
        options.signal.throwIfAborted();
        set({ suggestions });
      });

    const idsIn = (space: string) =>
      library
        .getState()
        .current()
        .flatMap(({ id, spaces }) => (spaces.includes(space) ? [id] : []));

    const ask = async (
      head: TrainedHead,
      space: string,
      ids: readonly string[],
      { signal, onProgress, gate }: Required<CallOptions>,
    ) => {
      const videos: Suggestion[] = [];
      for (let from = 0; from < ids.length; from += chunk) {
        await gate.pass(signal);
        onProgress({ stage: 'Asking', fraction: from / ids.length });
        const asked = { space, ids: ids.slice(from, from + chunk) };
        const rows =
          head.model.name === 'frame-network'
            ? await engine.library.moments({ ...asked, most: head.model.reading.moments })
            : await engine.library.vectors(asked);
        if (rows.ids.length === 0) continue;
        if ('dimensions' in rows && rows.dimensions !== head.dimensions) {
          throw new AppError('spaces-differ', `The head takes ${head.dimensions} values, not ${rows.dimensions}`);
        }
        const scores = await engine.train.predict({ head, rows }, { signal, gate });
        signal.throwIfAborted();
        rows.ids.forEach((id, row) => {
          const own = scores.subarray(row * head.classes.length, (row + 1) * head.classes.length);
          const labels = Array.from(own, (probability, label) => ({
            label: head.classes[label] as string,
            probability,
          }));
          labels.sort((a, b) => b.probability - a.probability);
          videos.push({ id, labels: labels.slice(0, listed) });
        });
      }
      return { labels: head.classes, several: head.outcome === 'several-labels', videos };
    };

    const relabel = async (videos: Relabelled) => {
      const edits = videos.map(({ id, labels }) => ({ id, changes: { labels } }));
      library.getState().apply(await engine.library.edit({ edits }));
    };

    return {
      running: undefined,
      error: undefined,
      suggestions: undefined,
      undoable: [],

      apply: ({ id, name }) =>
        suggest(async (options) => {
          const { head, entry } = await engine.library.keptHead({ id });
          const { space } = entry;
          if (space === undefined) throw new AppError('spaces-differ', 'It is not known whose vectors the head takes');
          return { by: name, ...(await ask(head, space, idsIn(space), options)) };
        }),
      categorise: ({ space, truth, neighbours }) =>
        suggest(async (options) => {
          const labelsOf = new Map(truth.map(({ id, labels }) => [id, labels]));
          const { ids, matrix, dimensions } = await engine.library.vectors({ space, ids: [...labelsOf.keys()] });
          const labels = ids.map((id) => labelsOf.get(id) ?? []);
          const head = neighbourHead({ matrix, dimensions, labels }, neighbours);
          const others = idsIn(space).filter((id) => !labelsOf.has(id));
          return { by: `${neighbours} nearest labelled videos`, ...(await ask(head, space, others, options)) };
        }),
      pause,
      cancel,

      accept: (videos) =>
        guarded(async () => {
          const before = videos.map(({ id }) => ({ id, labels: library.getState().video(id)?.labels ?? [] }));
          await relabel(videos);
          set({ undoable: [...get().undoable, before] });
        }),
      undo: () =>
        guarded(async () => {
          const { undoable } = get();
          const last = undoable.at(-1);
          if (!last) return;
          await relabel(last);
          set({ undoable: undoable.slice(0, -1) });
        }),
    };
  });
}
