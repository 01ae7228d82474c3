const lockName = 'reelmatch-training';

/** Runs `work`; `alone` is true where no other tab trains. The training of that one tab is kept as it goes. */
export function asTrainingTab<Result>(work: (alone: boolean) => Promise<Result>): Promise<Result> {
  return navigator.locks.request(lockName, { ifAvailable: true }, (lock) => work(lock !== null));
}

/** Whether a tab trains: this one, or another. */
export async function isTraining(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === lockName);
}

/** Resolves once no tab trains. */
export async function trainingEnded(): Promise<void> {
  await navigator.locks.request(lockName, { mode: 'shared' }, () => undefined);
}
