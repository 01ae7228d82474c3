import { AppError } from '../../core/errors';
import { type FeatureMatrix, spaceKey } from '../../core/feature';
import type { TimedFrames } from '../../core/ranking/best-moment';
import { prepareVector } from '../../core/ranking/prepare-vector';
import { combineExamples } from '../../core/ranking/relevance-feedback';
import { firstNonFinite } from '../../core/similarity/similarity';
import type { RankExample, RankQuery } from '../../protocol/library-api';
import type { Database } from '../storage/database';
import { readFrames, readSomeVectors } from '../storage/features';
import type { Catalogue } from './catalogue';
import type { SpaceIndex } from './space-index';
import type { QueryVector } from './space-view';

/** Reasons that concern one of several descriptors, or examples: the others rank without it. */
export const lacking: ReadonlySet<AppError['code']> = new Set(['features-missing', 'spaces-differ']);

type QueryVectors = { readonly vector: QueryVector; readonly frames: TimedFrames | undefined };

/** The one vector of a query in a space, whatever it is made of; frames are the leading example's. Errors: why it has
 * none, among them those of `lacking`. */
export async function queryVectors(
  database: Database,
  catalogue: Catalogue,
  index: SpaceIndex,
  query: RankQuery,
  space: string,
): Promise<QueryVectors> {
  if (query.kind !== 'examples') return exampleVectors(database, catalogue, index, query, space);
  let failure: AppError | undefined;
  const found = new Map<RankExample, { readonly vector: Float32Array; readonly frames: TimedFrames | undefined }>();
  for (const example of examplesOf(query)) {
    try {
      const { vector, frames } = await exampleVectors(database, catalogue, index, example, space);
      const prepared = vector.prepared ? vector.vector : prepareVector(vector.vector, index.comparison.stages);
      found.set(example, { vector: prepared, frames });
    } catch (error) {
      // An example that lacks this descriptor, or has gone, says nothing by it; the others do.
      const silent = error instanceof AppError && (lacking.has(error.code) || error.code === 'video-missing');
      if (!silent) throw error;
      failure ??= error;
    }
  }
  const wanted = [...(query.original ? [query.original] : []), ...query.more];
  const leading = wanted.map((example) => found.get(example)).find((known) => known !== undefined);
  if (!leading) {
    throw failure ?? new AppError('features-missing', 'no example to be like', { name: 'The query' });
  }
  const longest = Math.max(...[...found.values()].map(({ vector }) => vector.length));
  const fitted = (examples: readonly RankExample[]) =>
    examples.flatMap((example) => {
      const known = found.get(example);
      return (known && index.resample(known.vector, longest)) ?? [];
    });
  const [original] = query.original ? fitted([query.original]) : [];
  const feedback = { original, more: fitted(query.more), less: fitted(query.less) };
  const vector = combineExamples(feedback, { unit: index.comparison.measure === 'cosine' });
  return { vector: { vector, prepared: true }, frames: leading.frames };
}

/** All that a query is made of. */
export function examplesOf(query: RankQuery): readonly RankExample[] {
  if (query.kind !== 'examples') return [query];
  return [...(query.original ? [query.original] : []), ...query.more, ...query.less];
}

async function exampleVectors(
  database: Database,
  catalogue: Catalogue,
  index: SpaceIndex,
  query: RankExample,
  space: string,
): Promise<QueryVectors> {
  if (query.kind === 'video') {
    const { id, name } = await catalogue.video(query.id);
    // A copy: the row may move while frames are read.
    const vector = index.get(id)?.slice();
    if (!vector) throw new AppError('features-missing', `${name} has no vector of this kind`, { name });
    const [frames] = await readFrames(database, space, [id]);
    const [stored] = index.keeping.compact ? await readSomeVectors(database, space, [id]) : [];
    return { vector: stored ? { vector: stored.vector, prepared: false } : { vector, prepared: true }, frames };
  }
  const features = query.features.find((candidate) => spaceKey(candidate.space) === space);
  if (!features) {
    const extractors = query.features.map((candidate) => candidate.space.extractor).join(', ');
    throw new AppError('spaces-differ', 'The query was not described in the way the library was', { extractors });
  }
  checkQuery(features);
  return { vector: { vector: features.vector, prepared: false }, frames: features };
}

function checkQuery({ space, vector, frames }: FeatureMatrix): void {
  if (firstNonFinite(vector) < 0 && firstNonFinite(frames) < 0) return;
  const { extractor } = space;
  throw new AppError('inference-failed', `The ${extractor} vectors of the query hold values that are not numbers`, {
    extractor,
  });
}
