const lockName = 'reelmatch-indexing';

/** Runs `work` as the one tab that indexes. Where another tab does, `onWait` is called once and the work starts when
 * that one is through; `onWait` is not called otherwise. Aborting the signal ends the waiting with an `AbortError`. */
export async function asOnlyTab(work: () => Promise<void>, onWait: () => void, signal: AbortSignal): Promise<void> {
  const started = await navigator.locks.request(lockName, { ifAvailable: true }, async (lock) => {
    if (!lock) return false;
    await work();
    return true;
  });
  if (started) return;
  onWait();
  await navigator.locks.request(lockName, { signal }, work);
}

/** Keeps the screen, and with it the work, awake until the returned function is called. Refused silently where the
 * browser has no wake lock or the battery is low: indexing goes on all the same. */
export function stayAwake(): () => void {
  let released = false;
  let sentinel: WakeLockSentinel | undefined;
  const acquire = async () => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    const taken = await navigator.wakeLock.request('screen').catch(() => undefined);
    if (released) await taken?.release();
    else sentinel = taken;
  };
  // The browser takes the lock back whenever the tab is hidden.
  document.addEventListener('visibilitychange', acquire);
  void acquire();
  return () => {
    released = true;
    document.removeEventListener('visibilitychange', acquire);
    void sentinel?.release();
  };
}
