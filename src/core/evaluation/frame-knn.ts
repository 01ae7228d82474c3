import { classesOf, type EvaluationSet } from './evaluation-set';
import type { GalleryRule } from './protocols';
import { bestColumns } from './strict-ranks';

/** What nearest frames say of each query video that has frames, one entry a query, in the order they were added. */
export type FrameVotes = {
  readonly videos: Int32Array;
  /** Class voted for by the video's frames, and the share of frames whose own vote is right. */
  readonly predicted: Int32Array;
  readonly framesRight: Float64Array;
  /** Gallery videos that the frames' neighbours are of, most of them first, and their shares of these neighbours. */
  readonly nearest: readonly (readonly number[])[];
  readonly shares: readonly (readonly number[])[];
  /** Vote of each frame, `frameStarts[i]..frameStarts[i + 1]` of query i. */
  readonly frameVotes: Int32Array;
  readonly frameStarts: Int32Array;
  /** Share of the gallery's frames that have a class of the query: what a random neighbour gets right. */
  readonly chance: Float64Array;
  /** Queries with a frame whose last counted neighbour and the next score alike. */
  readonly ties: number;
  /** Queries whose label no other gallery video with frames has. */
  readonly withoutRelevant: Int32Array;
  /** Queries that have no frames themselves. */
  readonly withoutFrames: Int32Array;
};

export type FrameKnn = {
  /** Rows of the frame matrix that are the columns of a score row. */
  readonly galleryFrames: Int32Array;
  /** Rows of the frame matrix of one video. */
  readonly framesOf: (video: number) => Int32Array;
  /** Takes the scores of one query with a part of the gallery's frames, [frames of the query x columns from `first` on];
   * they are spoilt. Parts of one query come in the order of their columns. */
  add(query: number, first: number, scores: Float32Array): void;
  finish(): FrameVotes;
};

/**
 * Frames as points: each frame takes the majority class of its `neighbours` nearest frames in the gallery, a tie going to
 * the nearest of the tied; the video takes the majority of its frames, a tie going to the class voted for first. A
 * neighbour with several labels votes for each. `frameStarts[i]..frameStarts[i + 1]` are the rows of video i. Of each
 * query's neighbouring videos at most `listed` are told.
 */
