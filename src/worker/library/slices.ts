import type { CallOptions } from '../../protocol/progress';
import { turn } from '../../protocol/turn';

/** How long a slice may keep other calls waiting, milliseconds. */
const slice = 25;

/** Called often, gives a promise whenever the slice's time is over: await it, and other calls are answered meanwhile. */
export type Pause = (stage: string, fraction: number | undefined) => Promise<void> | undefined;

/** For work that runs in slices on this thread, and waits while its gate is closed. The promise rejects with an
 * `AbortError` once the call is cancelled. */
export function slices({ signal, onProgress, gate }: CallOptions): Pause {
  let since = performance.now();
  return (stage, fraction) => {
    if (performance.now() - since < slice) return undefined;
    onProgress?.({ stage, fraction });
    return turn().then(async () => {
      signal?.throwIfAborted();
      await gate?.pass(signal);
      since = performance.now();
    });
  };
}

/** Runs all steps, in slices. `fraction` tells how far they are. */
export async function inSlices<Step, Result>(
  steps: Generator<Step, Result>,
  pause: Pause,
  stage: string,
  fraction?: (step: Step, count: number) => number,
): Promise<Result> {
  for (let count = 1; ; count++) {
    const step = steps.next();
    if (step.done) return step.value;
    const wait = pause(stage, fraction?.(step.value, count));
    if (wait) await wait;
  }
}
