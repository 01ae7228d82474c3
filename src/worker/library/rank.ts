import { AppError } from '../../core/errors';
import { type FeatureMatrix, spaceKey } from '../../core/feature';
import { bestMoment, type TimedFrames } from '../../core/ranking/best-moment';
import type { Match } from '../../core/ranking/match';
import { type Candidate, rankCandidates } from '../../core/ranking/rank-candidates';
import { firstNonFinite } from '../../core/similarity/similarity';
import type { RankArgs, RankQuery } from '../../protocol/library-api';
import type { CallOptions } from '../../protocol/progress';
import type { Database } from '../storage/database';
import { readFrames } from '../storage/features';
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
  { query, space, limit, excludeGroup }: RankArgs,
  { signal }: CallOptions = {},
): Promise<readonly Match[]> {
  const index = await catalogue.index(space);
  const { vector, frames, exclude } = await queryVectors(database, catalogue, index, query, space);
  const scored = index.scores(vector);
  if (!scored) {
    const [dimensions, expected] = [vector.length, index.dimensions];
    throw new AppError('spaces-differ', 'The query has other dimensions than the library', { dimensions, expected });
  }
  const records = await catalogue.rows();
  const candidates: Candidate[] = [];
  const scores = new Float64Array(scored.ids.length);
  for (const [i, id] of scored.ids.entries()) {
    const record = records.get(id);
    if (!record || record.removed !== undefined || id === exclude) continue;
    if (excludeGroup !== undefined && record.group === excludeGroup) continue;
    scores[candidates.length] = scored.scores[i] as number;
    candidates.push(record);
  }
  const matches = rankCandidates(candidates, scores.subarray(0, candidates.length), limit);
  if (!frames) return matches;

  const ranked: Match[] = [];
  for (let from = 0; from < Math.min(matches.length, momentsFor); from += portion) {
    signal?.throwIfAborted();
    const some = matches.slice(from, Math.min(from + portion, momentsFor));
    const ids = some.map(({ id }) => id);
    for (const [i, stored] of (await readFrames(database, space, ids)).entries()) {
      const moment = stored && bestMoment(index.geometry.metric, frames, stored);
      ranked.push({ ...(some[i] as Match), moment });
    }
  }
  return [...ranked, ...matches.slice(ranked.length)];
}

type QueryVectors = {
  readonly vector: Float32Array;
  readonly frames: TimedFrames | undefined;
  readonly exclude: string | undefined;
};

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
    return { vector, frames, exclude: id };
  }
  const features = query.features.find((candidate) => spaceKey(candidate.space) === space);
  if (!features) {
    const extractors = query.features.map((candidate) => candidate.space.extractor).join(', ');
    throw new AppError('spaces-differ', 'The query was not described in the way the library was', { extractors });
  }
  checkQuery(features);
  return { vector: features.vector, frames: features, exclude: query.exclude };
}

function checkQuery({ space, vector, frames }: FeatureMatrix): void {
  if (firstNonFinite(vector) < 0 && firstNonFinite(frames) < 0) return;
  const { extractor } = space;
  throw new AppError('inference-failed', `The ${extractor} vectors of the query hold values that are not numbers`, {
    extractor,
  });
}
