import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromOklab, toOklab } from './oklab';

// From the author's page, by way of linear sRGB.
test.each([
  ['white', [1, 1, 1], [1, 0, 0]],
  ['black', [0, 0, 0], [0, 0, 0]],
  ['red', [1, 0, 0], [0.628, 0.2249, 0.1258]],
  ['green', [0, 1, 0], [0.8664, -0.2339, 0.1795]],
  ['blue', [0, 0, 1], [0.452, -0.0325, -0.3115]],
] as const)('%s', (_, [red, green, blue], lab) => {
  toOklab(red, green, blue).forEach((value, i) => {
    expect(value).toBeCloseTo(lab[i] ?? Number.NaN, 3);
  });
});

test('colours come back', () => {
  const channel = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(channel, channel, channel, (...colour) => {
      fromOklab(...toOklab(...colour)).forEach((value, i) => {
        expect(value).toBeCloseTo(colour[i] ?? Number.NaN, 4);
      });
    }),
  );
});
