import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorRecord, isAbortError, toErrorRecord } from '../core/errors';
import type { LibraryApi } from '../protocol/library-api';
import type { Progress } from '../protocol/progress';
import type { UnusualArgs, UnusualFinding } from '../protocol/unusual-api';

export type UnusualState = {
  readonly running: Progress | undefined;
  readonly error: ErrorRecord | undefined;
  /** What was found, and beside what. */
  readonly found: (UnusualFinding & { readonly beside: string }) | undefined;

  /** `beside` names the normal videos. */
  find(args: UnusualArgs & { readonly beside: string }): Promise<void>;
  cancel(): void;
};

export type UnusualStore = StoreApi<UnusualState>;

export function createUnusualStore({ library }: { library: LibraryApi }): UnusualStore {
  return createStore<UnusualState>()((set) => {
    let control: AbortController | undefined;
    return {
      running: undefined,
      error: undefined,
      found: undefined,
      async find({ beside, ...args }) {
        control?.abort();
        const own = new AbortController();
        control = own;
        set({ running: { stage: 'Reading vectors', fraction: undefined }, error: undefined });
        try {
          const onProgress = (running: Progress) => {
            if (control === own && !own.signal.aborted) set({ running });
          };
          const finding = await library.findUnusual(args, { signal: own.signal, onProgress });
          if (control === own) set({ found: { ...finding, beside } });
        } catch (error) {
          if (isAbortError(error)) return;
          if (!(error instanceof AppError)) throw error;
          if (control === own) set({ error: toErrorRecord(error), found: undefined });
        } finally {
          if (control === own) set({ running: undefined });
        }
      },
      cancel() {
        control?.abort();
        set({ running: undefined });
      },
    };
  });
}
