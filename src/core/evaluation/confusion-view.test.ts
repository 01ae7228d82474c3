import { expect, test } from 'vitest';
import type { Confusion } from './confusion';
import { confusionView } from './confusion-view';

// 0 -> 0: 3, 0 -> 1: 1, 1 -> 1: 2, 2 -> 3: 2, 3 -> 3: 5, 4 -> 4: 4
const confusion: Confusion = { rows: [0, 0, 1, 2, 3, 4], columns: [0, 1, 1, 3, 3, 4], counts: [3, 1, 2, 2, 5, 4] };

test('all classes, as counts and as shares of row or column', () => {
  const counts = confusionView(confusion, 5, { normalise: 'counts' });
  expect(counts.lines).toEqual([0, 1, 2, 3, 4]);
  expect(counts.values[1]).toBe(1);
  expect(confusionView(confusion, 5, { normalise: 'row' }).values[1]).toBe(0.25);
  expect(confusionView(confusion, 5, { normalise: 'column' }).values[1]).toBeCloseTo(1 / 3, 12);
});

test('the most confused classes and the others together lose no count', () => {
  const { lines, counts } = confusionView(confusion, 5, { normalise: 'counts', most: 2 });
  expect(lines).toEqual([2, 3, -1]);
  expect([...counts]).toEqual([0, 2, 0, 0, 5, 0, 0, 0, 10]);
});

test('an empty row or column gives zeros, not NaN', () => {
  expect([...confusionView(confusion, 6, { normalise: 'row' }).values].every(Number.isFinite)).toBe(true);
});
