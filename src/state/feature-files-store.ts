import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorRecord } from '../core/errors';
import type { FeatureFilesSummary } from '../protocol/train-api';
import type { Engine } from './engine';
import { createTasks, type Running } from './tasks';

export type { FeatureFilesSummary };

export type FeatureFilesState = {
  /** Present while files are read. */
  readonly running: Running | undefined;
  /** The files to train on in place of the library, once read. */
  readonly chosen: { readonly files: readonly File[]; readonly summary: FeatureFilesSummary } | undefined;
  readonly error: ErrorRecord | undefined;
  /** Reads them; what was chosen before stays chosen where that fails or is cancelled. */
  choose(files: readonly File[]): Promise<void>;
  /** Holds the reading, or lets it go on. */
  pause(paused: boolean): void;
  cancel(): void;
  /** Takes the failure of the last reading off the screen. */
  forgetError(): void;
  /** Back to the library. */
  clear(): void;
};

export type FeatureFilesStore = StoreApi<FeatureFilesState>;

export function createFeatureFilesStore(engine: Pick<Engine, 'train'>): FeatureFilesStore {
  return createStore<FeatureFilesState>()((set) => {
    const { run, pause, cancel } = createTasks(set, 'Reading');
    return {
      running: undefined,
      chosen: undefined,
      error: undefined,
      async choose(files) {
        if (files.length === 0) return;
        await run(async (options) => {
          const summary = await engine.train.readFeatureFiles({ files }, options);
          options.signal.throwIfAborted();
          set({ chosen: { files, summary } });
        });
      },
      pause,
      cancel,
      forgetError: () => set({ error: undefined }),
      clear() {
        cancel();
        set({ chosen: undefined, error: undefined });
      },
    };
  });
}
