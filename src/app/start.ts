import { AppError } from '../core/errors';
import type { Stores } from '../state/stores';

/** Reads what is stored and goes on with what an earlier visit left unfinished. */
export async function start({ engine, preferences, library, jobs }: Stores): Promise<void> {
  const { backend, searchMemory } = preferences.getState();
  if (backend !== 'auto') await engine.extract.setBackend({ backend });
  if (searchMemory !== null) await engine.library.setMemory({ bytes: searchMemory * 2 ** 20 });
  await library.getState().load();
  await jobs
    .getState()
    .resumeWaiting()
    .catch((error: unknown) => {
      // What cannot be read is said on the library page by then.
      if (!(error instanceof AppError)) throw error;
    });
}
