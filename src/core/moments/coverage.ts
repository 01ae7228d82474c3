import type { Part } from '../sampling';
import type { Segment } from './align';

/** `whole`: both show the same from start to end; else which of the two lies within the other; `part`: they share some. */
export type Containment = 'whole' | 'query-in-match' | 'match-in-query' | 'part';

/** Share of a video that has to be found in the other to lie in it: borders are as fine as the frames that are compared. */
const nearlyAll = 0.85;

/** How two videos of these durations, seconds, lie in one another. */
export function containment(segments: readonly Segment[], queryDuration: number, matchDuration: number): Containment {
  const fills = (parts: readonly Part[], duration: number) => covered(parts) >= nearlyAll * duration;
  const allOfQuery = fills(
    segments.map(({ query }) => query),
    queryDuration,
  );
  const allOfMatch = fills(
    segments.map(({ match }) => match),
    matchDuration,
  );
  if (allOfQuery) return allOfMatch ? 'whole' : 'query-in-match';
  return allOfMatch ? 'match-in-query' : 'part';
}

/** Seconds that parts cover together. */
export function covered(parts: readonly Part[]): number {
  let [sum, end] = [0, -Infinity];
  for (const { from, to } of [...parts].sort((a, b) => a.from - b.from)) {
    sum += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return sum;
}
