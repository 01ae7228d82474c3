import { AppError } from '../../core/errors';
import { bestMoment, type TimedFrames } from '../../core/ranking/best-moment';
import { isClose } from '../../core/ranking/close-comparison';
import type { Match, MatchPart } from '../../core/ranking/match';
import { prepareVector } from '../../core/ranking/prepare-vector';
import { probabilities } from '../../core/ranking/probability';
import { comesBefore, rankCandidates } from '../../core/ranking/rank-candidates';
import { headOf, type RankedPart, rankRow } from '../../core/ranking/rank-row';
import { topK } from '../../core/ranking/top-k';
import type { WeightedSpace } from '../../protocol/evaluation-api';
import type { RankArgs, RankQuery } from '../../protocol/library-api';
import type { CallOptions } from '../../protocol/progress';
import type { Database } from '../storage/database';
import { readFrames, readSomeVectors } from '../storage/features';
import type { VideoRow } from '../storage/schema';
import type { Catalogue } from './catalogue';
import { comparedByFrames } from './frame-parts';
import { examplesOf, lacking, queryVectors } from './query-vectors';
import type { SpaceIndex } from './space-index';
import { type QueryVector, type SpaceView, viewSpace } from './space-view';

/** Matches whose best moment is looked for; those below it are ranked all the same. */
const momentsFor = 100;
/** Matches whose frame vectors are read at a time. */
const portion = 16;
/** Matches of a compact index that are compared in full. */
export const sharpened = 256;

/** Exact ranking of every video that is not removed; see `LibraryApi.rank`. */
export async function rank(
  database: Database,
  catalogue: Catalogue,
  { query, spaces, ranking, probability, limit, excludeGroups = [], compact = false }: RankArgs,
  { signal, onProgress }: CallOptions = {},
): Promise<readonly Match[]> {
  const excluded = examplesOf(query).map((example) => (example.kind === 'video' ? example.id : example.exclude));
  const searched = await queryParts(database, catalogue, query, spaces, (key) =>
    catalogue.index(key, ranking, spaces.length, { compact, onProgress }),
  );
  const records = await catalogue.rows();
  const isCandidate = (id: string): boolean => {
    const record = records.get(id);
    if (!record || record.removed !== undefined || excluded.includes(id)) return false;
    return record.group === undefined || !excludeGroups.includes(record.group);
  };
  // From here to the ranking nothing waits but for what stands for itself: the rows of the index stay where they are.
  const views = searched.map((part) => ({ ...part, view: viewOf(part, isCandidate) }));
  for (const { index, key, view } of views) if (index.keeping.compact) await sharpen(database, key, index, view, limit);
  const ids = idsOf(views.map(({ view }) => view));
  const candidates = ids.map((id) => records.get(id) as VideoRow);
  const positions = views.length > 1 ? new Map(ids.map((id, i) => [id, i])) : undefined;
  const byVectors = views.map(({ weight, view }): RankedPart => {
    const among = (some: readonly number[]) => view.among(some.map((i) => ids[i] as string));
    if (view.ids === ids) return { ...view, weight, among };
    const scores = new Float64Array(ids.length).fill(Number.NaN);
    const squared = new Float64Array(ids.length);
    view.ids.forEach((id, i) => {
      const position = positions?.get(id) as number;
      scores[position] = view.scores[i] as number;
      squared[position] = view.squared[i] as number;
    });
    return { weight, scores, squared, ownSquared: view.ownSquared, among };
  });
  const before = (i: number, j: number) => comesBefore(candidates[i] as VideoRow, candidates[j] as VideoRow);
  // Of several examples only the leading one's frames are at hand.
  const distance = query.kind === 'examples' ? 'own' : ranking.distance;
  const head = () => headOf(byVectors, ranking, before, limit);
  const parts = isClose(distance)
    ? await comparedByFrames(database, searched, byVectors, ids, head(), { ...ranking, distance })
    : byVectors;
  signal?.throwIfAborted();
  const joined = ranking.fusion.name === 'early' && parts.length > 1;
  const { scores, partScores } = rankRow(parts, ranking, before, limit);
  const likely = probability && probabilities(scores, probability);
  const best = rankCandidates(candidates, scores, limit);
  const places = placesOf(ids, best);
  const matches = best.map((match): Match => {
    const position = places.get(match.id) as number;
    const own = parts.flatMap(({ weight, scores: similarities }, part): MatchPart[] => {
      const own = similarities[position] as number;
      if (Number.isNaN(own)) return [];
      const score = partScores(part, position);
      const { key } = searched[part] as SearchedPart;
      // Before they are joined, the products of early fusion have no scale that says anything.
      return [{ space: key, similarity: joined ? score : own, score, weight }];
    });
    return { ...match, ...(likely && { probability: likely[position] as number }), parts: own, moment: undefined };
  });
  return withMoments(database, searched, matches, signal);
}

