import type { HashKind } from './hash-kind';
import { type HashTrack, hashDistance, mirrorTrack } from './hash-track';

/** A hash is four bands of 16 bits: two that differ in up to three bits share one, and most that differ in a few more. */
const bands = 4;
const bandValues = 1 << 16;
/** Frames of a video that are filed, and that are asked with: different ones, spread over its course. */
const filedFrames = 64;
const askedFrames = 24;
/** Bits by which neighbouring frames have to differ to count as different. */
const repeatWithin = 3;
/** Bits up to which two frames speak for a closer look at their videos. */
const likeWithin = 8;
/** A band that so many frames share (a black half of the picture, say) tells little: some of them will do. */
const fullBucket = 4096;

/** Frames of many videos in buckets by parts of their hashes (multi-index hashing, Norouzi et al. 2012), to find in time
 * linear in their number which videos may be near-duplicates. Tracks are known by their position in the list. */
export class HashBuckets {
  readonly #tracks: readonly HashTrack[];
  /** Of every filed frame, its track and its hash. */
  readonly #owners: Int32Array;
  readonly #hashes: Uint32Array;
  /** Where each bucket of each band begins in `#frames`, [bands x (values + 1)]. */
  readonly #starts = new Int32Array(bands * bandValues + 1);
  readonly #frames: Int32Array;

  constructor(tracks: readonly HashTrack[]) {
    this.#tracks = tracks;
    const filed = tracks.map((track) => differing(track, filedFrames));
    const total = filed.reduce((sum, { length }) => sum + length, 0);
    this.#owners = new Int32Array(total);
    this.#hashes = new Uint32Array(total * 2);
    let at = 0;
    filed.forEach((frames, owner) => {
      for (const frame of frames) {
        this.#owners[at] = owner;
        this.#hashes.set((tracks[owner] as HashTrack).whole.subarray(2 * frame, 2 * frame + 2), 2 * at);
        at++;
      }
    });
    this.#frames = new Int32Array(total * bands);
    const ends = this.#starts;
    for (let frame = 0; frame < total; frame++) {
      for (let band = 0; band < bands; band++) {
        const bucket = bucketOf(this.#hashes, frame, band) + 1;
        ends[bucket] = (ends[bucket] as number) + 1;
      }
    }
    for (let bucket = 1; bucket < ends.length; bucket++) {
      ends[bucket] = (ends[bucket] as number) + (ends[bucket - 1] as number);
    }
    const free = ends.slice();
    for (let frame = 0; frame < total; frame++) {
      for (let band = 0; band < bands; band++) {
        const bucket = bucketOf(this.#hashes, frame, band);
        this.#frames[free[bucket] as number] = frame;
        free[bucket] = (free[bucket] as number) + 1;
      }
    }
  }

  /** Positions of the tracks with frames like those of track `position`: as they are, mirrored, or as its middle shows. */
  candidates(position: number, kind: HashKind): number[] {
    const track = this.#tracks[position] as HashTrack;
    const frames = differing(track, askedFrames);
    const hits = new Map<number, number>();
    for (const seen of [track, mirrorTrack(track, kind)]) {
      for (const hashes of [seen.whole, seen.middle]) {
        for (const frame of frames) for (const owner of this.#like(hashes, frame)) add(hits, owner);
      }
    }
    hits.delete(position);
    // One frame in common may be chance, or a title; a still has but one.
    const enough = (owner: number) => Math.min(2, frames.length, (this.#tracks[owner] as HashTrack).count);
    return [...hits].filter(([owner, count]) => count >= enough(owner)).map(([owner]) => owner);
  }

  /** Tracks that have a frame like this one. */
  #like(hashes: Uint32Array, frame: number): Set<number> {
    const found = new Set<number>();
    for (let band = 0; band < bands; band++) {
      const bucket = bucketOf(hashes, frame, band);
      const start = this.#starts[bucket] as number;
      const end = this.#starts[bucket + 1] as number;
      const stride = Math.max(1, Math.floor((end - start) / fullBucket));
      for (let at = start; at < end; at += stride) {
        const other = this.#frames[at] as number;
        const owner = this.#owners[other] as number;
        if (!found.has(owner) && hashDistance(hashes, frame, this.#hashes, other) <= likeWithin) found.add(owner);
      }
    }
    return found;
  }
}

/** Of all bands' buckets, the one that a hash lies in. */
function bucketOf(hashes: Uint32Array, frame: number, band: number): number {
  const word = hashes[2 * frame + (band >> 1)] as number;
  return band * bandValues + ((band & 1) === 0 ? word & 0xffff : word >>> 16);
}

/** At most `limit` frames, each different from the one before. */
function differing({ whole, count }: HashTrack, limit: number): number[] {
  const kept: number[] = [];
  for (let frame = 0; frame < count; frame++) {
    const last = kept.at(-1);
    if (last === undefined || hashDistance(whole, last, whole, frame) > repeatWithin) kept.push(frame);
  }
  if (kept.length <= limit) return kept;
  return Array.from({ length: limit }, (_, i) => kept[Math.floor(((i + 0.5) * kept.length) / limit)] as number);
}

function add(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
