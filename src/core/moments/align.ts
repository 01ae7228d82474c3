import { type HashKind, hashBits } from '../near-duplicates/hash-kind';
import { mirrorTrack } from '../near-duplicates/hash-track';
import type { Part } from '../sampling';
import { changes, distances, toEvidence, untold } from './evidence';
import { bestStretch, type Line, refine, type Stretch, valuesAlong } from './line';
import { votes } from './offset-votes';
import type { Timeline } from './timeline';

/** A stretch of the query that is also in the match. */
export type Segment = {
  readonly query: Part;
  readonly match: Part;
  /** Seconds of the match a second of the query: below 1 where the match is the faster one. */
  readonly rate: number;
  /** Mean share of equal bits of the frames along it. */
  readonly similarity: number;
  /** Mean evidence of the frames along it: 1 for equal ones. */
  readonly evidence: number;
};

export type Alignment = {
  /** By their begin in the query. No two lie over one another in both videos. */
  readonly segments: readonly Segment[];
  /** Share of equal bits of every query frame (rows) and every match frame, row-major; NaN where either cannot be told
   * from others. */
  readonly matrix: Float32Array;
  readonly mirrored: boolean;
  /** Which of the two shows only the middle of the other's picture. */
  readonly cropped: 'query' | 'match' | undefined;
};

/** Speeds that are tried, in seconds of the match a second of the query. */
const rates: readonly number[] = [1, 0.8, 1.25, 2 / 3, 1.5, 0.5, 2];
/** What another speed, and another view, must be better by than the plain one. */
const speedPenalty = 0.85;
const viewPenalty = 0.85;
/** What is found once more of what a segment has already must be nearly as good, by the mean evidence of its frames: a scene
 * that hardly moves resembles itself at other times. */
const againAsGood = 0.75;
/** Frames that have to agree at least, or all where one of the two has fewer. */
const leastFrames = 3;
/** Evidence that frames have to give on average. */
const leastEvidence = 0.2;
/** What the evidence of all that have to agree at least has to sum up to, a frame of them. */
const leastScore = 0.6;
const candidatesTried = 12;
const mostSegments = 32;

type View = Pick<Alignment, 'mirrored' | 'cropped'> & { readonly table: Uint8Array; readonly evidence: Float32Array };
type Found = Stretch & { readonly line: Line; readonly weighed: number };

/**
 * Finds where frames of the query appear in the match in the same order and at one speed: as they are, mirrored, or one
 * a crop of the other. Offsets between the two are voted for by every pair of similar frames at each of several speeds
 * (the temporal Hough transform of Douze, Jégou and Schmid, "An image-based approach to video copy detection with
 * spatio-temporal post-filtering", IEEE Transactions on Multimedia 12(4), 2010); the best lines are moved by fractions
 * of a frame, and of each the stretch is taken whose evidence sums up highest (after Ruzzo and Tompa, "A linear time
 * algorithm for finding all maximal scoring subsequences", ISMB 1999). What a segment explains is taken out, with all
 * that is just as alike around it, so that a still shot or repeated frames give one segment and not many; then the next
 * is looked for. Yields after each step. Both need a frame.
 */
export function* align(query: Timeline, match: Timeline, kind: HashKind): Generator<void, Alignment> {
  const least = Math.min(leastFrames, query.count, match.count);
  let best: { readonly view: View; readonly found: Found; readonly weighed: number } | undefined;
  let plain: View | undefined;
  for (const view of views(query, match, kind)) {
    yield;
    plain ??= view;
    const found = bestLine(view.evidence, query, match, least);
    const changed = view.mirrored || view.cropped !== undefined;
    const weighed = (found?.weighed ?? 0) * (changed ? viewPenalty : 1);
    if (found && weighed > (best?.weighed ?? 0)) best = { view, found, weighed };
  }
  const view = best?.view ?? (plain as View);
  const matrix = Float32Array.from(view.table, (bits) => (bits === untold ? Number.NaN : 1 - bits / hashBits));
  const segments: Segment[] = [];
  const first = best && unlessInPieces(best.found, view.evidence, query, match, least);
  // Edits change a video's speed as a whole: at others a still scene is like itself.
  const own = first && [first.line.rate];
  for (let found = first; found; found = bestLine(view.evidence, query, match, least, own)) {
    const segment = segmentOf(found, matrix, query, match);
    const worse = (other: Segment) => segment.evidence < againAsGood * other.evidence;
    const again = (other: Segment) => overlap(segment.query, other.query) || overlap(segment.match, other.match);
    if (!segments.some((other) => again(other) && worse(other))) segments.push(segment);
    if (segments.length === mostSegments) break;
    takeOut(view.evidence, found, query, match);
    yield;
  }
  segments.sort((a, b) => a.query.from - b.query.from || a.match.from - b.match.from);
  return { segments, matrix, mirrored: view.mirrored, cropped: view.cropped };
}

