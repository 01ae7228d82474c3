import { describe, expect, it } from 'vitest';
import { isPlaying, pairedRange, sideTime } from './paired-timeline';

const query = { duration: 4, at: 1 };
const match = { duration: 10, at: 7 };

describe('paired timeline', () => {
  it('spans from the first start to the last end around the aligned moment', () => {
    expect(pairedRange([query, match])).toEqual({ from: -7, to: 3 });
    expect(pairedRange([query, { duration: 0, at: 0 }])).toEqual({ from: -1, to: 3 });
    expect(pairedRange([])).toEqual({ from: 0, to: 0 });
  });

  it('shows both at their own aligned moment at position 0', () => {
    expect(sideTime(query, 0)).toBe(1);
    expect(sideTime(match, 0)).toBe(7);
  });

  it('holds the shorter one at its edge where the longer one goes on', () => {
    expect(sideTime(query, -5)).toBe(0);
    expect(isPlaying(query, -5)).toBe(false);
    expect(isPlaying(match, -5)).toBe(true);
    expect(sideTime(query, 3)).toBe(4);
    expect(isPlaying(query, 3)).toBe(false);
  });

  it('lets the held one start when the position reaches it', () => {
    expect(isPlaying(query, -1)).toBe(true);
    expect(sideTime(query, -1)).toBe(0);
  });

  it('lets one run faster than the other', () => {
    const fast = { duration: 10, at: 2, rate: 2 };
    expect(pairedRange([query, fast])).toEqual({ from: -1, to: 4 });
    expect(sideTime(fast, 1.5)).toBe(5);
    expect(isPlaying(fast, 3.9)).toBe(true);
    expect(isPlaying(fast, 4)).toBe(false);
  });
});
