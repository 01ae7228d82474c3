import type { Scan } from './scan';

/** Beyond, threads wait for the memory rather than for one another. */
const most = 4;

/** Milliseconds after which threads that nobody asks are ended: they hold the memory that they saw last. */
const idleAfter = 20_000;

/** A pass, and which of its threads the one that hears of it is: 1 and up. */
export type Asked = { readonly scan: Scan; readonly thread: number };

let threads: readonly Worker[] = [];
let usable = true;
let idle: ReturnType<typeof setTimeout> | undefined;

/** Threads that can share a memory: one where the page is not isolated from other origins. */
export function availableThreads(): number {
  return globalThis.crossOriginIsolated ? Math.min(most, navigator.hardwareConcurrency) : 1;
}

/** Tells so many threads but one, which asks, of a pass over rows. They come when they come: nobody answers. */
export function askThreads(scan: Scan, count: number): void {
  if (!usable) return;
  clearTimeout(idle);
  idle = setTimeout(end, idleAfter);
  try {
    while (threads.length < count - 1) threads = [...threads, start()];
    for (const [i, thread] of threads.slice(0, count - 1).entries())
      thread.postMessage({ scan, thread: i + 1 } satisfies Asked);
  } catch {
    giveUp();
  }
}

function start(): Worker {
  const thread = new Worker(new URL('./scan.worker.ts', import.meta.url), { type: 'module', name: 'scan' });
  thread.addEventListener('error', giveUp);
  thread.addEventListener('messageerror', giveUp);
  return thread;
}

/** The one that asks does the rows of a thread that is gone, and all of them from now on. */
function giveUp(): void {
  usable = false;
  end();
}

function end(): void {
  for (const thread of threads) thread.terminate();
  threads = [];
}
