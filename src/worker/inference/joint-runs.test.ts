import { expect, test } from 'vitest';
import { serial } from '../../core/async';
import { createJointRuns } from './joint-runs';

type Card = { readonly id: string };

/** A network that doubles its items of two numbers, and notes how many it got. */
function setUp(most = 8) {
  const runs: string[] = [];
  const queue = serial();
  let fail = false;
  const runJointly = createJointRuns<Card>({
    queue,
    largest: async () => most,
    run: async ({ id }, items, count, signal) => {
      signal?.throwIfAborted();
      runs.push(`${id} ${count}`);
      if (fail) throw new Error('broken');
      const scores = {
        vocabulary: 'imagenet',
        classes: 1,
        probabilities: items.filter((_, i) => i % 2 === 0),
      } as const;
      return { features: items.map((value) => 2 * value), scores };
    },
  });
  const ask = (card: Card, items: Float32Array, count: number, signal?: AbortSignal, urgent = false) =>
    runJointly({ card, items, count, signal, urgent });
  /** Keeps the queue busy until it is called. */
  const hold = () => {
    let open: () => void = () => undefined;
    void queue(() => new Promise<void>((resolve) => (open = resolve)));
    return new Promise<() => void>((resolve) => setTimeout(() => resolve(open)));
  };
  return { runs, ask, hold, breakDown: () => (fail = true) };
}

const network = { id: 'a' };
const items = (...values: number[]) => Float32Array.from(values.flatMap((value) => [value, value + 0.5]));

test('what waits for one network goes through it together, and everyone gets their own', async () => {
  const { runs, ask, hold } = setUp();
  const open = await hold();
  const asked = [
    ask(network, items(1, 2), 2),
    ask({ id: 'b' }, items(9), 1),
    ask(network, items(3), 1),
    ask(network, items(4, 5, 6), 3),
  ];
  open();
  const outputs = await Promise.all(asked);
  expect(runs).toEqual(['a 6', 'b 1']);
  expect(outputs.map(({ features }) => [...features])).toEqual([
    [2, 3, 4, 5],
    [18, 19],
    [6, 7],
    [8, 9, 10, 11, 12, 13],
  ]);
  expect(outputs.map(({ scores }) => [...(scores?.probabilities ?? [])])).toEqual([[1, 2], [9], [3], [4, 5, 6]]);
});

test('no more go together than fill a batch, and items of another length go by themselves', async () => {
  const { runs, ask, hold } = setUp(4);
  const open = await hold();
  const asked = [
    ask(network, items(1, 2, 3), 3),
    ask(network, items(1, 2), 2),
    ask(network, new Float32Array(3), 1),
    ask(network, items(1), 1),
  ];
  open();
  await Promise.all(asked);
  expect(runs).toEqual(['a 4', 'a 2', 'a 1']);
});

test('one that is cancelled leaves the others alone; a failure reaches everyone', async () => {
  const { runs, ask, hold, breakDown } = setUp();
  const control = new AbortController();
  let open = await hold();
  const cancelled = ask(network, items(1), 1, control.signal);
  const other = ask(network, items(2), 1);
  control.abort();
  open();
  await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
  expect([...(await other).features]).toEqual([4, 5]);
  expect(runs).toEqual(['a 1']);
  breakDown();
  open = await hold();
  const both = [ask(network, items(1), 1), ask(network, items(2), 1)];
  open();
  for (const one of both) await expect(one).rejects.toThrow('broken');
  expect(runs.at(-1)).toBe('a 2');
});

test('what is urgent goes before what came earlier, each for its own network', async () => {
  const { runs, ask, hold } = setUp();
  const open = await hold();
  const asked = [
    ask(network, items(1), 1),
    ask({ id: 'b' }, items(2), 1),
    ask({ id: 'b' }, items(3), 1, undefined, true),
  ];
  open();
  await Promise.all(asked);
  expect(runs).toEqual(['b 2', 'a 1']);
});
