import { AppError, asAppError, type ErrorRecord, isAbortError, isOutOfMemory, toErrorRecord } from '../core/errors';
import { createGate, type Gate } from '../protocol/gate';
import type { CallOptions, Progress } from '../protocol/progress';

/** What a person is told of a failure: nothing of what was cancelled. What nobody foresaw is left to developers, too. */
export function toldOf(error: unknown): ErrorRecord | undefined {
  if (isAbortError(error)) return undefined;
  if (!(error instanceof AppError) && !isOutOfMemory(error)) console.error(error);
  return toErrorRecord(asAppError(error));
}

/** How far a task is, and whether a person holds it. */
export type Running = Progress & { readonly paused: boolean };

export type TaskState = {
  readonly running: Running | undefined;
  readonly error: ErrorRecord | undefined;
};

export type Tasks = {
  /** Short work: its failure is told. */
  guarded(work: () => Promise<void>): Promise<void>;
  /** Long work, one at a time: it cancels the one before, and its progress and failure are told while it is the newest. */
  run(work: (options: Required<CallOptions>) => Promise<void>): Promise<void>;
  /** Holds the work under way, or lets it go on. */
  pause(paused: boolean): void;
  cancel(): void;
};

/** The work of one store, never rejecting: `set` puts on screen how far it is and what it failed of. */
export function createTasks(set: (changes: Partial<TaskState>) => void, begins = 'Reading vectors'): Tasks {
  let task: { readonly control: AbortController; readonly gate: Gate; progress: Progress } | undefined;
  const show = () => set({ running: task && { ...task.progress, paused: task.gate.closed } });
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
      task?.control.abort();
      const own = {
        control: new AbortController(),
        gate: createGate(),
        progress: { stage: begins, fraction: undefined } as Progress,
      };
      task = own;
      set({ error: undefined });
      show();
      const onProgress = (progress: Progress) => {
        own.progress = progress;
        if (task === own) show();
      };
      try {
        await work({ signal: own.control.signal, onProgress, gate: own.gate });
      } catch (error) {
        const told = toldOf(error);
        if (task === own) set({ error: told });
      } finally {
        if (task === own) {
          task = undefined;
          show();
        }
      }
    },
    pause(paused) {
      if (paused) task?.gate.close();
      else task?.gate.open();
      show();
    },
    cancel() {
      task?.control.abort();
      task = undefined;
      show();
    },
  };
}
