import type { EncodedPacket, InputVideoTrack } from 'mediabunny';
import { expect, test } from 'vitest';
import { type KeyFrameIndex, snapToKeyFrames } from './key-frames';

const track = {} as InputVideoTrack;

/** A track with key frames at these seconds. */
function index(times: readonly number[]): KeyFrameIndex {
  const packet = (timestamp: number | undefined) => (timestamp === undefined ? null : ({ timestamp } as EncodedPacket));
  return {
    getKeyPacket: async (time) => packet(times.findLast((each) => each <= time)),
    getNextKeyPacket: async ({ timestamp }) => packet(times.find((each) => each > timestamp)),
    getFirstKeyPacket: async () => packet(times[0]),
  };
}

const snap = (duration: number, instants: readonly number[], keyFrames: readonly number[]) =>
  snapToKeyFrames(track, duration, Float64Array.from(instants), index(keyFrames));

test('every instant moves to the key frame next to it, before or after', async () => {
  expect(await snap(40, [5, 15, 25, 35], [4, 14.5, 16, 26.9, 34])).toEqual(Float64Array.of(4, 14.5, 26.9, 34));
  expect(await snap(40, [0, 20], [1, 18])).toEqual(Float64Array.of(1, 18));
});

test('exact frames are decoded where one instant has no key frame of its own within duration / (4 x instants)', async () => {
  // 40 / (4 x 4) = 2.5 seconds.
  expect(await snap(40, [5, 15, 25, 35], [5, 12.4, 25, 35])).toBeUndefined();
  expect(await snap(40, [5, 15, 25, 35], [5, 12.6, 25, 35])).toBeDefined();
  expect(await snap(40, [5, 6, 25, 35], [5.5, 25, 35])).toBeUndefined();
  expect(await snap(40, [5, 15], [])).toBeUndefined();
});

test('short videos are decoded exactly, whatever that costs', async () => {
  expect(await snap(29.9, [10, 20], [10, 20])).toBeUndefined();
  expect(await snap(30, [10, 20], [10, 20])).toBeDefined();
});
