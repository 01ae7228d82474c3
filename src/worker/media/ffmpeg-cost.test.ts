import { expect, test } from 'vitest';
import { jumpsPay } from './ffmpeg-cost';

test('long and large files are jumped through, short ones and dense timelines decoded as a whole', () => {
  const small = { width: 320, height: 240, early: 2 };
  const large = { width: 1920, height: 1080, early: 2 };
  expect(jumpsPay({ ...small, frames: 175, instants: 8 })).toBe(false);
  expect(jumpsPay({ ...small, frames: 108_000, instants: 8 })).toBe(true);
  expect(jumpsPay({ ...large, frames: 1800, instants: 8 })).toBe(true);
  expect(jumpsPay({ ...large, frames: 300, instants: 8 })).toBe(false);
  expect(jumpsPay({ ...large, frames: 1800, instants: 8, early: 250 })).toBe(false);
  expect(jumpsPay({ ...large, frames: 1800, instants: 120 })).toBe(false);
  expect(jumpsPay({ ...small, frames: 108_000, instants: 7200 })).toBe(false);
});
