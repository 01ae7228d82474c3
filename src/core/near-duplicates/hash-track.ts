import { type HashKind, hashBits } from './hash-kind';

/** Hashes of a video's frames in order of time, two words a hash; frames that have none are left out. */
export type HashTrack = {
  readonly count: number;
  /** Seconds, one a frame. */
  readonly times: Float64Array;
  /** Of the whole picture, and of its middle 80 %: [count x 2]. */
  readonly whole: Uint32Array;
  readonly middle: Uint32Array;
  /** Of the video, seconds; 0 for a still image. */
  readonly duration: number;
};

/** Floats of one frame: the hash of the whole picture, then that of its middle, as +1 and -1. */
export const hashDimensions = 2 * hashBits;

/** From frame vectors [count x 128] as the extractor made them. */
export function toHashTrack(
  { frames, times, count }: { frames: Float32Array; times: ArrayLike<number>; count: number },
  duration: number,
): HashTrack {
  const rows = Array.from({ length: count }, (_, row) => row).filter((row) => frames[row * hashDimensions] !== 0);
  const words = (half: number) => {
    const packed = new Uint32Array(rows.length * 2);
    rows.forEach((row, i) => {
      const start = row * hashDimensions + half * hashBits;
      for (let bit = 0; bit < hashBits; bit++) {
        const word = 2 * i + (bit >> 5);
        if ((frames[start + bit] as number) > 0) packed[word] = (packed[word] as number) | (1 << (bit & 31));
      }
    });
    return packed;
  };
  return {
    count: rows.length,
    times: Float64Array.from(rows, (row) => times[row] ?? 0),
    whole: words(0),
    middle: words(1),
    duration,
  };
}

/** The hashes of the mirrored pictures, which follow from those of the pictures: a row of the grid is a byte. The cosine
 * transform's median may move a bit or two. */
export function mirrorTrack<T extends Pick<HashTrack, 'whole' | 'middle'>>(track: T, kind: HashKind): T {
  const mirror = kind === 'dct' ? (word: number) => word ^ 0xaaaaaaaa : reverseBytes;
  // What was lighter than its left neighbour is darker than its right one.
  const turned = kind === 'difference' ? (word: number) => ~mirror(word) : mirror;
  return { ...track, whole: track.whole.map(turned), middle: track.middle.map(turned) };
}

function reverseBytes(word: number): number {
  const swap = (value: number, mask: number, by: number) => ((value >>> by) & mask) | ((value & mask) << by);
  return swap(swap(swap(word, 0x55555555, 1), 0x33333333, 2), 0x0f0f0f0f, 4);
}

/** Bits in which hash `i` of `a` and hash `j` of `b` differ, 0..64. */
export function hashDistance(a: Uint32Array, i: number, b: Uint32Array, j: number): number {
  return (
    countBits((a[2 * i] as number) ^ (b[2 * j] as number)) +
    countBits((a[2 * i + 1] as number) ^ (b[2 * j + 1] as number))
  );
}

function countBits(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
