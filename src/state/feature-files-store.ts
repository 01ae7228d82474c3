import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorRecord, isAbortError, toErrorRecord } from '../core/errors';
import type { Progress } from '../protocol/progress';
import type { FeatureFilesSummary } from '../protocol/train-api';
import type { Engine } from './engine';

export type { FeatureFilesSummary };

export type FeatureFilesState = {
  /** Present while files are read. */
  readonly reading: Progress | undefined;
  /** The files to train on in place of the library, once read. */
  readonly chosen: { readonly files: readonly File[]; readonly summary: FeatureFilesSummary } | undefined;
  readonly error: ErrorRecord | undefined;
  /** Reads them; what was chosen before stays chosen where that fails or is cancelled. */
  choose(files: readonly File[]): Promise<void>;
  cancel(): void;
  /** Back to the library. */
  clear(): void;
};

export type FeatureFilesStore = StoreApi<FeatureFilesState>;

export function createFeatureFilesStore(engine: Pick<Engine, 'train'>): FeatureFilesStore {
  return createStore<FeatureFilesState>()((set) => {
    let control: AbortController | undefined;
    return {
      reading: undefined,
      chosen: undefined,
      error: undefined,
      async choose(files) {
        if (files.length === 0) return;
        control?.abort();
        const own = new AbortController();
        control = own;
        set({ error: undefined, reading: { stage: 'Reading', fraction: undefined } });
        try {
          const summary = await engine.train.readFeatureFiles(
            { files },
            { signal: own.signal, onProgress: (reading) => control === own && set({ reading }) },
          );
          if (control === own) set({ chosen: { files, summary } });
        } catch (error) {
          if (isAbortError(error)) return;
          if (!(error instanceof AppError)) throw error;
          if (control === own) set({ error: toErrorRecord(error) });
        } finally {
          if (control === own) set({ reading: undefined });
        }
      },
      cancel() {
        control?.abort();
        set({ reading: undefined });
      },
      clear() {
        control?.abort();
        set({ chosen: undefined, reading: undefined, error: undefined });
      },
    };
  });
}
