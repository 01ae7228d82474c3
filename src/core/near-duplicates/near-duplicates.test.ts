import { expect, test } from 'vitest';
import { seededRandom } from '../random';
import { align } from './align';
import { groupPairs } from './group-pairs';
import { HashBuckets } from './hash-buckets';
import { hashKinds } from './hash-kind';
import { type HashTrack, hashDistance, mirrorTrack, toHashTrack } from './hash-track';
import { judge } from './judge';

const step = 0.25;

/** Hashes of a scene: 64 values a frame that wander, some more than others; the middle is another such scene. */
function scene(seed: number, seconds: number, restlessness = 0.25): Float32Array[] {
  const random = seededRandom(seed);
  const frames: Float32Array[] = [];
  let values = Array.from({ length: 128 }, () => random() - 0.5);
  for (let i = 0; i < seconds / step; i++) {
    values = values.map((value) => 0.97 * value + restlessness * (random() - 0.5));
    frames.push(Float32Array.from(values, (value) => (value > 0 ? 1 : -1)));
  }
  return frames;
}

/** Every bit turned with this probability. */
function noisy(frames: readonly Float32Array[], share: number, seed = 99): Float32Array[] {
  const random = seededRandom(seed);
  return frames.map((frame) => frame.map((bit) => (random() < share ? -bit : bit)));
}

function track(frames: readonly Float32Array[], spacing = step): HashTrack {
  const joined = new Float32Array(frames.length * 128);
  frames.forEach((frame, i) => {
    joined.set(frame, i * 128);
  });
  const times = Float64Array.from(frames.keys(), (i) => i * spacing);
  return toHashTrack({ frames: joined, times, count: frames.length }, frames.length * spacing);
}

/** The picture mirrored: columns of the 8 x 8 grid in reverse. */
const mirroredGrid = (frame: Float32Array) =>
  frame.map((_, i) => frame[64 * Math.floor(i / 64) + 8 * Math.floor((i % 64) / 8) + (7 - (i % 8))] as number);

test('a track leaves out frames without a hash, and counts differing bits', () => {
  const frames = scene(1, 1);
  const kept = track([frames[0], new Float32Array(128), frames[1], frames[2]] as Float32Array[]);
  expect(kept.count).toBe(3);
  expect([...kept.times]).toEqual([0, 0.5, 0.75]);
  const bits = frames[0]?.subarray(0, 64).reduce((sum, bit, i) => sum + Number(bit !== frames[2]?.[i]), 0);
  expect(hashDistance(kept.whole, 0, kept.whole, 2)).toBe(bits);
  expect(hashDistance(kept.whole, 1, kept.whole, 1)).toBe(0);
});

test('mirrored hashes are those of the mirrored grid', () => {
  const frames = scene(2, 2);
  const mirrored = mirrorTrack(track(frames), 'wavelet');
  const expected = track(frames.map(mirroredGrid));
  expect(mirrored.whole).toEqual(expected.whole);
  expect(mirrored.middle).toEqual(expected.middle);
  for (const kind of hashKinds) {
    expect(mirrorTrack(mirrorTrack(track(frames), kind), kind).whole).toEqual(track(frames).whole);
  }
});

test('a copy is found with what was done to it', () => {
  const frames = scene(3, 8);
  const [original, copy] = [track(frames), track(noisy(frames, 0.03))];
  const found = judge(original, copy, 'wavelet');
  expect(found).toMatchObject({ relation: 'copy', mirrored: false, cropped: undefined, speed: 1 });
  expect(found?.distance).toBeGreaterThan(0.5);
  expect(found?.distance).toBeLessThan(4);
  expect(Math.abs(found?.offset ?? 9)).toBeLessThan(step);

  const mirror = judge(original, track(noisy(frames, 0.02).map(mirroredGrid)), 'wavelet');
  expect(mirror).toMatchObject({ relation: 'copy', mirrored: true, cropped: undefined });

  const middle = frames.map((frame) => Float32Array.of(...frame.subarray(64), ...frame.subarray(0, 64)));
  expect(judge(original, track(noisy(middle, 0.02)), 'wavelet')?.cropped).toBe('second');
  expect(judge(track(noisy(middle, 0.02)), original, 'wavelet')?.cropped).toBe('first');

  const quick = judge(original, track(frames, step / 1.25), 'wavelet');
  expect(quick).toMatchObject({ relation: 'copy', mirrored: false });
  expect(quick?.speed).toBeCloseTo(0.8, 2);
});

test('a part is found where it lies, from either side', () => {
  const frames = scene(4, 12);
  const part = track(noisy(frames.slice(16, 36), 0.02));
  const found = judge(track(frames), part, 'wavelet');
  expect(found?.relation).toBe('second-in-first');
  expect(Math.abs((found?.first.from ?? 0) - 4)).toBeLessThanOrEqual(step);
  expect(Math.abs((found?.first.to ?? 0) - 9)).toBeLessThanOrEqual(step);
  expect(judge(part, track(frames), 'wavelet')?.relation).toBe('first-in-second');
});

test('other scenes, and other takes of a scene that hardly moves, are no duplicates', () => {
  for (let seed = 10; seed < 40; seed++) {
    expect(judge(track(scene(seed, 6)), track(scene(seed + 100, 6)), 'wavelet')).toBeUndefined();
  }
  const still = scene(5, 10, 0.001);
  const [take, other] = [track(noisy(still.slice(0, 20), 0.02, 1)), track(noisy(still.slice(0, 33), 0.02, 2))];
  expect(align(take, other, 'wavelet')?.distance).toBeLessThan(4);
  expect(judge(take, other, 'wavelet')).toBeUndefined();
});

test('stills are compared with stills, more strictly', () => {
  const [frame] = scene(6, step) as [Float32Array];
  const turned = (bits: number) => frame.map((bit, i) => (i < bits ? -bit : bit));
  const still = (bits: number) => ({ ...track([turned(bits)]), duration: 0 });
  expect(judge(still(0), still(2), 'wavelet')?.relation).toBe('copy');
  expect(judge(still(0), still(5), 'wavelet')).toBeUndefined();
  expect(judge(still(0), track([]), 'wavelet')).toBeUndefined();
});

test('the buckets give every edit of a clip, and few others', () => {
  const clips = Array.from({ length: 300 }, (_, i) => scene(1000 + i, 4));
  const edits = clips
    .slice(0, 20)
    .flatMap((frames) => [noisy(frames, 0.04), frames.map(mirroredGrid), frames.slice(5, 13)]);
  const tracks = [...clips, ...edits].map((frames) => track(frames));
  const buckets = new HashBuckets(tracks);
  let others = 0;
  for (let clip = 0; clip < clips.length; clip++) {
    const found = buckets.candidates(clip, 'wavelet');
    if (clip < 20)
      expect(found, `clip ${clip}`).toEqual(expect.arrayContaining([0, 1, 2].map((edit) => 300 + 3 * clip + edit)));
    others += found.filter((other) => other < 300 || Math.floor((other - 300) / 3) !== clip).length;
  }
  expect(others).toBeLessThan(clips.length);
});

test('pairs make groups', () => {
  const pair = (first: string, second: string) => ({ first, second });
  expect(groupPairs([pair('a', 'b'), pair('c', 'd'), pair('e', 'b'), pair('f', 'g'), pair('g', 'd')])).toEqual([
    ['a', 'b', 'e'],
    ['c', 'd', 'f', 'g'],
  ]);
  expect(groupPairs([])).toEqual([]);
});
