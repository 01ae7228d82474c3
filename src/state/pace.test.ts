import { expect, test } from 'vitest';
import { createPace } from './pace';

test('nothing is estimated before the first piece of work', () => {
  expect(createPace().left(10)).toBeUndefined();
});

test('what is left is estimated from the last twenty pieces', () => {
  const pace = createPace();
  pace.took(100_000);
  for (let i = 0; i < 20; i++) pace.took(i % 2 ? 1000 : 3000);
  expect(pace.left(3)).toBe(6);
  expect(pace.left(0)).toBe(0);
});
