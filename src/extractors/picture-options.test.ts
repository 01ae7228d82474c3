import { expect, test } from 'vitest';
import { meanOfViews, rooted, viewsOf } from './picture-options';

test('each vector gets the square roots of its values, with their signs, and length 1', () => {
  const made = rooted(Float32Array.of(9, -16, 0, 0, 1, 0), 2);
  expect([...made]).toEqual([3 / 5, -4 / 5, 0, 0, 1, 0].map(Math.fround));
});

test('a second view shows the whole frame beside its middle, or the other way round', () => {
  const sampling = { instants: { mode: 'every' }, width: 8, height: 8, fit: 'cover' } as const;
  expect(viewsOf(sampling, {})).toEqual([sampling]);
  expect(viewsOf(sampling, { views: 'two' }).map(({ fit }) => fit)).toEqual(['cover', 'squeeze']);
  expect(viewsOf({ ...sampling, fit: 'squeeze' as const }, { views: 'two' })[1]?.fit).toBe('cover');
});

test('views are averaged value by value', () => {
  const own = Float32Array.of(1, 2);
  expect(meanOfViews(own, [])).toBe(own);
  expect([...meanOfViews(own, [Float32Array.of(3, 6)])]).toEqual([2, 4]);
});
