import { serial } from '../../core/async';
import type { Credits } from './credits';

/** Between whoever decodes and whoever describes: pieces of work that run one after the other, each holding credits while
 * it waits and runs. */
export type Ring = {
  /** Resolves when the piece has its credits, mostly long before it ran. Rejects once a piece has failed. */
  push(bytes: number, work: () => Promise<void>): Promise<void>;
  /** Resolves when every piece ran. Rejects as the first that failed; those after it did not run. */
  drained(): Promise<void>;
};

/** `ahead`: pieces that may wait while one runs. */
export function createRing(credits: Credits, ahead: number): Ring {
  const queue = serial();
  const running: Promise<void>[] = [];
  let failure: { readonly reason: unknown } | undefined;

  const check = () => {
    if (failure) throw failure.reason;
  };
  const run = async (work: () => Promise<void>, giveBack: () => void) => {
    try {
      if (!failure) await work();
    } catch (reason) {
      failure ??= { reason };
    } finally {
      giveBack();
    }
  };

  return {
    async push(bytes, work) {
      check();
      while (running.length > ahead) {
        await running[0];
        check();
      }
      const giveBack = await credits.take(bytes);
      const done = queue(() => run(work, giveBack)).then(() => {
        running.splice(running.indexOf(done), 1);
      });
      running.push(done);
      check();
    },
    async drained() {
      await Promise.all(running);
      check();
    },
  };
}
