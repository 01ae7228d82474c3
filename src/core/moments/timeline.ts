import { hashBits } from '../near-duplicates/hash-kind';
import { hashDimensions } from '../near-duplicates/hash-track';
import type { TimedFrames } from '../ranking/best-moment';
import type { Part } from '../sampling';

/** The hashes of a video's frames at even distances, two words a hash. */
export type Timeline = {
  readonly count: number;
  /** Seconds, one a frame. */
  readonly times: Float64Array;
  /** Of the whole picture, and of its middle 80 %: [count x 2]. */
  readonly whole: Uint32Array;
  readonly middle: Uint32Array;
  /** 1 for frames that can be told from others, 0 for dark and plain ones. */
  readonly telling: Uint8Array;
  /** Of the video, or up to the end of the part that was taken, seconds. */
  readonly duration: number;
  /** Distance of neighbouring frames, seconds; 0 for a single one. */
  readonly spacing: number;
};

/** From frame vectors [count x 128] as the extractor of hashes made them; of a part, only its frames. */
export function toTimeline({ frames, times, count }: TimedFrames, duration?: number, part?: Part): Timeline {
  const rows = Array.from({ length: count }, (_, row) => row).filter((row) => {
    const time = times[row] ?? 0;
    return !part || (time >= part.from - 1e-6 && time < part.to - 1e-6);
  });
  const own = Float64Array.from(rows, (row) => times[row] ?? 0);
  const spacing = rows.length > 1 ? ((own.at(-1) as number) - (own[0] as number)) / (rows.length - 1) : 0;
  return {
    count: rows.length,
    times: own,
    whole: packed(frames, rows, 0),
    middle: packed(frames, rows, hashBits),
    telling: Uint8Array.from(rows, (row) => Number(frames[row * hashDimensions] !== 0)),
    duration: Math.min(duration ?? (own.at(-1) ?? 0) + spacing, part?.to ?? Infinity),
    spacing,
  };
}

function packed(frames: Float32Array, rows: readonly number[], offset: number): Uint32Array {
  const words = new Uint32Array(rows.length * 2);
  rows.forEach((row, i) => {
    const start = row * hashDimensions + offset;
    for (let bit = 0; bit < hashBits; bit++) {
      const word = 2 * i + (bit >> 5);
      if ((frames[start + bit] as number) > 0) words[word] = (words[word] as number) | (1 << (bit & 31));
    }
  });
  return words;
}
