import { beforeEach, expect, test, vi } from 'vitest';
import { createEngine } from './engine';

/** A worker that never answers a call, and a ping only while its thread is free. */
class FakeWorker extends EventTarget {
  busy = true;
  ended = false;
  postMessage(data: { readonly reelmatch?: string; readonly ping?: number }) {
    if (data.reelmatch !== 'ping' || this.busy) return;
    this.dispatchEvent(new MessageEvent('message', { data: { reelmatch: 'pong', ping: data.ping } }));
  }
  terminate() {
    this.ended = true;
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  return () => vi.useRealTimers();
});

/** An engine at work on one file, while another one's copy is being made. */
function setUp() {
  const workers: FakeWorker[] = [];
  const spawn = () => {
    workers.push(new FakeWorker());
    return workers.at(-1) as unknown as Worker;
  };
  const { extract } = createEngine({ extract: spawn, library: spawn, train: spawn });
  const file = new File(['content'], 'a.mp4');
  const described = extract.extract({ file, requests: [] });
  const control = new AbortController();
  const copied = extract.makeProxy({ file }, { signal: control.signal });
  const settled = vi.fn();
  described.then(settled, settled);
  const [worker] = workers as [FakeWorker];
  return { workers, worker, extract, file, described, copied, control, settled };
}

test('a busy worker is ended for one who cancels, and the others hear that the page ended it', async () => {
  const { workers, worker, extract, file, described, copied, control, settled } = setUp();
  control.abort();
  await expect(copied).rejects.toMatchObject({ name: 'AbortError' });
  expect(settled).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1000);
  await expect(described).rejects.toMatchObject({ code: 'worker-stopped', details: { by: 'page' } });
  expect(worker.ended).toBe(true);
  void extract.identify({ file });
  expect(workers).toHaveLength(2);
});

test('a worker that answers in time is left alone', async () => {
  const { worker, copied, control, settled } = setUp();
  worker.busy = false;
  control.abort();
  await expect(copied).rejects.toMatchObject({ name: 'AbortError' });
  await vi.advanceTimersByTimeAsync(1000);
  expect(worker.ended).toBe(false);
  expect(settled).not.toHaveBeenCalled();
});

test('a worker that fails has ended by itself, also while one who cancelled waits for it', async () => {
  const { worker, described, copied, control } = setUp();
  control.abort();
  await expect(copied).rejects.toMatchObject({ name: 'AbortError' });
  worker.dispatchEvent(new Event('error'));
  await expect(described).rejects.toMatchObject({ code: 'worker-stopped', details: { by: 'itself' } });
});
