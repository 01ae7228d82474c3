import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCredits } from './credits';
import { createRing } from './ring';

const turn = () => new Promise((resolve) => setTimeout(resolve));

test('pieces of several rings run in the order of each, and together never hold more than there is', async () => {
  const piece = fc.record({ bytes: fc.integer({ min: 0, max: 50 }), turns: fc.integer({ min: 0, max: 2 }) });
  const videos = fc.array(fc.array(piece, { maxLength: 8 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(videos, fc.integer({ min: 50, max: 120 }), async (lists, total) => {
      const credits = createCredits(total);
      let held = 0;
      let most = 0;
      const ran = await Promise.all(
        lists.map(async (pieces) => {
          const ring = createRing(
            {
              async take(bytes) {
                const giveBack = await credits.take(bytes);
                held += bytes;
                most = Math.max(most, held);
                return () => {
                  held -= bytes;
                  giveBack();
                };
              },
            },
            1,
          );
          const order: number[] = [];
          for (const [i, { bytes, turns }] of pieces.entries()) {
            await ring.push(bytes, async () => {
              for (let waited = 0; waited < turns; waited++) await turn();
              order.push(i);
            });
          }
          await ring.drained();
          return order;
        }),
      );
      expect(ran).toEqual(lists.map((pieces) => [...pieces.keys()]));
      expect(most).toBeLessThanOrEqual(total);
      expect(held).toBe(0);
    }),
    { numRuns: 40 },
  );
});

test('one piece larger than all credits runs alone', async () => {
  const credits = createCredits(10);
  const giveBack = await credits.take(25);
  let got = false;
  const second = credits.take(1).then((back) => {
    got = true;
    return back;
  });
  await turn();
  expect(got).toBe(false);
  giveBack();
  (await second)();
  expect(got).toBe(true);
});

test('no more pieces wait than the ring lets ahead', async () => {
  const ring = createRing(createCredits(1000), 1);
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  await ring.push(1, () => gate);
  await ring.push(1, async () => undefined);
  let third = false;
  const pushed = ring
    .push(1, async () => undefined)
    .then(() => {
      third = true;
    });
  await turn();
  expect(third).toBe(false);
  open();
  await pushed;
  await ring.drained();
});

test('a piece that fails ends those after it, and gives back every credit', async () => {
  const credits = createCredits(4);
  const ring = createRing(credits, 2);
  const ran: string[] = [];
  await ring.push(2, async () => {
    await turn();
    throw new Error('broken');
  });
  await ring.push(2, async () => {
    ran.push('second');
  });
  await expect(ring.drained()).rejects.toThrow('broken');
  await expect(ring.push(2, async () => undefined)).rejects.toThrow('broken');
  expect(ran).toEqual([]);
  (await credits.take(4))();
});