/** The ways to see the two, the plain one first. */
function* views(query: Timeline, match: Timeline, kind: HashKind): Generator<View> {
  const mirror = mirrorTrack(query, kind);
  for (const seen of [query, mirror]) {
    const ways = [
      { cropped: undefined, a: seen.whole, b: match.whole },
      { cropped: 'match', a: seen.middle, b: match.whole },
      { cropped: 'query', a: seen.whole, b: match.middle },
    ] as const;
    for (const { cropped, a, b } of ways) {
      const table = distances(query, a, match, b);
      const evidence = toEvidence(table, changes(query, a), changes(match, b));
      yield { mirrored: seen === mirror, cropped, table, evidence };
    }
  }
}

function bestLine(
  evidence: Float32Array,
  query: Timeline,
  match: Timeline,
  least: number,
  speeds = rates,
): Found | undefined {
  let best: Found | undefined;
  for (const candidate of votes(evidence, query, match, speeds, candidatesTried)) {
    const line = refine(candidate, evidence, query, match);
    const stretch = bestStretch(valuesAlong(line, evidence, query, match));
    if (!stretch) continue;
    const frames = stretch.last - stretch.first + 1;
    if (frames < least || stretch.score < leastEvidence * frames) continue;
    const weighed = line.rate === 1 ? stretch.score : stretch.score * speedPenalty;
    if (weighed >= leastScore * least && (!best || weighed > best.weighed)) best = { line, ...stretch, weighed };
  }
  return best;
}

/**
 * The best line of all, or the best at the plain speed where pieces at that together are as alike as all along a line of
 * another: two scenes with what lies between them left out look like one that runs faster.
 */
function unlessInPieces(
  best: Found,
  evidence: Float32Array,
  query: Timeline,
  match: Timeline,
  least: number,
): Found | undefined {
  if (best.line.rate === 1) return best;
  const left = evidence.slice();
  const covered = new Uint8Array(query.count);
  let [first, sum]: [Found | undefined, number] = [undefined, 0];
  for (let pieces = 0; pieces < mostSegments && sum < best.score; pieces++) {
    const found = bestLine(left, query, match, least, [1]);
    if (!found) return best;
    first ??= found;
    const values = valuesAlong(found.line, left, query, match);
    for (let row = found.first; row <= found.last; row++) {
      if (covered[row] === 0) sum += values[row] as number;
      covered[row] = 1;
    }
    takeOut(left, found, query, match);
  }
  return sum < best.score ? best : first;
}

/** Begin and end lie half-way to the first frame that disagrees, or at the edge of a video. */
function segmentOf(
  { line, first, last, score }: Found,
  matrix: Float32Array,
  query: Timeline,
  match: Timeline,
): Segment {
  const { rate, offset } = line;
  const time = (row: number) => query.times[row] as number;
  const halfway = query.spacing / 2;
  const begin = first === 0 ? time(first) : time(first) - halfway;
  const end = last === query.count - 1 ? Math.min(query.duration, time(last) + query.spacing) : time(last) + halfway;
  // The match may begin or end where the query goes on.
  const from = Math.max(begin, -offset / rate, 0);
  const to = Math.max(from, Math.min(end, (match.duration - offset) / rate));
  const onLine = valuesAlong(line, matrix, query, match)
    .subarray(first, last + 1)
    .filter((value) => !Number.isNaN(value));
  return {
    query: { from, to },
    match: { from: rate * from + offset, to: rate * to + offset },
    rate,
    similarity: onLine.reduce((sum, value) => sum + value, 0) / Math.max(1, onLine.length),
    evidence: score / (last - first + 1),
  };
}

/** Whether most of `part` lies in the other. */
function overlap(part: Part, other: Part): boolean {
  return Math.min(part.to, other.to) - Math.max(part.from, other.from) > (part.to - part.from) / 2;
}

/** Takes away what a segment explains: its rectangle, and in each row and column that it crosses the whole run of frames
 * that are as good as those on it. */
function takeOut(evidence: Float32Array, { line, first, last }: Found, query: Timeline, match: Timeline): void {
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
    run(row, left, 0, -1);
    run(row, right, 0, 1);
    for (const step of [-1, 1]) run(row, column, step, 0);
  }
  for (const at of gone) evidence[at] = -1;
}
