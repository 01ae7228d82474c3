/** Requests beyond the page's own origin, as resource timing saw them. */
export type RequestCount = {
  readonly total: number;
  /** Those of `total` that fetched a model file. */
  readonly models: number;
};

type Notice =
  | { readonly reelmatch: 'alive'; readonly lock: string }
  | { readonly reelmatch: 'requests'; readonly count: RequestCount }
  | { readonly reelmatch: 'pong'; readonly ping: number };

type Question = { readonly reelmatch: 'ping'; readonly ping: number };

/** The global scope of a dedicated worker, as far as notices need it. */
type WorkerScope = {
  postMessage(data: Notice): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
};

function isNotice<T extends Notice | Question>(data: unknown): data is T {
  return typeof data === 'object' && data !== null && 'reelmatch' in data;
}

const modelHost = /(^|\.)(huggingface\.co|hf\.co)$/;

/** Counts what this thread requested beyond its origin, from its first request on; calls back with each new sum. */
export function observeRequests(onCount: (count: RequestCount) => void): void {
  let count: RequestCount = { total: 0, models: 0 };
  new PerformanceObserver((list) => {
    const beyond = list
      .getEntries()
      .map(({ name }) => new URL(name, globalThis.location.href))
      .filter(({ protocol, origin }) => /^https?:$/.test(protocol) && origin !== globalThis.location.origin);
    if (beyond.length === 0) return;
    const models = beyond.filter(({ hostname, pathname }) => modelHost.test(hostname) || pathname.endsWith('.onnx'));
    count = { total: count.total + beyond.length, models: count.models + models.length };
    onCount(count);
  }).observe({ type: 'resource', buffered: true });
}

/** Called once by every worker. Tells the page of requests beyond the origin, answers its pings, and holds a lock for
 * as long as the worker lives, so that the page learns of its death even when no event says so. */
export function postNotices(): void {
  const scope = globalThis as unknown as WorkerScope;
  observeRequests((count) => scope.postMessage({ reelmatch: 'requests', count }));
  scope.addEventListener('message', ({ data }) => {
    if (isNotice<Question>(data)) scope.postMessage({ reelmatch: 'pong', ping: data.ping });
  });
  const lock = `reelmatch-worker-${crypto.randomUUID()}`;
  void navigator.locks.request(lock, () => {
    scope.postMessage({ reelmatch: 'alive', lock });
    return new Promise<void>(() => undefined);
  });
}

/** Page side of {@link postNotices}. `onGone` is called once, when the worker has ended for whatever reason. */
export function onNotices(
  worker: Worker,
  { onRequests, onGone }: { onRequests: (count: RequestCount) => void; onGone: () => void },
): {
  /** Whether the worker's thread answers within `milliseconds`. */ answers(milliseconds: number): Promise<boolean>;
} {
  const waiting = new Map<number, (answered: boolean) => void>();
  let pings = 0;
  worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (!isNotice<Notice>(data)) return;
    if (data.reelmatch === 'requests') onRequests(data.count);
    else if (data.reelmatch === 'alive') void navigator.locks.request(data.lock, onGone);
    else waiting.get(data.ping)?.(true);
  });
  return {
    answers: (milliseconds) =>
      new Promise((resolve) => {
        const ping = pings++;
        const settle = (answered: boolean) => {
          waiting.delete(ping);
          clearTimeout(timer);
          resolve(answered);
        };
        const timer = setTimeout(settle, milliseconds, false);
        waiting.set(ping, settle);
        worker.postMessage({ reelmatch: 'ping', ping } satisfies Question);
      }),
  };
}
