import { describe, expect, it } from 'vitest';
import { hashDimensions } from '../near-duplicates/hash-track';
import { seededRandom } from '../random';
import { type Alignment, align } from './align';
import { containment, covered } from './coverage';
import { sharesFrames } from './shares-frames';
import { type Timeline, toTimeline } from './timeline';

/** Frames of a scene that wanders, four a second; its middle wanders as another does. */
function scene(seed: number, seconds: number, pace = 0.25): Float32Array[] {
  const random = seededRandom(seed);
  let values = Array.from({ length: hashDimensions }, () => random() - 0.5);
  return Array.from({ length: seconds * 4 }, () => {
    values = values.map((value) => 0.97 * value + pace * (random() - 0.5));
    return Float32Array.from(values, (value) => (value > 0 ? 1 : -1));
  });
}

function timeline(rows: readonly Float32Array[], part?: { from: number; to: number }): Timeline {
  const frames = new Float32Array(rows.length * hashDimensions);
  for (const [i, row] of rows.entries()) frames.set(row, i * hashDimensions);
  const times = rows.map((_, i) => i / 4);
  return toTimeline({ frames, times, count: rows.length, dimensions: hashDimensions }, rows.length / 4, part);
}

/** As coding does, some bits turned. */
function coded(rows: readonly Float32Array[], seed = 99): Float32Array[] {
  const random = seededRandom(seed);
  return rows.map((row) => row.map((value) => (random() < 0.03 ? -value : value)));
}

function aligned(query: Timeline, match: Timeline): Alignment {
  const steps = align(query, match, 'wavelet');
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

const times = ({ segments }: Alignment) =>
  segments.map(({ query, match }) =>
    [query.from, query.to, match.from, match.to].map((time) => Math.round(4 * time) / 4),
  );

const [one, two, three, four] = [scene(1, 6), scene(2, 6), scene(3, 6), scene(4, 6)] as const;
const long = timeline([...one, ...two, ...three]);

describe('align', () => {
  it('finds a part of a longer video', () => {
    const found = aligned(timeline(coded(two.slice(4, 20))), long);
    expect(times(found)).toEqual([[0, 4, 7, 11]]);
    expect(found.segments[0]?.rate).toBe(1);
    expect(found.segments[0]?.similarity).toBeGreaterThan(0.9);
    expect(found).toMatchObject({ mirrored: false, cropped: undefined });
  });

  it('finds several segments, whatever their order, and leaves out what is only in one of the two', () => {
    const query = timeline(coded([...three.slice(0, 12), ...four.slice(0, 8), ...one.slice(4, 16)]));
    expect(times(aligned(query, long))).toEqual([
      [0, 3, 12, 15],
      [5, 8, 1, 4],
    ]);
  });

  it('finds the same shot twice', () => {
    const query = timeline(one.slice(4, 16));
    const match = timeline([...one, ...two, ...coded(one)]);
    expect(times(aligned(query, match))).toEqual([
      [0, 3, 1, 4],
      [0, 3, 13, 16],
    ]);
  });

  it('tells the speed', () => {
    const fast = one.filter((_, i) => i % 2 === 0);
    const found = aligned(timeline(fast), long);
    expect(found.segments.map(({ rate }) => rate)).toEqual([2]);
    expect(times(found)).toEqual([[0, 3, 0, 6]]);
  });

  it('does not take two slow scenes, shortened, for one that runs faster', () => {
    const [first, second] = [scene(5, 4, 0.1), scene(6, 4, 0.1)];
    const query = timeline([...first.slice(4, 12), ...second.slice(4, 12)]);
    const found = aligned(query, timeline([...first, ...second, ...three]));
    expect(times(found)).toEqual([
      [0, 2, 1, 3],
      [2, 4, 5, 7],
    ]);
  });

  it('sees mirrored and cropped copies', () => {
    // A row of the grid is eight bits.
    const mirror = (row: Float32Array) => row.map((_, i) => row[i - (i % 8) + 7 - (i % 8)] as number);
    const mirrored = aligned(timeline(two.map(mirror)), long);
    expect(mirrored.mirrored).toBe(true);
    expect(times(mirrored)).toEqual([[0, 6, 6, 12]]);
    const crop = two.map((row) => Float32Array.from([...row.subarray(64), ...row.subarray(0, 64)]));
    const cropped = aligned(
      timeline(crop.map((row) => Float32Array.from([...row.subarray(0, 64), ...row.subarray(0, 64)]))),
      long,
    );
    expect(cropped.cropped).toBe('query');
    expect(times(cropped)).toEqual([[0, 6, 6, 12]]);
  });

  it('finds nothing in unrelated, dark or plain pictures', () => {
    expect(aligned(timeline(four), long).segments).toEqual([]);
    const dark = timeline(Array.from({ length: 8 }, () => new Float32Array(hashDimensions)));
    const found = aligned(dark, long);
    expect(found.segments).toEqual([]);
    expect(found.matrix.every(Number.isNaN)).toBe(true);
    expect(aligned(dark, dark).segments).toEqual([]);
  });

  it('gives one segment of a still shot, and finds a still image', () => {
    const still = Array.from({ length: 12 }, () => one[0] as Float32Array);
    expect(aligned(timeline(still.slice(0, 6)), timeline([...two, ...still])).segments).toHaveLength(1);
    const image = aligned(timeline([two[8] as Float32Array]), long);
    expect(image.segments).toHaveLength(1);
    expect(image.segments[0]?.match.from).toBeCloseTo(8, 0);
  });

  it('keeps the times of a part', () => {
    const query = timeline([...four, ...two], { from: 7, to: 10 });
    expect(times(aligned(query, long))).toEqual([[7, 10, 7, 10]]);
  });
});

describe('containment', () => {
  const segment = (from: number, to: number, at: number) => ({
    query: { from, to },
    match: { from: at, to: at + to - from },
    rate: 1,
    similarity: 1,
    evidence: 1,
  });

  it('says which of the two lies in the other', () => {
    expect(containment([segment(0, 4, 10)], 4, 60)).toBe('query-in-match');
    expect(containment([segment(5, 9, 0)], 20, 4)).toBe('match-in-query');
    expect(containment([segment(0, 4, 0)], 4, 4.2)).toBe('whole');
    expect(containment([segment(0, 2, 3)], 4, 9)).toBe('part');
  });

  it('counts seconds once', () => {
    expect(
      covered([
        { from: 2, to: 5 },
        { from: 0, to: 3 },
        { from: 8, to: 9 },
      ]),
    ).toBe(6);
  });
});

describe('sharesFrames', () => {
  it('lets pass what shares frames, and not what does not', () => {
    expect(sharesFrames(timeline(coded(two.slice(4, 12))), long, 'wavelet')).toBe(true);
    expect(sharesFrames(long, timeline(coded(two.slice(4, 12))), 'wavelet')).toBe(true);
    expect(sharesFrames(timeline(four), long, 'wavelet')).toBe(false);
  });
});
