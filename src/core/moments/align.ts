import type { Metric } from '../feature';
import { type Background, continuity, toEvidence } from './evidence';
import { bestStretch, type Line, lineEvidence, refine } from './line';
import { votes } from './offset-votes';
import { type Span, similarityMatrix, type Track } from './track';

/** A stretch of the query that is also in the match. */
export type Segment = {
  readonly query: Span;
  readonly match: Span;
  /** Seconds of the match a second of the query: below 1 where the match is the faster one. */
  readonly rate: number;
  /** Mean similarity of the frames along it. */
  readonly similarity: number;
  /** Sum of the frames' evidence: about the number of frames that agree. */
  readonly score: number;
};

export type Alignment = {
  /** By their begin in the query. No two lie over one another in both videos. */
  readonly segments: readonly Segment[];
  /** Similarity of every query frame (rows) to every match frame, row-major. */
  readonly matrix: Float32Array;
};

/** Speeds that are tried, in seconds of the match a second of the query. */
export const rates: readonly number[] = [1, 0.8, 1.25, 2 / 3, 1.5, 0.5, 2];

/** What another speed must be better by than the plain one. */
const speedPenalty = 0.9;
/** Frames that have to agree at least, or all where the query has fewer. */
export const leastFrames = 3;
/** Evidence that frames have to give on average. */
const leastEvidence = 0.15;
const candidatesTried = 12;
const mostSegments = 32;

/**
 * Finds where frames of the query appear in the match in the same order and at one speed. Offsets between the two are voted
 * for by every pair of similar frames at each of several speeds (the temporal Hough transform of Douze, Jégou and Schmid, "An
 * image-based approach to video copy detection with spatio-temporal post-filtering", IEEE Transactions on Multimedia 12(4),
 * 2010); the best lines are moved by fractions of a frame, and of each the stretch is taken whose evidence sums up highest
 * (after Ruzzo and Tompa, "A linear time algorithm for finding all maximal scoring subsequences", ISMB 1999). What a segment
 * explains is taken out, with all that is just as alike around it, so that a still shot or repeated frames give one segment and
 * not many; then the next is looked for. Yields how far it is, 0..1.
 */
export function* align(
  metric: Metric,
  query: Track,
  match: Track,
  background: Background,
): Generator<number, Alignment> {
  const matrix = yield* similarityMatrix(metric, query, match);
  const evidence = toEvidence(matrix.slice(), continuity(metric, query), continuity(metric, match), background);
  const least = Math.min(leastFrames, query.count, match.count);
  const segments: Segment[] = [];
  while (segments.length < mostSegments) {
    yield 1;
    const found = bestLine(evidence, query, match, least);
    if (!found) break;
    segments.push(segmentOf(found, matrix, query, match));
    takeOut(evidence, found, query, match);
  }
  return { segments: segments.sort((a, b) => a.query.from - b.query.from || a.match.from - b.match.from), matrix };
}

type Found = { readonly line: Line; readonly first: number; readonly last: number; readonly score: number };

function bestLine(evidence: Float32Array, query: Track, match: Track, least: number): Found | undefined {
  let best: (Found & { readonly weighed: number }) | undefined;
  for (const candidate of votes(evidence, query, match, rates, candidatesTried)) {
    const line = refine(candidate, evidence, query, match);
    const along = lineEvidence(line, evidence, query, match);
    const stretch = bestStretch(along);
    if (!stretch) continue;
    const frames = stretch.last - stretch.first + 1;
    if (frames < least || stretch.score < leastEvidence * frames) continue;
    const weighed = line.rate === 1 ? stretch.score : stretch.score * speedPenalty;
    if (!best || weighed > best.weighed) best = { line, ...stretch, weighed };
  }
  return best;
}

/** Begin and end lie half-way to the first frame that disagrees, or at the edge of a video. */
function segmentOf({ line, first, last, score }: Found, matrix: Float32Array, query: Track, match: Track): Segment {
  const { rate, offset } = line;
  const time = (row: number) => query.times[row] as number;
  const halfway = query.spacing / 2;
  const begin = first === 0 ? query.span.from : time(first) - halfway;
  const end = last === query.count - 1 ? query.span.to : time(last) + halfway;
  // The match may begin or end where the query goes on.
  const from = Math.max(begin, (match.span.from - offset) / rate, query.span.from);
  const to = Math.min(end, (match.span.to - offset) / rate, query.span.to);
  const onLine = lineEvidence(line, matrix, query, match).subarray(first, last + 1);
  return {
    query: { from, to },
    match: { from: rate * from + offset, to: rate * to + offset },
    rate,
    similarity: onLine.reduce((sum, value) => sum + value, 0) / onLine.length,
    score,
  };
}

/** Takes away what a segment explains: its rectangle, and in each row and column that it crosses the whole run of frames
 * that are as good as those on it. */
function takeOut(evidence: Float32Array, { line, first, last }: Found, query: Track, match: Track): void {
  const columns = match.count;
  const place = (row: number) => {
    const time = line.rate * (query.times[row] as number) + line.offset;
    const start = match.times[0] as number;
    return Math.min(columns - 1, Math.max(0, Math.round((time - start) / Math.max(match.spacing, 1e-9))));
  };
  const gone: number[] = [];
  const run = (row: number, column: number, down: number, across: number) => {
    for (let i = row + down, j = column + across; i >= 0 && j >= 0 && i < query.count && j < columns; ) {
      const at = i * columns + j;
      if ((evidence[at] as number) <= 0) return;
      gone.push(at);
      i += down;
      j += across;
    }
  };
  const [left, right] = [place(first), place(last)];
  for (let row = first; row <= last; row++) {
    const column = place(row);
    for (let j = left; j <= right; j++) gone.push(row * columns + j);
    for (const side of [left - 1, right]) run(row, side, 0, side < left ? -1 : 1);
    for (const step of [-1, 1]) run(row, column, step, 0);
    for (const step of [-1, 1]) run(row, column, 0, step);
  }
  for (const at of gone) evidence[at] = -1;
}
