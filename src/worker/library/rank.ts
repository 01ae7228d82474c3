import { AppError } from '../../core/errors';
import { type FeatureMatrix, spaceKey } from '../../core/feature';
import { bestMoment, type TimedFrames } from '../../core/ranking/best-moment';
import { fuseScores, type ScoredPart, scoreScales } from '../../core/ranking/fuse-scores';
import type { Match, MatchPart } from '../../core/ranking/match';
import { rankCandidates } from '../../core/ranking/rank-candidates';
import { firstNonFinite } from '../../core/similarity/similarity';
import type { WeightedSpace } from '../../protocol/evaluation-api';
import type { RankArgs, RankQuery } from '../../protocol/library-api';
import type { CallOptions } from '../../protocol/progress';
import type { Database } from '../storage/database';
import { readFrames } from '../storage/features';
import type { VideoRow } from '../storage/schema';
import type { Catalogue } from './catalogue';
import type { SpaceIndex } from './space-index';

/** Matches whose best moment is looked for; those below it are ranked all the same. */
const momentsFor = 100;
/** Matches whose frame vectors are read at a time. */
const portion = 16;

/** Exact ranking of every video that is not removed; see `LibraryApi.rank`. */
export async function rank(
  database: Database,
  catalogue: Catalogue,
  { query, spaces, ranking, limit, excludeGroup }: RankArgs,
  { signal }: CallOptions = {},
): Promise<readonly Match[]> {
  const exclude = query.kind === 'video' ? query.id : query.exclude;
  const searched = await queryParts(database, catalogue, query, spaces);
  const records = await catalogue.rows();
  const isCandidate = (record: VideoRow | undefined): record is VideoRow =>
    record !== undefined &&
    record.removed === undefined &&
    record.id !== exclude &&
    (excludeGroup === undefined || record.group !== excludeGroup);

  const positions = new Map<string, number>();
  const candidates: VideoRow[] = [];
  for (const { scored } of searched) {
    for (const id of scored.ids) {
      const record = records.get(id);
      if (positions.has(id) || !isCandidate(record)) continue;
      positions.set(id, candidates.length);
      candidates.push(record);
    }
  }
  const parts = searched.map(({ weight, scored }): ScoredPart => {
    const scores = new Float64Array(candidates.length).fill(Number.NaN);
    scored.ids.forEach((id, i) => {
      const position = positions.get(id);
      if (position !== undefined) scores[position] = scored.scores[i] as number;
    });
    return { weight, scores };
  });
  const scales = scoreScales(parts, ranking.fusion.name === 'late' ? ranking.fusion.normalisation : 'none');
  const matches = rankCandidates(candidates, fuseScores(parts, scales), limit).map((match): Match => {
    const position = positions.get(match.id) as number;
    const own = parts.flatMap(({ weight, scores }, part): MatchPart[] => {
      const similarity = scores[position] as number;
      const { scale, offset } = scales[part] as (typeof scales)[number];
      const { key } = searched[part] as SearchedPart;
      return Number.isNaN(similarity) ? [] : [{ space: key, similarity, score: scale * similarity + offset, weight }];
    });
    return { ...match, parts: own, moment: undefined };
  });
  return withMoments(database, searched, matches, signal);
}

/** What the query is in one of the spaces, and how similar every vector of the library is to it. */
type SearchedPart = WeightedSpace & {
  readonly index: SpaceIndex;
  readonly vector: Float32Array;
  readonly frames: TimedFrames | undefined;
  readonly scored: { readonly ids: readonly string[]; readonly scores: Float64Array };
};

/** Errors: why the query can be compared in none of the spaces. */
async function queryParts(
  database: Database,
  catalogue: Catalogue,
  query: RankQuery,
  spaces: readonly WeightedSpace[],
): Promise<SearchedPart[]> {
  const found: SearchedPart[] = [];
  let failure: AppError | undefined;
  for (const space of spaces) {
    try {
      found.push(await queryPart(database, catalogue, query, space));
    } catch (error) {
      if (!(error instanceof AppError) || !lacking.has(error.code)) throw error;
      failure ??= error;
    }
  }
  if (failure && found.length === 0) throw failure;
  return found;
}

/** Reasons that concern one of several descriptors: the others rank without it. */
const lacking: ReadonlySet<AppError['code']> = new Set(['features-missing', 'spaces-differ']);

async function queryPart(
  database: Database,
  catalogue: Catalogue,
  query: RankQuery,
  { key, weight }: WeightedSpace,
): Promise<SearchedPart> {
  const index = await catalogue.index(key);
  const { vector, frames } = await queryVectors(database, catalogue, index, query, key);
  const scored = index.scores(vector);
  if (!scored) {
    const [dimensions, expected] = [vector.length, index.dimensions];
    throw new AppError('spaces-differ', 'The query has other dimensions than the library', { dimensions, expected });
  }
  return { key, weight, index, vector, frames, scored };
}

type QueryVectors = { readonly vector: Float32Array; readonly frames: TimedFrames | undefined };

async function queryVectors(
  database: Database,
  catalogue: Catalogue,
  index: SpaceIndex,
  query: RankQuery,
  space: string,
): Promise<QueryVectors> {
  if (query.kind === 'video') {
    const { id, name } = await catalogue.video(query.id);
    // A copy: the row may move while frames are read.
    const vector = index.get(id)?.slice();
    if (!vector) throw new AppError('features-missing', `${name} has no vector of this kind`, { name });
    const [frames] = await readFrames(database, space, [id]);
    return { vector, frames };
  }
  const features = query.features.find((candidate) => spaceKey(candidate.space) === space);
  if (!features) {
    const extractors = query.features.map((candidate) => candidate.space.extractor).join(', ');
    throw new AppError('spaces-differ', 'The query was not described in the way the library was', { extractors });
  }
  checkQuery(features);
  return { vector: features.vector, frames: features };
}

function checkQuery({ space, vector, frames }: FeatureMatrix): void {
  if (firstNonFinite(vector) < 0 && firstNonFinite(frames) < 0) return;
  const { extractor } = space;
  throw new AppError('inference-failed', `The ${extractor} vectors of the query hold values that are not numbers`, {
    extractor,
  });
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
