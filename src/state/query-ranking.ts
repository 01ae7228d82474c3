import { AppError } from '../core/errors';
import type { FeatureMatrix } from '../core/feature';
import type { Match } from '../core/ranking/match';
import type { WeightedSpace } from '../protocol/evaluation-api';
import type { LibraryApi, RankExample, RankQuery, SpaceSummary, WordMatch } from '../protocol/library-api';
import type { CallOptions } from '../protocol/progress';
import { createPartFeatures, type PartRead, partRead } from './part-features';
import { type Example, groupsOf, type Query } from './query';
import type { QueryFeatures } from './query-features';
import type { Meanings } from './query-meanings';
import type { RankingPreferencesStore } from './ranking-preferences';

/** A match; of a search by words with the reasons. */
export type Found = Match & Partial<Pick<WordMatch, 'reasons'>>;

/** What is ranked, and how. */
export type RankingTask = {
  readonly query: Query;
  readonly spaces: readonly SpaceSummary[];
  readonly searched: readonly WeightedSpace[];
  readonly meanings: Meanings | undefined;
  readonly limit: number;
  readonly hideSource: boolean;
};

type Ranked = { readonly matches: readonly Found[]; readonly part: PartRead | undefined };

/** Builds what the library is asked from a query, its part and its examples, and asks it. Errors: those of
 * `LibraryApi.rank`; why the query has a vector in none of the spaces. */
export type QueryRanking = (task: RankingTask, options: CallOptions) => Promise<Ranked>;

type Surroundings = Omit<Parameters<typeof createPartFeatures>[0], 'features'> & {
  readonly features: QueryFeatures;
  readonly library: LibraryApi;
  readonly ranking: RankingPreferencesStore;
};

export function createQueryRanking({ library, ranking, features, ...others }: Surroundings): QueryRanking {
  const parts = createPartFeatures({ library, features, ...others });

  const fromOutside = (matrices: readonly FeatureMatrix[], id: string | undefined): RankExample => ({
    kind: 'features',
    features: matrices,
    ...(id !== undefined && { exclude: id }),
  });

  const queryItself = async ({ query }: RankingTask, spaces: readonly SpaceSummary[], options: CallOptions) => {
    const { id, inLibrary, part, key } = query;
    if (part) {
      const matrices = await parts.of(query, part, spaces, options);
      return { example: fromOutside(matrices, id), read: partRead(matrices) };
    }
    const example: RankExample =
      inLibrary && id !== undefined ? { kind: 'video', id } : fromOutside(features.vectorsIn(key, spaces), id);
    return { example, read: undefined };
  };

  const exampleOf = ({ file, id, key }: Example, spaces: readonly SpaceSummary[]): RankExample => {
    if (!file && id !== undefined) return { kind: 'video', id };
    try {
      return fromOutside(features.vectorsIn(key, spaces), id);
    } catch (error) {
      // It says nothing by these descriptors; the others may.
      if (!(error instanceof AppError)) throw error;
      return fromOutside([], id);
    }
  };

  return async (task, options) => {
    const { query, searched, meanings, limit, hideSource } = task;
    if (query.words !== undefined) {
      const matches = await library.findWords({ text: query.words, meanings: meanings?.found ?? [], limit });
      return { matches, part: undefined };
    }
    const wanted = query.examples.filter(({ liked }) => liked);
    if (searched.length === 0 || (query.several && wanted.length === 0)) return { matches: [], part: undefined };
    const spaces = searched.flatMap(({ key }) => task.spaces.filter((space) => space.key === key));
    const itself = query.several ? undefined : await queryItself(task, spaces, options);
    const asked: RankQuery =
      itself && query.examples.length === 0
        ? itself.example
        : {
            kind: 'examples',
            original: itself?.example,
            more: wanted.map((example) => exampleOf(example, spaces)),
            less: query.examples.filter(({ liked }) => !liked).map((example) => exampleOf(example, spaces)),
          };
    const { recipe, probability, compact } = ranking.getState();
    const excludeGroups = hideSource ? groupsOf(query) : [];
    const { onProgress } = options;
    const matches = await library.rank(
      {
        query: asked,
        spaces: searched,
        ranking: recipe,
        probability,
        limit,
        compact,
        ...(excludeGroups.length > 0 && { excludeGroups }),
      },
      { ...(onProgress && { onProgress }) },
    );
    return { matches, part: itself?.read };
  };
}
