import { AppError, asAppError, type ErrorRecord, isAbortError, isOutOfMemory, toErrorRecord } from '../core/errors';
import type { CallOptions, Progress } from '../protocol/progress';

/** What a person is told of a failure: nothing of what was cancelled. What nobody foresaw is left to developers, too. */
export function toldOf(error: unknown): ErrorRecord | undefined {
  if (isAbortError(error)) return undefined;
  if (!(error instanceof AppError) && !isOutOfMemory(error)) console.error(error);
  return toErrorRecord(asAppError(error));
}

export type TaskState = {
  readonly running: Progress | undefined;
  readonly error: ErrorRecord | undefined;
};

export type Tasks = {
  /** Short work: its failure is told. */
  guarded(work: () => Promise<void>): Promise<void>;
  /** Long work, one at a time: it cancels the one before, and its progress and failure are told while it is the newest. */
  run(work: (options: Required<CallOptions>) => Promise<void>): Promise<void>;
  cancel(): void;
};

/** The work of one store, never rejecting: `set` puts on screen how far it is and what it failed of. */
export function createTasks(set: (changes: Partial<TaskState>) => void, begins = 'Reading vectors'): Tasks {
  let control: AbortController | undefined;
  return {
    async guarded(work) {
      set({ error: undefined });
      try {
        await work();
      } catch (error) {
        set({ error: toldOf(error) });
      }
    },
    async run(work) {
      control?.abort();
      const own = new AbortController();
      control = own;
      set({ error: undefined, running: { stage: begins, fraction: undefined } });
      try {
        await work({ signal: own.signal, onProgress: (running) => control === own && set({ running }) });
      } catch (error) {
        const told = toldOf(error);
        if (control === own) set({ error: told });
      } finally {
        if (control === own) set({ running: undefined });
      }
    },
    cancel() {
      control?.abort();
      control = undefined;
      set({ running: undefined });
    },
  };
}
