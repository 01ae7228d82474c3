import { describe, expect, it } from 'vitest';
import { likeliestLabels, type Stretch, withMoment } from './label-track';
import { createRecentMean } from './recent-mean';

describe('createRecentMean', () => {
  it('averages what is recent and forgets the rest', () => {
    const mean = createRecentMean();
    expect(mean.add(0, Float32Array.of(2, 0), 1)).toEqual(Float32Array.of(2, 0));
    expect(mean.add(0.5, Float32Array.of(4, 2), 1)).toEqual(Float32Array.of(3, 1));
    expect(mean.add(1.2, Float32Array.of(0, 0), 1)).toEqual(Float32Array.of(2, 1));
    expect(mean.add(9, Float32Array.of(7, 7), 0)).toEqual(Float32Array.of(7, 7));
  });

  it('begins anew where rows have another length: another network was put in', () => {
    const mean = createRecentMean();
    mean.add(0, Float32Array.of(2, 0), 5);
    expect(mean.add(1, Float32Array.of(1), 5)).toEqual(Float32Array.of(1));
  });
});

describe('withMoment', () => {
  const grow = (...moments: readonly [time: number, label: string, probability: number][]) =>
    moments.reduce<readonly Stretch[]>(
      (track, [time, label, probability]) => withMoment(track, { time, label, probability }, 10),
      [],
    );

  it('joins equal labels, and lets one begin where another ends', () => {
    expect(grow([0, 'a', 0.5], [1, 'a', 0.7], [2, 'b', 0.6])).toEqual([
      { from: 0, to: 2, label: 'a', probability: 0.7 },
      { from: 2, to: 2, label: 'b', probability: 0.6 },
    ]);
  });

  it('leaves a gap where nothing was seen, and drops what is long past', () => {
    expect(grow([0, 'a', 0.5], [5, 'a', 0.5], [11, 'a', 0.5]).map(({ from, to }) => [from, to])).toEqual([
      [5, 5],
      [11, 11],
    ]);
  });
});

it('names the likeliest classes', () => {
  expect(likeliestLabels(Float32Array.of(0.25, 0.5, 0), (label) => `class ${label}`, 2)).toEqual([
    { label: 'class 1', probability: 0.5 },
    { label: 'class 0', probability: 0.25 },
  ]);
});
