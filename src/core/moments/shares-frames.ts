import type { HashKind } from '../near-duplicates/hash-kind';
import { hashDistance, mirrorTrack } from '../near-duplicates/hash-track';
import type { Timeline } from './timeline';

/** Frames of the shorter video that are asked with, spread evenly, and bits up to which another is like one. */
const asked = 48;
const likeWithin = 9;

/** Whether two videos have frames that are alike, seen as `align` sees them: much faster than it, to leave out the most. */
export function sharesFrames(query: Timeline, match: Timeline, kind: HashKind): boolean {
  const mirror = mirrorTrack(query, kind);
  const enough = Math.min(2, query.count, match.count);
  return [query, mirror].some((seen) =>
    [
      [seen.whole, match.whole],
      [seen.middle, match.whole],
      [seen.whole, match.middle],
    ].some(([a, b]) => {
      const [one, other] = [
        { timeline: query, hashes: a as Uint32Array },
        { timeline: match, hashes: b as Uint32Array },
      ].sort((x, y) => x.timeline.count - y.timeline.count) as [Side, Side];
      return countAlike(one, other, enough) >= enough;
    }),
  );
}

type Side = { readonly timeline: Timeline; readonly hashes: Uint32Array };

function countAlike(short: Side, long: Side, enough: number): number {
  const { count, telling } = short.timeline;
  const step = Math.max(1, count / asked);
  let alike = 0;
  for (let at = 0; at < count && alike < enough; at += step) {
    const i = Math.floor(at);
    if (!telling[i]) continue;
    for (let j = 0; j < long.timeline.count; j++) {
      if (!long.timeline.telling[j] || hashDistance(short.hashes, i, long.hashes, j) > likeWithin) continue;
      alike++;
      break;
    }
  }
  return alike;
}
