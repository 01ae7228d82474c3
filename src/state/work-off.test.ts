import { expect, test } from 'vitest';
import { type Outcome, type Task, workOff } from './work-off';

/** Works a queue off by a task that ends when it is told to. */
function setUp(ids: readonly string[], atOnce: number) {
  const queue = new Set(ids);
  const begun: string[] = [];
  const done: string[] = [];
  const shown: string[] = [];
  const ends = new Map<string, { resolve: (outcome: Outcome) => void; reject: (reason: unknown) => void }>();
  const control = new AbortController();
  let most = 0;
  const task: Task = (id, { signal, alone, onProgress }) => {
    begun.push(alone ? `${id} alone` : id);
    most = Math.max(most, begun.length - done.length);
    onProgress({ stage: 'Decoding', fraction: 0.5 });
    return new Promise((resolve, reject) => {
      ends.set(id, { resolve, reject });
      signal.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')));
    });
  };
  const ended = workOff(queue, {
    signal: control.signal,
    ready: async () => undefined,
    atOnce,
    task,
    onFirst: (id) => shown.push(id),
    onDone: (id, outcome) => {
      queue.delete(id);
      done.push(`${id} ${outcome}`);
    },
  });
  ended.catch(() => undefined);
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return {
    queue,
    begun,
    done,
    shown,
    control,
    ended,
    most: () => most,
    settle,
    async end(id: string, outcome: Outcome | Error = 'fine') {
      await settle();
      const { resolve, reject } = ends.get(id) ?? {};
      if (outcome instanceof Error) reject?.(outcome);
      else resolve?.(outcome);
      await settle();
    },
  };
}

test('pieces begin in order and end in any, never more at a time than allowed; the first one under way is shown', async () => {
  const { begun, done, shown, queue, ended, most, end } = setUp(['a', 'b', 'c', 'd'], 2);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  expect(new Set(shown)).toEqual(new Set(['a']));
  await end('a', 'failed');
  expect(shown.at(-1)).toBe('c');
  queue.add('e');
  for (const id of ['d', 'c', 'e']) await end(id);
  await ended;
  expect(done).toEqual(['b fine', 'a failed', 'd fine', 'c fine', 'e fine']);
  expect(most()).toBe(2);
});

test('pieces that ask for it are tried again one by one, with nothing beside them', async () => {
  const { begun, done, ended, end } = setUp(['a', 'b', 'c'], 2);
  await end('a', 'again');
  await end('b', 'again');
  expect(begun).toEqual(['a', 'b', 'a alone']);
  await end('a');
  expect(begun.at(-1)).toBe('b alone');
  await end('b', 'failed');
  await end('c');
  await ended;
  expect(done).toEqual(['a fine', 'b failed', 'c fine']);
});

test('what cannot go on ends everything, and so does a cancel', async () => {
  const full = setUp(['a', 'b', 'c'], 2);
  await full.end('b', new Error('the disk is full'));
  await expect(full.ended).rejects.toThrow('the disk is full');
  expect(full.begun).toEqual(['a', 'b']);
  const cancelled = setUp(['a', 'b'], 2);
  await cancelled.settle();
  cancelled.control.abort();
  await expect(cancelled.ended).rejects.toMatchObject({ name: 'AbortError' });
  expect(cancelled.done).toEqual([]);
});
