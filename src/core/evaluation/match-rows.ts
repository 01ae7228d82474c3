import { pathMatcher } from '../path-suffix';
import type { VideoRecord } from '../video';
import type { GroundTruthRow } from './ground-truth';

/** Which rows of a labels file found their video. Every row is in exactly one of the lists. */
export type MatchedRows = {
  readonly matched: readonly { readonly row: GroundTruthRow; readonly id: string }[];
  readonly missing: readonly GroundTruthRow[];
  readonly ambiguous: readonly { readonly row: GroundTruthRow; readonly candidates: readonly string[] }[];
  /** Rows for a video that another row names better, or as well (then neither is taken): its line, and the video. */
  readonly contested: readonly { readonly row: GroundTruthRow; readonly id: string; readonly line: number }[];
};

/** Rows against the library by longest unambiguous path suffix, in time linear in both. One step a row. */
export function* matchRows(
  rows: readonly GroundTruthRow[],
  library: readonly Pick<VideoRecord, 'id' | 'path' | 'locations'>[],
): Generator<undefined, MatchedRows> {
  const index = pathMatcher(
    library.flatMap(({ id, path, locations }) => [
      { id, path },
      ...locations.map((place) => ({ id, path: place.path })),
    ]),
  );
  const missing: GroundTruthRow[] = [];
  const ambiguous: { row: GroundTruthRow; candidates: readonly string[] }[] = [];
  const claims = new Map<string, { row: GroundTruthRow; depth: number }[]>();
  for (const row of rows) {
    const match = index(row.path);
    if (match.kind === 'none') missing.push(row);
    else if (match.kind === 'ambiguous') ambiguous.push({ row, candidates: match.ids });
    else {
      const claim = claims.get(match.id);
      if (claim) claim.push({ row, depth: match.depth });
      else claims.set(match.id, [{ row, depth: match.depth }]);
    }
    yield;
  }

  const matched: { row: GroundTruthRow; id: string }[] = [];
  const contested: { row: GroundTruthRow; id: string; line: number }[] = [];
  for (const [id, claim] of claims) {
    const depth = claim.reduce((best, each) => Math.max(best, each.depth), 0);
    const [best, rival] = claim.filter((each) => each.depth === depth);
    if (best && !rival) matched.push({ row: best.row, id });
    for (const each of claim) {
      if (each === best && !rival) continue;
      const against = each === best ? rival : best;
      if (against) contested.push({ row: each.row, id, line: against.row.line });
    }
    yield;
  }
  return { matched, missing, ambiguous, contested };
}
