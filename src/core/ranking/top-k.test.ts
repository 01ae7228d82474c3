import fc from 'fast-check';
import { expect, test } from 'vitest';
import { topK } from './top-k';

const score = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -3, max: 3 }) },
  fc.constantFrom(Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -0),
);

test('the best are those of a sort, ties and infinities included; NaN and what is not sought are never among them', () => {
  fc.assert(
    fc.property(
      fc.array(score, { maxLength: 60 }),
      fc.integer({ min: 0, max: 70 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      (scores, k, every, fromLast) => {
        const before = (i: number, j: number) => (fromLast ? i > j : i < j);
        const sought = (i: number) => i % every === 0;
        const expected = [...scores.keys()]
          .filter((i) => !Number.isNaN(scores[i]) && sought(i))
          .sort((i, j) => {
            const [a, b] = [scores[i] as number, scores[j] as number];
            if (a !== b) return a > b ? -1 : 1;
            return before(i, j) ? -1 : 1;
          })
          .slice(0, k);
        expect(topK(Float64Array.from(scores), k, before, sought)).toEqual(expected);
      },
    ),
    { numRuns: 300 },
  );
});

test('only what would be among the best so far is asked for', () => {
  const asked: number[] = [];
  const scores = Float64Array.from({ length: 1000 }, (_, i) => (i < 10 ? 100 - i : i / 1000));
  const sought = (i: number) => {
    asked.push(i);
    return true;
  };
  expect(topK(scores, 5, (i, j) => i < j, sought)).toEqual([0, 1, 2, 3, 4]);
  expect(asked).toEqual([0, 1, 2, 3, 4]);
});
