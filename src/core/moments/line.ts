import type { Timeline } from './timeline';

/** Instants of the match that belong to those of the query: match time = rate x query time + offset, seconds. */
export type Line = { readonly rate: number; readonly offset: number };

/** Consecutive query frames, the last included, and what their evidence sums up to. */
export type Stretch = { readonly first: number; readonly last: number; readonly score: number };

/** Parts of a match frame's distance by which lines are moved. */
const refinements = 10;

/** Values of a matrix (rows: query frames, columns: match frames) along a line, one a query frame, interpolated between
 * the two nearest match frames; NaN where the line is outside of the match. */
export function valuesAlong(
  { rate, offset }: Line,
  matrix: ArrayLike<number>,
  query: Timeline,
  match: Timeline,
): Float32Array {
  const along = new Float32Array(query.count);
  const columns = match.count;
  const start = match.times[0] as number;
  const spacing = Math.max(match.spacing, 1e-9);
  for (let i = 0; i < query.count; i++) {
    const time = rate * (query.times[i] as number) + offset;
    if (time < -spacing / 4 || time > match.duration + spacing / 4) {
      along[i] = Number.NaN;
      continue;
    }
    const place = Math.min(columns - 1, Math.max(0, (time - start) / spacing));
    const left = Math.floor(place);
    const right = Math.min(columns - 1, left + 1);
    const part = place - left;
    along[i] = (1 - part) * (matrix[i * columns + left] as number) + part * (matrix[i * columns + right] as number);
  }
  return along;
}

/** The stretch of consecutive values with the highest sum; it begins and ends with values above 0. Undefined where there
 * are none. */
export function bestStretch(values: Float32Array): Stretch | undefined {
  let best: Stretch | undefined;
  let first = 0;
  let score = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value) || score + value <= 0) {
      score = 0;
      first = i + 1;
      continue;
    }
    if (score === 0) first = i;
    score += value;
    if (!best || score > best.score) best = { first, last: i, score };
  }
  return best;
}

/** Moves a line within a match frame's distance either way to where its best stretch is best. */
export function refine({ rate, offset }: Line, evidence: Float32Array, query: Timeline, match: Timeline): Line {
  let best = { rate, offset };
  let highest = -1;
  for (let step = -refinements; step <= refinements; step++) {
    const moved = { rate, offset: offset + (step * match.spacing) / refinements };
    const score = bestStretch(valuesAlong(moved, evidence, query, match))?.score ?? 0;
    // Of equals, as in a still shot, the line that was voted for.
    if (score > highest + 1e-6 || (score > highest - 1e-6 && Math.abs(step) < Math.abs(best.offset - offset))) {
      best = moved;
      highest = score;
    }
  }
  return best;
}
