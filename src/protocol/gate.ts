/** Holds a long call while it is closed, on whichever thread it runs. */
export type Gate = {
  readonly closed: boolean;
  close(): void;
  open(): void;
  /** Resolves once the gate is open; undefined where it is. Rejects with an `AbortError` once the signal has fired. */
  pass(signal: AbortSignal | undefined): Promise<void> | undefined;
  /** Calls back whenever it has closed or opened; gives what ends that. */
  subscribe(onChange: (closed: boolean) => void): () => void;
};

/** A gate that is open. */
export function createGate(): Gate {
  let held: { readonly opened: Promise<void>; readonly open: () => void } | undefined;
  const listeners = new Set<(closed: boolean) => void>();
  const tell = (closed: boolean) => {
    for (const listener of listeners) listener(closed);
  };
  const wait = async (opened: Promise<void>, signal: AbortSignal | undefined) => {
    const aborted = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([opened, aborted]);
    signal?.throwIfAborted();
  };
  return {
    get closed() {
      return held !== undefined;
    },
    close() {
      if (held) return;
      let open: () => void = () => undefined;
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      held = { opened, open };
      tell(true);
    },
    open() {
      if (!held) return;
      held.open();
      held = undefined;
      tell(false);
    },
    pass: (signal) => held && wait(held.opened, signal),
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}
