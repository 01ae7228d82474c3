/** Holds a long task while it is closed. */
export type Gate = {
  readonly close: () => void;
  readonly open: () => void;
  /** Resolves once the gate is open; undefined where it is. Rejects with an `AbortError` once the signal has fired. */
  readonly pass: (signal: AbortSignal | undefined) => Promise<void> | undefined;
};

/** A gate that is open. */
export function createGate(): Gate {
  let closed: { readonly opened: Promise<void>; readonly open: () => void } | undefined;
  const open = () => {
    closed?.open();
    closed = undefined;
  };
  const wait = async (opened: Promise<void>, signal: AbortSignal | undefined) => {
    const aborted = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([opened, aborted]);
    signal?.throwIfAborted();
  };
  return {
    close() {
      open();
      let release: () => void = () => undefined;
      const opened = new Promise<void>((resolve) => {
        release = resolve;
      });
      closed = { opened, open: release };
    },
    open,
    pass: (signal) => closed && wait(closed.opened, signal),
  };
}
