import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classesPerMoment, joinClasses, momentClasses, recognise } from './classes';

const scores = (rows: readonly (readonly number[])[]) => ({
  vocabulary: 'imagenet' as const,
  classes: rows[0]?.length ?? 0,
  probabilities: Float32Array.from(rows.flat()),
});

describe('momentClasses', () => {
  it('keeps the likeliest of each moment in order, as sorting does', () => {
    const row = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (rows) => {
        const { classes, probabilities } = momentClasses(scores(rows), [...rows.keys()]);
        for (const [i, values] of rows.entries()) {
          const sorted = values
            .map((value, index) => ({ value, index }))
            .filter(({ value }) => value > 0)
            .sort((a, b) => b.value - a.value || a.index - b.index)
            .slice(0, classesPerMoment);
          const from = i * classesPerMoment;
          expect(Array.from(probabilities.subarray(from, from + sorted.length))).toEqual(
            sorted.map((one) => one.value),
          );
          expect(Array.from(classes.subarray(from, from + sorted.length))).toEqual(sorted.map((one) => one.index));
        }
      }),
    );
  });

  it('repeats rows where places do, in the average too', () => {
    const { probabilities, means } = momentClasses(
      scores([
        [0.25, 0.75, 0, 0, 0, 0],
        [1, 0, 0, 0, 0, 0],
      ]),
      [0, 0, 0, 1],
    );
    expect(probabilities.length).toBe(4 * classesPerMoment);
    expect(Array.from(means.subarray(0, 2))).toEqual([0.4375, 0.5625]);
  });
});

describe('joinClasses', () => {
  it('gives what one part would', () => {
    const rows = [
      [0.5, 0.25, 0, 0, 0, 0.25],
      [0, 0.5, 0.5, 0, 0, 0],
      [0.25, 0.25, 0, 0.5, 0, 0],
    ];
    const whole = momentClasses(scores(rows), [0, 1, 2]);
    const parts = [momentClasses(scores(rows.slice(0, 2)), [0, 1]), momentClasses(scores(rows.slice(2)), [0])];
    const joined = joinClasses(parts);
    expect(joined?.classes).toEqual(whole.classes);
    expect(joined?.probabilities).toEqual(whole.probabilities);
    for (const [c, mean] of whole.means.entries()) expect(joined?.means[c]).toBeCloseTo(mean, 6);
  });

  it('gives nothing where a part has none', () => {
    expect(joinClasses([momentClasses(scores([[1]]), [0]), undefined])).toBeUndefined();
    expect(joinClasses([])).toBeUndefined();
  });
});

it('recognises what is likely on average first, and says when each is likeliest', () => {
  const rows = [
    [0.5, 0.5, 0, 0, 0, 0],
    [0.75, 0.01, 0.24, 0, 0, 0],
    [0.25, 0.01, 0.74, 0, 0, 0],
  ];
  const found = recognise({ ...momentClasses(scores(rows), [0, 1, 2]), space: 's', times: Float64Array.of(1, 3, 5) });
  expect(found.map((one) => [one.class, one.time])).toEqual([
    [0, 3],
    [2, 5],
    [1, 1],
  ]);
  expect(found[0]).toMatchObject({ vocabulary: 'imagenet', probability: 0.5, best: 0.75 });
});
