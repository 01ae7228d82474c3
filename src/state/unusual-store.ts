import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorRecord } from '../core/errors';
import type { LibraryApi } from '../protocol/library-api';
import type { UnusualArgs, UnusualFinding } from '../protocol/unusual-api';
import { createTasks, type Running } from './tasks';

export type UnusualState = {
  readonly running: Running | undefined;
  readonly error: ErrorRecord | undefined;
  /** What was found, and beside what. */
  readonly found: (UnusualFinding & { readonly beside: string }) | undefined;

  /** `beside` names the normal videos. */
  find(args: UnusualArgs & { readonly beside: string }): Promise<void>;
  /** Holds what is under way, or lets it go on. */
  pause(paused: boolean): void;
  cancel(): void;
};

export type UnusualStore = StoreApi<UnusualState>;

export function createUnusualStore({ library }: { library: LibraryApi }): UnusualStore {
  return createStore<UnusualState>()((set) => {
    const { run, pause, cancel } = createTasks(set);
    return {
      running: undefined,
      error: undefined,
      found: undefined,
      find: ({ beside, ...args }) =>
        run(async (options) => {
          try {
            const finding = await library.findUnusual(args, options);
            options.signal.throwIfAborted();
            set({ found: { ...finding, beside } });
          } catch (error) {
            if (!options.signal.aborted) set({ found: undefined });
            throw error;
          }
        }),
      pause,
      cancel,
    };
  });
}
