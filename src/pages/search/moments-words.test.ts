import { expect, test } from 'vitest';
import { changeWords, segmentWords } from './moments-words';

const segment = (from: number, to: number, at: number, rate = 1) => ({
  query: { from, to },
  match: { from: at, to: at + rate * (to - from) },
  rate,
  similarity: 1,
  evidence: 1,
});

test('a segment is told to the tenth where it is short, and rounded', () => {
  expect(segmentWords(segment(2.96, 8.04, 72))).toBe('0:03.0–0:08.0 of the query = 1:12.0–1:17.1 here');
  expect(segmentWords(segment(2.96, 40, 59.7))).toBe('0:03–0:40 of the query = 1:00–1:37 here');
  expect(segmentWords(segment(0, 0, 7.25))).toBe('the picture = 0:07.3 here');
});

test('what differs is told once', () => {
  expect(changeWords({ mirrored: false, cropped: undefined }, [segment(0, 4, 0)])).toBe('');
  expect(changeWords({ mirrored: true, cropped: 'match' }, [segment(0, 4, 0, 0.8), segment(4, 8, 9, 0.8)])).toBe(
    "mirrored, cropped here, at 1.25× the query's speed",
  );
});
