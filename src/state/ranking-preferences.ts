import { persist } from 'zustand/middleware';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Probability } from '../core/ranking/probability';
import { improvedRecipe, type RankingRecipe } from '../core/ranking/recipe';
import type { WeightedSpace } from '../protocol/evaluation-api';
import type { SpaceSummary } from '../protocol/library-api';

export type { SpaceSummary };

/** How a person wants the library ranked, kept in this browser. */
export type RankingPreferences = {
  readonly recipe: RankingRecipe;
  readonly probability: Probability;
  /** By extractor, 0..1; see {@link weightsOf}. */
  readonly weights: Readonly<Record<string, number>>;
  /** Of an extractor with vectors in several spaces, the key of the one that is searched. */
  readonly spaceOf: Readonly<Record<string, string>>;
  /** Search by seven bits a value what does not fit into memory as it is. */
  readonly compact: boolean;
};

export type RankingPreferencesState = RankingPreferences & {
  set(changes: Partial<RankingPreferences>): void;
  /** Of these spaces, one an extractor, the others go on counting what they count now, also where that was never chosen. */
  setWeight(extractor: string, weight: number, spaces?: readonly SpaceSummary[]): void;
};
export type RankingPreferencesStore = StoreApi<RankingPreferencesState>;

export function createRankingPreferencesStore(): RankingPreferencesStore {
  return createStore<RankingPreferencesState>()(
    persist(
      (set, get) => ({
        recipe: improvedRecipe,
        probability: { form: 'softmax', tau: 0.1 },
        weights: {},
        spaceOf: {},
        compact: false,
        set: (changes) => set(changes),
        setWeight(extractor, weight, spaces = []) {
          const counting = weightsOf(spaces, get());
          const shown = spaces.map(({ space }, i) => [space.extractor, counting[i] ?? 0] as const);
          set({ weights: { ...get().weights, ...Object.fromEntries(shown), [extractor]: weight } });
        },
      }),
      {
        name: 'reelmatch-ranking',
        version: 2,
        partialize: ({ recipe, probability, weights, spaceOf, compact }) => ({
          recipe,
          probability,
          weights,
          spaceOf,
          compact,
        }),
      },
    ),
  );
}

/** ResNet-50 before other networks, networks before colour; of one extractor's spaces the fullest. */
export function byPreference(spaces: readonly SpaceSummary[]): SpaceSummary[] {
  const worth = ({ space, imported }: SpaceSummary) =>
    (space.extractor === 'resnet50' ? 4 : 0) + (space.modelHash === null ? 0 : 2) + (imported ? 0 : 1);
  return [...spaces].sort((a, b) => worth(b) - worth(a) || b.videos - a.videos);
}

/** One space an extractor, in order of preference: the chosen one, else the fullest. */
export function spaceOfEach(
  spaces: readonly SpaceSummary[],
  { spaceOf }: Pick<RankingPreferences, 'spaceOf'>,
): SpaceSummary[] {
  const found = new Map<string, SpaceSummary>();
  for (const summary of byPreference(spaces)) {
    const { extractor } = summary.space;
    if (!found.has(extractor) || spaceOf[extractor] === summary.key) found.set(extractor, summary);
  }
  return [...found.values()];
}

/** What each of these spaces, one an extractor in order of preference, counts in a search. Where nothing counts of what
 * the library has, the best that was not set to 0 counts alone. */
export function weightsOf(spaces: readonly SpaceSummary[], { weights }: Pick<RankingPreferences, 'weights'>): number[] {
  const chosen = spaces.map(({ space }) => weights[space.extractor]);
  const best = chosen.some((weight) => weight !== undefined && weight > 0) ? -1 : chosen.indexOf(undefined);
  return chosen.map((weight, i) => (i === best ? 1 : (weight ?? 0)));
}

/** The spaces that a search uses, with weights above 0. */
export function searchedSpaces(spaces: readonly SpaceSummary[], preferences: RankingPreferences): WeightedSpace[] {
  const one = spaceOfEach(spaces, preferences);
  const weights = weightsOf(one, preferences);
  return one.flatMap(({ key }, i) => {
    const weight = weights[i] ?? 0;
    return weight > 0 ? [{ key, weight }] : [];
  });
}
