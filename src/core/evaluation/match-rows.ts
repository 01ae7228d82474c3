import { type PathMatch, pathMatcher } from '../path-suffix';
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

type Claim = { readonly row: GroundTruthRow; readonly depth: number };

/**
 * Rows against the library by longest unambiguous path suffix, in time linear in both. Files of one folder lie in one
 * folder: where a row agrees with more of a library folder's path, another that goes on differently means another folder,
 * whose video is missing. One step a row.
 */
export function* matchRows(
  rows: readonly GroundTruthRow[],
  library: readonly Pick<VideoRecord, 'id' | 'path' | 'locations'>[],
): Generator<undefined, MatchedRows> {
  const places = library.flatMap(({ id, path, locations }) => [
    { id, path },
    ...locations.map((place) => ({ id, path: place.path })),
  ]);
  const index = pathMatcher(places);
  const foldersOf = new Map<string, string[]>();
  for (const { id, path } of places) {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const known = foldersOf.get(id);
    if (known) known.push(folder);
    else foldersOf.set(id, [folder]);
  }
  /** Most segments that any row shares with a video of the folder. */
  const depths = new Map<string, number>();
  const matches: PathMatch[] = [];
  for (const { path } of rows) {
    const match = index(path);
    matches.push(match);
    if (match.kind === 'match')
      for (const folder of foldersOf.get(match.id) ?? [])
        depths.set(folder, Math.max(match.depth, depths.get(folder) ?? 0));
    yield;
  }
  const isElsewhere = ({ id, depth, differs }: Extract<PathMatch, { kind: 'match' }>): boolean =>
    differs && (foldersOf.get(id) ?? []).some((folder) => (depths.get(folder) ?? 0) > depth);

  const missing: GroundTruthRow[] = [];
  const ambiguous: { row: GroundTruthRow; candidates: readonly string[] }[] = [];
  const claims = new Map<string, Claim[]>();
  for (const [i, match] of matches.entries()) {
    const row = rows[i] as GroundTruthRow;
    if (match.kind === 'ambiguous') ambiguous.push({ row, candidates: match.ids });
    else if (match.kind === 'none' || isElsewhere(match)) missing.push(row);
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
