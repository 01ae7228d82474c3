import type { HashKind } from './hash-kind';
import { type HashTrack, hashDistance, mirrorTrack } from './hash-track';

/** How one video's pictures lie on another's: time in the second = `speed` x time in the first + `offset`. */
export type Alignment = {
  /** Seconds of the second video for one of the first. */
  readonly speed: number;
  readonly offset: number;
  readonly mirrored: boolean;
  /** Which of the two shows only the middle of the other's picture. */
  readonly cropped: 'first' | 'second' | undefined;
  /** Mean number of bits, of 64, in which frames of the same moment differ. */
  readonly distance: number;
  /** The same of frames whatever their moment: without a difference to `distance`, time tells nothing. */
  readonly anyDistance: number;
  /** Where the videos overlap, seconds of the first and of the second. */
  readonly first: TimeRange;
  readonly second: TimeRange;
};

export type TimeRange = { readonly from: number; readonly to: number };

/** Bits in which frames may differ to vote for an alignment. */
const voteWithin = 10;
/** Alignments of each way of seeing and speed that are looked at closely. */
const closelyLookedAt = 4;
/** At least this share of the shorter video has to overlap with the other. */
const overlapShare = 0.7;
/** Extra bits for each change that has to be supposed: the plainest explanation wins a tie. */
const supposition = 0.25;

type View = {
  readonly a: HashTrack;
  readonly b: HashTrack;
  readonly hashesA: Uint32Array;
  readonly hashesB: Uint32Array;
  readonly mirrored: boolean;
  readonly cropped: Alignment['cropped'];
};

/** The alignment at which two videos differ least: as they are, mirrored, one a crop of the other, at equal speed or at
 * the ratio of their durations. Undefined where no frames are alike. */
export function align(a: HashTrack, b: HashTrack, kind: HashKind): Alignment | undefined {
  if (a.count === 0 || b.count === 0) return undefined;
  const turned = mirrorTrack(a, kind);
  const views = [a, turned].flatMap((seen): View[] => {
    const view = { a, b, mirrored: seen === turned };
    return [
      { ...view, hashesA: seen.whole, hashesB: b.whole, cropped: undefined },
      { ...view, hashesA: seen.middle, hashesB: b.whole, cropped: 'second' },
      { ...view, hashesA: seen.whole, hashesB: b.middle, cropped: 'first' },
    ];
  });
  const ratio = a.duration > 0 ? b.duration / a.duration : 1;
  const speeds = ratio > 0.5 && ratio < 2 && Math.abs(ratio - 1) > 0.02 ? [1, ratio] : [1];
  let best: { readonly alignment: Alignment; readonly cost: number } | undefined;
  for (const view of views) {
    const distances = distancesOf(view);
    if (distances.least > voteWithin) continue;
    for (const speed of speeds) {
      for (const offset of likelyOffsets(view, distances.table, speed)) {
        const alignment = measure(view, distances.table, speed, offset);
        if (!alignment) continue;
        const supposed = Number(view.mirrored) + Number(view.cropped !== undefined) + Number(speed !== 1);
        const cost = alignment.distance + supposition * supposed;
        if (!best || cost < best.cost - 1e-9) best = { alignment, cost };
      }
    }
  }
  return best?.alignment;
}

function distancesOf({ a, b, hashesA, hashesB }: View): { table: Uint8Array; least: number } {
  const table = new Uint8Array(a.count * b.count);
  let least = 64;
  for (let i = 0, at = 0; i < a.count; i++) {
    for (let j = 0; j < b.count; j++, at++) {
      const distance = hashDistance(hashesA, i, hashesB, j);
      table[at] = distance;
      if (distance < least) least = distance;
    }
  }
  return { table, least };
}

/** Mean time between neighbouring frames, seconds. */
function stepOf({ times, count }: HashTrack): number {
  return count > 1 ? ((times[count - 1] as number) - (times[0] as number)) / (count - 1) : 0;
}

/** Offsets that most pairs of like frames agree on, best first. */
function likelyOffsets({ a, b }: View, table: Uint8Array, speed: number): number[] {
  const width = Math.max(0.02, Math.max(stepOf(a), stepOf(b)) / 2);
  const lowest = -speed * (a.times[a.count - 1] as number);
  const votes = new Float64Array(Math.ceil(((b.times[b.count - 1] as number) - lowest) / width) + 2);
  for (let i = 0, at = 0; i < a.count; i++) {
    for (let j = 0; j < b.count; j++, at++) {
      const near = voteWithin + 1 - (table[at] as number);
      if (near <= 0) continue;
      const bin = Math.round(((b.times[j] as number) - speed * (a.times[i] as number) - lowest) / width);
      votes[bin] = (votes[bin] as number) + near;
    }
  }
  return [...votes.keys()]
    .filter((bin) => (votes[bin] as number) > 0)
    .sort((x, y) => (votes[y] as number) - (votes[x] as number))
    .slice(0, closelyLookedAt)
    .flatMap((bin) => [bin, bin - 0.5, bin + 0.5].map((at) => lowest + at * width));
}

function measure(
  { a, b, mirrored, cropped }: View,
  table: Uint8Array,
  speed: number,
  offset: number,
): Alignment | undefined {
  const second = { from: Math.max(0, offset), to: Math.min(b.duration, speed * a.duration + offset) };
  const first = { from: (second.from - offset) / speed, to: (second.to - offset) / speed };
  if (second.to - second.from < overlapShare * Math.min(b.duration, speed * a.duration)) return undefined;
  let [sum, any, frames, j] = [0, 0, 0, 0];
  for (let i = 0; i < a.count; i++) {
    const time = speed * (a.times[i] as number) + offset;
    if (time < second.from - 1e-6 || time > second.to + 1e-6) continue;
    while (j < b.count && (b.times[j] as number) <= time) j++;
    // The moment lies between two sampled frames: either may be the picture that was seen.
    const row = i * b.count;
    sum += Math.min(table[row + Math.max(0, j - 1)] as number, table[row + Math.min(j, b.count - 1)] as number);
    for (let other = 0; other < b.count; other++) any += (table[row + other] as number) / b.count;
    frames++;
  }
  if (frames === 0) return undefined;
  const [distance, anyDistance] = [sum / frames, any / frames];
  return { speed, offset, mirrored, cropped, distance, anyDistance, first, second };
}
