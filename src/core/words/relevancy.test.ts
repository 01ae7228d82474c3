import { expect, it } from 'vitest';
import { relevancy } from './relevancy';

it('is even where the text says no more than the nearest that says nothing', () => {
  expect(relevancy(0.25, [0.1, 0.25], 100)).toBe(0.5);
});

it('is the least of the softmaxes against each', () => {
  const softmax = (a: number, b: number) => Math.exp(100 * a) / (Math.exp(100 * a) + Math.exp(100 * b));
  expect(relevancy(0.27, [0.2, 0.24], 100)).toBeCloseTo(Math.min(softmax(0.27, 0.2), softmax(0.27, 0.24)), 12);
  expect(relevancy(0.2, [0.23], 100)).toBeCloseTo(softmax(0.2, 0.23), 12);
});
