import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { steadily } from './steadily';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp() {
  const store = createStore(() => 0);
  const seen: number[] = [];
  const unsubscribe = steadily(store.subscribe, 100)(() => seen.push(store.getState()));
  return { store, seen, unsubscribe };
}

test('the first change is heard at once, of many the last, and no more than one an interval', () => {
  const { store, seen } = setUp();
  for (let change = 1; change <= 1000; change++) {
    store.setState(change, true);
    vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(100);
  expect(seen[0]).toBe(1);
  expect(seen.at(-1)).toBe(1000);
  expect(seen.length).toBeLessThanOrEqual(12);
  expect(seen.length).toBeGreaterThanOrEqual(10);
});

test('a change after a quiet time is heard at once', () => {
  const { store, seen } = setUp();
  store.setState(1, true);
  vi.advanceTimersByTime(500);
  store.setState(2, true);
  expect(seen).toEqual([1, 2]);
});

test('nothing is heard after the end, planned or not', () => {
  const { store, seen, unsubscribe } = setUp();
  store.setState(1, true);
  store.setState(2, true);
  unsubscribe();
  store.setState(3, true);
  vi.advanceTimersByTime(1000);
  expect(seen).toEqual([1]);
});
