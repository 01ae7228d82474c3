import { describe, expect, it } from 'vitest';
import { norm } from '../similarity/dot';
import { combineExamples } from './relevance-feedback';

const of = (...values: number[]) => Float32Array.of(...values);
const close = (vector: Float32Array, expected: readonly number[]) => {
  expect(vector).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(vector[i]).toBeCloseTo(value, 6);
};

describe('relevance feedback', () => {
  it('weighs the query, the mean of what is wanted and of what is not', () => {
    const original = of(1, 0, 0);
    const more = [of(0, 1, 0), of(0, 3, 0)];
    const less = [of(0, 0, 2)];
    // (1, 0.75 * 2, -0.15 * 2) / 1.6
    close(combineExamples({ original, more, less }, { unit: false }), [0.625, 0.9375, -0.1875]);
    // Directions alone: (1, 0.75, -0.15) / 1.6
    close(combineExamples({ original, more, less }, { unit: true }), [0.625, 0.46875, -0.09375]);
  });

  it('is the plain mean of several that count alike', () => {
    close(combineExamples({ original: undefined, more: [of(2, 4), of(4, 0)], less: [] }, { unit: false }), [3, 2]);
  });

  it('is the query itself without examples, and leaves it as it is', () => {
    const original = of(0.5, -2);
    close(combineExamples({ original, more: [], less: [] }, { unit: false }), [0.5, -2]);
    expect([...original]).toEqual([0.5, -2]);
  });

  it('turns towards what is wanted and away from what is not', () => {
    const original = of(1, 0);
    const cosine = (a: Float32Array, b: Float32Array) =>
      ((a[0] as number) * (b[0] as number) + (a[1] as number) * (b[1] as number)) / (norm(a) * norm(b));
    const example = of(0.6, 0.8);
    const towards = combineExamples({ original, more: [example], less: [] }, { unit: true });
    const away = combineExamples({ original, more: [], less: [example] }, { unit: true });
    expect(cosine(towards, example)).toBeGreaterThan(cosine(original, example));
    expect(cosine(away, example)).toBeLessThan(cosine(original, example));
  });

  it('gives the same centred before as after', () => {
    const mean = [0.3, -0.1];
    const centred = (vector: Float32Array) => vector.map((value, i) => value - (mean[i] as number));
    const [original, more, less] = [of(1, 2), [of(0, 1), of(3, -1)], [of(-1, 0)]];
    const before = { original: centred(original), more: more.map(centred), less: less.map(centred) };
    const after = centred(combineExamples({ original, more, less }, { unit: false }));
    close(combineExamples(before, { unit: false }), [...after]);
  });

  it('keeps a zero vector from spoiling the rest, and asks for something wanted', () => {
    close(combineExamples({ original: of(0, 0), more: [of(0, 2)], less: [] }, { unit: true }), [0, 0.75 / 1.75]);
    expect(() => combineExamples({ original: undefined, more: [], less: [of(1)] }, { unit: true })).toThrow(RangeError);
  });
});
