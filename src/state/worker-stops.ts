import { AppError } from '../core/errors';

/** What the calls that a worker left unanswered reject with. `page`: the page ended it, as it did not answer one who cancelled
 * a call; that says nothing of the other calls. */
export function workerStopped(by: 'page' | 'itself', cause?: unknown): AppError {
  return new AppError('worker-stopped', 'The worker ended during the call', { by }, { cause });
}

export function isStop(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'worker-stopped';
}

/** Makes a call again, as often as the page ended its worker for another one's sake. */
export async function despiteCancels<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isStop(error) || error.details.by !== 'page') throw error;
    }
  }
}

/** The same, and once more where the worker stopped by itself: another call may have been the cause. For what costs little. */
export async function retryOnce<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await despiteCancels(call);
  } catch (error) {
    if (isStop(error)) return despiteCancels(call);
    throw error;
  }
}