export function frameKnn(
  set: EvaluationSet,
  rule: GalleryRule,
  frameStarts: Int32Array,
  neighbours: number,
  listed: number,
): FrameKnn {
  const framesOf = (video: number): Int32Array => {
    const start = frameStarts[video] as number;
    return Int32Array.from({ length: (frameStarts[video + 1] as number) - start }, (_, i) => start + i);
  };
  const frameCount = (video: number) => (frameStarts[video + 1] as number) - (frameStarts[video] as number);
  const columnStarts = new Int32Array(set.videos.length).fill(-1);
  const total = rule.gallery.reduce((sum, video) => sum + frameCount(video), 0);
  const columnVideo = new Int32Array(total);
  const galleryFrames = new Int32Array(total);
  const framesOfClass = new Float64Array(set.classes.length);
  const videosOfClass = new Float64Array(set.classes.length);
  let column = 0;
  for (const video of rule.gallery) {
    columnStarts[video] = column;
    for (const label of classesOf(set, video)) {
      framesOfClass[label] = (framesOfClass[label] as number) + frameCount(video);
      videosOfClass[label] = (videosOfClass[label] as number) + Math.sign(frameCount(video));
    }
    for (let frame = frameStarts[video] as number; frame < (frameStarts[video + 1] as number); frame++) {
      galleryFrames[column] = frame;
      columnVideo[column++] = video;
    }
  }

  const depth = neighbours + 1;
  const frames = frameStarts[set.videos.length] as number;
  const best = new Int32Array(frames * depth);
  const bestScores = new Float32Array(frames * depth);
  const found = new Int32Array(frames);
  const newColumns = new Int32Array(depth);
  const newScores = new Float32Array(depth);

  /** Gallery videos with frames that this query may not find, or that are itself. */
  const notOthers = (query: number): number[] =>
    [...new Set([query, ...rule.excluded(query)])].filter(
      (video) => (columnStarts[video] as number) >= 0 && frameCount(video) > 0,
    );
  const isAnswerable = (query: number): boolean => {
    const hidden = notOthers(query);
    const hiddenOf = (label: number) => hidden.filter((video) => classesOf(set, video).includes(label)).length;
    return classesOf(set, query).some((label) => (videosOfClass[label] as number) > hiddenOf(label));
  };

  return {
    galleryFrames,
    framesOf,
    add(query, first, scores) {
      const own = frameCount(query);
      const columns = scores.length / own;
      const excluded = rule.excluded(query);
      for (let frame = 0; frame < own; frame++) {
        const row = scores.subarray(frame * columns, (frame + 1) * columns);
        for (const video of excluded) {
          const start = columnStarts[video] as number;
          if (start < 0) continue;
          const [from, to] = [start - first, start - first + frameCount(video)];
          if (to > 0 && from < columns) row.fill(Number.NaN, Math.max(0, from), Math.min(columns, to));
        }
        const count = bestColumns(row, newColumns, newScores);
        const at = (frameStarts[query] as number) + frame;
        for (let i = 0; i < count; i++) newColumns[i] = (newColumns[i] as number) + first;
        found[at] = mergeBest(best, bestScores, at * depth, found[at] as number, depth, newColumns, newScores, count);
      }
    },
    finish() {
      const withFrames = rule.queries.filter((query) => frameCount(query) > 0);
      const answered = [...withFrames].filter(isAnswerable);
      const votesOf = answered.map((query) =>
        Array.from(framesOf(query), (frame) => {
          const counted = Math.min(neighbours, found[frame] as number);
          const near = Array.from(
            best.subarray(frame * depth, frame * depth + counted),
            (at) => columnVideo[at] as number,
          );
          return { near, vote: majority(near.flatMap((video) => [...classesOf(set, video)])) };
        }),
      );
      const nearest = votesOf.map((votes) =>
        countVideos(
          votes.flatMap(({ near }) => near),
          listed,
        ),
      );
      const starts = new Int32Array(answered.length + 1);
      votesOf.forEach((votes, i) => {
        starts[i + 1] = (starts[i] as number) + votes.length;
      });
      const isTied = (frame: number) =>
        (found[frame] as number) > neighbours &&
        bestScores[frame * depth + neighbours - 1] === bestScores[frame * depth + neighbours];
      return {
        videos: Int32Array.from(answered),
        predicted: Int32Array.from(votesOf, (votes) => majority(votes.map(({ vote }) => vote))),
        framesRight: Float64Array.from(votesOf, (votes, i) => {
          const own = classesOf(set, answered[i] as number);
          return votes.filter(({ vote }) => own.includes(vote)).length / votes.length;
        }),
        nearest: nearest.map((list) => list.map(({ video }) => video)),
        shares: nearest.map((list) => list.map(({ share }) => share)),
        frameVotes: Int32Array.from(votesOf.flatMap((votes) => votes.map(({ vote }) => vote))),
        frameStarts: starts,
        chance: Float64Array.from(answered, chanceOf),
        ties: answered.filter((query) => framesOf(query).some(isTied)).length,
        withoutRelevant: withFrames.filter((query) => !isAnswerable(query)),
        withoutFrames: rule.queries.filter((query) => frameCount(query) === 0),
      };
    },
  };

  function chanceOf(query: number): number {
    const own = classesOf(set, query);
    const hidden = [...rule.excluded(query)].filter((video) => (columnStarts[video] as number) >= 0);
    const shares = (video: number) => classesOf(set, video).some((label) => own.includes(label));
    const hiddenFrames = hidden.reduce((sum, video) => sum + frameCount(video), 0);
    const hiddenRight = hidden.reduce((sum, video) => sum + (shares(video) ? frameCount(video) : 0), 0);
    const right =
      own.length === 1
        ? (framesOfClass[own[0] as number] as number)
        : rule.gallery.reduce((sum, video) => sum + (shares(video) ? frameCount(video) : 0), 0);
    return (right - hiddenRight) / (total - hiddenFrames);
  }
}

/** Takes the best of a list at `start`, falling, and of `count` new ones, of later columns. Gives how many there are. */
function mergeBest(
  best: Int32Array,
  scores: Float32Array,
  start: number,
  size: number,
  limit: number,
  newColumns: Int32Array,
  newScores: Float32Array,
  count: number,
): number {
  let length = size;
  for (let i = 0; i < count; i++) {
    const score = newScores[i] as number;
    if (length === limit && !(score > (scores[start + limit - 1] as number))) break;
    let at = length === limit ? limit - 1 : length++;
    while (at > 0 && (scores[start + at - 1] as number) < score) {
      scores[start + at] = scores[start + at - 1] as number;
      best[start + at] = best[start + at - 1] as number;
      at--;
    }
    scores[start + at] = score;
    best[start + at] = newColumns[i] as number;
  }
  return length;
}

/** Videos by how often they are listed, then in their order. */
function countVideos(videos: readonly number[], limit: number) {
  const counts = new Map<number, number>();
  for (const video of videos) counts.set(video, (counts.get(video) ?? 0) + 1);
  return [...counts]
    .sort(([a, countA], [b, countB]) => countB - countA || a - b)
    .slice(0, limit)
    .map(([video, count]) => ({ video, share: count / videos.length }));
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