/** Ids of all that some descriptor compares; those of a view itself where it is the only one. */
function idsOf(views: readonly SpaceView[]): readonly string[] {
  const [only] = views;
  if (only && views.length === 1) return only.ids;
  return [...new Set(views.flatMap(({ ids }) => ids))];
}

/** Where the few that were found stand among all. */
function placesOf(ids: readonly string[], found: readonly { readonly id: string }[]): Map<string, number> {
  const wanted = new Set(found.map(({ id }) => id));
  const places = new Map<string, number>();
  for (let i = 0; i < ids.length && places.size < wanted.size; i++) {
    const id = ids[i] as string;
    if (wanted.has(id)) places.set(id, i);
  }
  return places;
}

/** Scores the best of a compact index by their stored vectors. */
async function sharpen(
  database: Database,
  space: string,
  { comparison }: SpaceIndex,
  { ids, scores, squared, exactly }: SpaceView,
  limit: number,
): Promise<void> {
  const best = topK(scores, Math.max(sharpened, limit), (i, j) => i < j);
  const rows = await readSomeVectors(
    database,
    space,
    best.map((i) => ids[i] as string),
  );
  for (const [j, row] of rows.entries()) {
    const exact = row && exactly(row.video, prepareVector(row.vector, comparison.stages));
    if (!exact) continue;
    scores[best[j] as number] = exact.score;
    squared[best[j] as number] = exact.squared;
  }
}

/** What the query is in one of the spaces. */
type SearchedPart = WeightedSpace & {
  readonly index: SpaceIndex;
  readonly vector: QueryVector;
  readonly frames: TimedFrames | undefined;
};

function viewOf({ index, vector }: SearchedPart, isCandidate: (id: string) => boolean): SpaceView {
  const view = viewSpace(index, vector, isCandidate);
  if (!view) throw incomparable(vector, index);
  return view;
}

function incomparable({ vector }: QueryVector, index: SpaceIndex): AppError {
  const [dimensions, expected] = [vector.length, index.dimensions];
  return new AppError('spaces-differ', 'The query has other dimensions than the library', { dimensions, expected });
}

/** Errors: why the query can be compared in none of the spaces. */
async function queryParts(
  database: Database,
  catalogue: Catalogue,
  query: RankQuery,
  spaces: readonly WeightedSpace[],
  indexOf: (key: string) => Promise<SpaceIndex>,
): Promise<SearchedPart[]> {
  const found: SearchedPart[] = [];
  let failure: AppError | undefined;
  for (const space of spaces) {
    try {
      found.push(await queryPart(database, catalogue, query, space, indexOf));
    } catch (error) {
      if (!(error instanceof AppError) || !lacking.has(error.code)) throw error;
      failure ??= error;
    }
  }
  if (failure && found.length === 0) throw failure;
  return found;
}

async function queryPart(
  database: Database,
  catalogue: Catalogue,
  query: RankQuery,
  { key, weight }: WeightedSpace,
  indexOf: (key: string) => Promise<SpaceIndex>,
): Promise<SearchedPart> {
  const index = await indexOf(key);
  const { vector, frames } = await queryVectors(database, catalogue, index, query, key);
  if (!index.comparable(vector.vector.length)) throw incomparable(vector, index);
  return { key, weight, index, vector, frames };
}

/** Looks for the moment of each match's most weighty descriptor that both videos have frames of. */
async function withMoments(
  database: Database,
  searched: readonly SearchedPart[],
  matches: readonly Match[],
  signal: AbortSignal | undefined,
): Promise<readonly Match[]> {
  const ranked = matches.slice(0, momentsFor);
  const byWeight = [...searched].sort((a, b) => b.weight - a.weight);
  for (const { key, index, frames } of byWeight) {
    if (!frames) continue;
    const open = [...ranked.keys()].filter((i) => ranked[i]?.moment === undefined);
    for (let from = 0; from < open.length; from += portion) {
      signal?.throwIfAborted();
      const some = open.slice(from, from + portion);
      const ids = some.map((i) => ranked[i]?.id ?? '');
      for (const [j, stored] of (await readFrames(database, key, ids)).entries()) {
        const [i, moment] = [some[j] as number, stored && bestMoment(index.geometry.metric, frames, stored)];
        if (moment) ranked[i] = { ...(ranked[i] as Match), moment };
      }
    }
  }
  return [...ranked, ...matches.slice(momentsFor)];
}
