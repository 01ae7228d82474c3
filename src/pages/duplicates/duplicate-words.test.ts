import { expect, test } from 'vitest';
import type { NearDuplicate } from '../../core/near-duplicates/judge';
import type { VideoRecord } from '../../core/video';
import { groupWords, isContained, pairWords, type Seen, seenFrom } from './duplicate-words';

const found = (changes: Partial<NearDuplicate> = {}): NearDuplicate => ({
  relation: 'copy',
  speed: 1,
  offset: 0,
  mirrored: false,
  cropped: undefined,
  distance: 1,
  anyDistance: 20,
  first: { from: 0, to: 9 },
  second: { from: 0, to: 9 },
  ...changes,
});
const part = found({
  relation: 'first-in-second',
  cropped: 'first',
  offset: 2,
  first: { from: 0, to: 5 },
  second: { from: 2, to: 7 },
});
const seen = (changes: Partial<NearDuplicate>): Seen => ({ ...found(changes), other: 'x' });

test('a pair is told from either side', () => {
  const group = { videos: ['long', 'part'], pairs: [{ ids: ['part', 'long'] as const, found: part }] };
  const fromPart = seenFrom('part', group) as Seen;
  const fromLong = seenFrom('long', group) as Seen;
  expect(pairWords(fromPart, 'long.mp4')).toBe('0:02–0:07 of long.mp4; cropped');
  expect(pairWords(fromLong, 'part.mp4')).toBe('holds all of part.mp4 at 0:02–0:07; shows more around the picture');
  expect(fromLong).toMatchObject({ other: 'part', offset: -2, relation: 'second-in-first' });
  expect([isContained(fromPart), isContained(fromLong)]).toEqual([true, false]);
});

test.each([
  [{}, 'the same from start to end'],
  [{ mirrored: true }, 'the same from start to end; mirrored'],
  [{ speed: 1.25 }, 'the same from start to end; 1.25 times as fast'],
  [{ speed: 0.8 }, 'the same from start to end; 1.25 times as slow'],
  [
    { relation: 'overlap', first: { from: 4, to: 9 }, second: { from: 0, to: 5 } },
    'its 0:04–0:09 is 0:00–0:05 of b.mp4',
  ],
] satisfies [Partial<NearDuplicate>, string][])('%j reads', (changes, words) => {
  expect(pairWords(seen(changes), 'b.mp4')).toBe(words);
});

test('the best video is what others are told by; one that was not compared with it is told by another', () => {
  const pairs = [
    { ids: ['b', 'c'] as const, found: found() },
    { ids: ['a', 'b'] as const, found: found() },
  ];
  const group = { videos: ['a', 'b', 'c'], pairs };
  expect(['a', 'b', 'c'].map((id) => seenFrom(id, group)?.other)).toEqual(['b', 'a', 'b']);
});

test('a group says what its videos differ in', () => {
  const video = (codec: string, width: number, container = 'mp4') =>
    ({ probe: { container, video: { codec, width, height: 100 } } }) as unknown as VideoRecord;
  const words = (videos: readonly VideoRecord[], ...changes: Partial<NearDuplicate>[]) =>
    groupWords(
      { videos: ['0', '1'], pairs: changes.map((change) => ({ ids: ['0', '1'], found: found(change) })) },
      new Map(videos.map((one, i) => [String(i), one])),
    );
  expect(words([video('h264', 9), video('h264', 9)], {})).toBe('Same pictures, other file');
  expect(words([video('h264', 9), video('vp9', 5)], {})).toBe('Same pictures, other size and codec');
  expect(words([video('h264', 9), video('h264', 9, 'mov')], {})).toBe('Same pictures, other container');
  expect(words([video('h264', 9), video('h264', 5)], { mirrored: true, relation: 'overlap' })).toBe(
    'Same pictures, other size; cut and mirrored',
  );
});
