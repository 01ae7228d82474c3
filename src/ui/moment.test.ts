import { describe, expect, it } from 'vitest';
import { clock, momentText } from './moment';
import { ordinal } from './score';

describe('words of a match', () => {
  it('writes times without rounding up to an instant that is not reached', () => {
    expect(clock(3.99)).toBe('0:03');
    expect(clock(62.44, { tenths: true })).toBe('1:02.4');
    expect(clock(3725)).toBe('1:02:05');
    expect(clock(-1)).toBe('0:00');
    expect(clock(Number.NaN)).toBe('0:00');
  });

  it('says how exact a moment is: half the distance between sampled frames', () => {
    const moment = { time: 3.2, queryTime: 1, similarity: 0.9, resolution: 0.8 };
    expect(momentText(moment)).toBe('best at 0:03 (±0.4 s)');
    expect(momentText({ ...moment, resolution: 60 })).toBe('best at 0:03 (±30 s)');
    expect(momentText({ ...moment, resolution: 0 })).toBe('best at 0:03');
  });

  it('ends ordinals as they are spoken', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 50, 99.1, 11.1, 0, 112].map(ordinal)).toEqual(
      '1st 2nd 3rd 4th 11th 12th 13th 21st 50th 99.1st 11.1st 0th 112th'.split(' '),
    );
  });
});
