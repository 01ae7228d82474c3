import type { Gate } from './gate';

/** How far a long call is. `fraction` is 0..1, undefined while unknown. */
export type Progress = {
  readonly stage: string;
  readonly fraction: number | undefined;
};

/** Second argument of every long call across threads: cancel it, hear of it, hold it. Cancelling rejects with an
 * `AbortError`, also while it is held. */
export type CallOptions = {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Work that runs in slices stands still while it is closed. */
  readonly gate?: Gate;
};
