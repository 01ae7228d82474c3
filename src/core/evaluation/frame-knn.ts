import { classesOf, type EvaluationSet } from './evaluation-set';
import type { GalleryRule } from './protocols';
import { bestColumns } from './strict-ranks';

/** What nearest frames say of each query video that has frames, one entry a query, in the order they were added. */
export type FrameVotes = {
  readonly videos: Int32Array;
  /** Class voted for by the video's frames, and the share of frames whose own vote is right. */
  readonly predicted: Int32Array;
  readonly framesRight: Float64Array;
  /** Vote of each frame, `frameStarts[i]..frameStarts[i + 1]` of query i. */
  readonly frameVotes: Int32Array;
  readonly frameStarts: Int32Array;
  /** Share of the gallery's frames that have a class of the query: what a random neighbour gets right. */
  readonly chance: Float64Array;
  /** Frames whose last counted neighbour and the next score alike. */
  readonly ties: number;
  /** Queries whose label no other gallery video has. */
  readonly withoutRelevant: Int32Array;
};

export type FrameKnn = {
  /** Rows of the frame matrix that are the columns of a score row. */
  readonly galleryFrames: Int32Array;
  /** Rows of the frame matrix of one video. */
  readonly framesOf: (video: number) => Int32Array;
  /** Takes the scores [frames of the query x galleryFrames] of one query; they are spoilt. */
  add(query: number, scores: Float32Array): void;
  finish(): FrameVotes;
};

/**
 * Frames as points: each frame takes the majority class of its `neighbours` nearest frames in the gallery, a tie going to
 * the nearest of the tied; the video takes the majority of its frames, a tie going to the class voted for first. A
 * neighbour with several labels votes for each. `frameStarts[i]..frameStarts[i + 1]` are the rows of video i.
 */
export function frameKnn(set: EvaluationSet, rule: GalleryRule, frameStarts: Int32Array, neighbours: number): FrameKnn {
  const framesOf = (video: number): Int32Array => {
    const start = frameStarts[video] as number;
    return Int32Array.from({ length: (frameStarts[video + 1] as number) - start }, (_, i) => start + i);
  };
  const columnStarts = new Int32Array(set.videos.length + 1).fill(-1);
  const columnVideo: number[] = [];
  const galleryRows: number[] = [];
  for (const video of rule.gallery) {
    columnStarts[video] = columnVideo.length;
    for (const frame of framesOf(video)) {
      columnVideo.push(video);
      galleryRows.push(frame);
    }
  }
  const columns = columnVideo.length;
  const framesOfClass = new Float64Array(set.classes.length);
  for (const video of columnVideo)
    for (const label of classesOf(set, video)) framesOfClass[label] = (framesOfClass[label] as number) + 1;

  const inGallery = new Uint8Array(set.videos.length);
  for (const video of rule.gallery) inGallery[video] = 1;
  const videos: number[] = [];
  const predicted: number[] = [];
  const framesRight: number[] = [];
  const frameVotes: number[] = [];
  const voteStarts: number[] = [0];
  const chance: number[] = [];
  const withoutRelevant: number[] = [];
  const best = new Int32Array(neighbours + 1);
  const bestScores = new Float32Array(neighbours + 1);
  let ties = 0;

  return {
    galleryFrames: Int32Array.from(galleryRows),
    framesOf,
    add(query, scores) {
      const own = classesOf(set, query);
      const excluded = rule.excluded(query);
      const hidden = new Set(excluded);
      const answerable = hasOther(set, rule.gallery, own, query, hidden, framesOf);
      if (!answerable) {
        withoutRelevant.push(query);
        return;
      }
      const frames = framesOf(query).length;
      const votes: number[] = [];
      for (let frame = 0; frame < frames; frame++) {
        const row = scores.subarray(frame * columns, (frame + 1) * columns);
        for (const video of excluded) {
          const start = columnStarts[video] as number;
          if (start >= 0) row.fill(Number.NaN, start, start + framesOf(video).length);
        }
        const found = bestColumns(row, best, bestScores);
        if (found > neighbours && bestScores[neighbours - 1] === bestScores[neighbours]) ties++;
        const ballots: number[] = [];
        for (let i = 0; i < Math.min(neighbours, found); i++) {
          ballots.push(...classesOf(set, columnVideo[best[i] as number] as number));
        }
        votes.push(majority(ballots));
      }
      videos.push(query);
      predicted.push(majority(votes));
      framesRight.push(votes.filter((vote) => own.includes(vote)).length / frames);
      frameVotes.push(...votes);
      voteStarts.push(frameVotes.length);
      let hiddenFrames = 0;
      let right = 0;
      for (const video of excluded) if (inGallery[video] === 1) hiddenFrames += framesOf(video).length;
      if (own.length === 1) {
        right = framesOfClass[own[0] as number] as number;
        for (const video of excluded) {
          if (inGallery[video] === 1 && classesOf(set, video).includes(own[0] as number))
            right -= framesOf(video).length;
        }
      } else {
        for (const video of columnVideo)
          if (!hidden.has(video) && classesOf(set, video).some((label) => own.includes(label))) right++;
      }
      chance.push(right / (columns - hiddenFrames));
    },
    finish: () => ({
      videos: Int32Array.from(videos),
      predicted: Int32Array.from(predicted),
      framesRight: Float64Array.from(framesRight),
      frameVotes: Int32Array.from(frameVotes),
      frameStarts: Int32Array.from(voteStarts),
      chance: Float64Array.from(chance),
      ties,
      withoutRelevant: Int32Array.from(withoutRelevant),
    }),
  };
}

function hasOther(
  set: EvaluationSet,
  gallery: Int32Array,
  own: Int32Array,
  query: number,
  hidden: ReadonlySet<number>,
  framesOf: (video: number) => Int32Array,
): boolean {
  return (
    framesOf(query).length > 0 &&
    gallery.some(
      (video) =>
        video !== query &&
        !hidden.has(video) &&
        framesOf(video).length > 0 &&
        classesOf(set, video).some((label) => own.includes(label)),
    )
  );
}

/** The most frequent value; of tied ones the first to appear. */
function majority(votes: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const vote of votes) counts.set(vote, (counts.get(vote) ?? 0) + 1);
  let best = -1;
  let most = 0;
  for (const [vote, count] of counts) {
    if (count > most) {
      best = vote;
      most = count;
    }
  }
  return best;
}
