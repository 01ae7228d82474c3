import { expect, test } from 'vitest';
import { planMemory } from './memory-plan';
import { valuesWithBytes } from './packed-matrix';

const large = 2 * valuesWithBytes;

test.each([
  ['a small library as floats', 1000, 4000, { compact: false, bytes: 4000 }],
  ['a large one with bytes beside them', large, 5 * large, { compact: false, bytes: 5 * large }],
  ['without, where both do not fit', large, 5 * large - 1, { compact: false, bytesFrom: Infinity, bytes: 4 * large }],
  ['as bytes alone, where floats do not', large, 4 * large - 1, { compact: true, bytes: large }],
])('keeps %s', (_, values, memory, plan) => {
  expect(planMemory(values, memory, true)).toEqual(plan);
});

test('says what it would take where it is not to be compact, and what compactly if that helps', () => {
  const megabytes = 2 ** 20;
  const refused = (values: number, compact: boolean) => () => planMemory(values, 8 * megabytes, compact);
  const details = { megabytes: 12, allowed: 8 };
  expect(refused(3 * megabytes, false)).toThrow(
    expect.objectContaining({ code: 'library-too-large', details: { ...details, compact: 3 } }),
  );
  expect(refused(9 * megabytes, true)).toThrow(
    expect.objectContaining({ code: 'library-too-large', details: { megabytes: 36, allowed: 8 } }),
  );
});
