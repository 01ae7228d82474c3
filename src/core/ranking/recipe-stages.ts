import type { RankingRecipe, RerankStage, VectorStage } from './recipe';

export type StageName = (VectorStage | RerankStage)['name'];

type Stage<Name extends StageName> = Extract<VectorStage | RerankStage, { name: Name }>;

/** Each stage as it is when it is switched on. */
const defaults: { readonly [Name in StageName]: Stage<Name> } = {
  'signed-root': { name: 'signed-root' },
  centre: { name: 'centre' },
  standardise: { name: 'standardise', shrink: 0.1 },
  'query-expansion': { name: 'query-expansion', neighbours: 4, alpha: 1 },
  'k-reciprocal': { name: 'k-reciprocal', k1: 20, k2: 6, lambda: 0.3 },
  'database-augmentation': { name: 'database-augmentation', neighbours: 4, alpha: 1 },
};

/** The stage of this name with its parameters, where the recipe has it. */
export function stageOf<Name extends StageName>(
  { vector, rerank }: RankingRecipe,
  name: Name,
): Stage<Name> | undefined {
  return [...vector, ...rerank].find((stage) => stage.name === name) as Stage<Name> | undefined;
}

/** Switches a stage on or off. Stages keep the order that makes sense: augmentation takes the neighbours that
 * k-reciprocal re-ranking found, which then comes once more. Centring and standardising exclude each other. */
export function withStage(recipe: RankingRecipe, name: StageName, on: boolean): RankingRecipe {
  const other = name === 'centre' ? 'standardise' : name === 'standardise' ? 'centre' : undefined;
  const of = <Name extends StageName>(each: Name): Stage<Name>[] => {
    const stage = stageOf(recipe, each);
    if (each === name) return on ? [stage ?? defaults[each]] : [];
    return stage && each !== other ? [stage] : [];
  };
  const [reciprocal, augmentation] = [of('k-reciprocal'), of('database-augmentation')];
  return {
    ...recipe,
    vector: [...of('signed-root'), ...of('centre'), ...of('standardise')],
    rerank: [...of('query-expansion'), ...reciprocal, ...augmentation, ...(augmentation.length > 0 ? reciprocal : [])],
  };
}

/** Sets parameters of a stage, everywhere it stands. */
export function withParameters<Name extends StageName>(
  recipe: RankingRecipe,
  name: Name,
  changes: Partial<Omit<Stage<Name>, 'name'>>,
): RankingRecipe {
  const change = <Each extends VectorStage | RerankStage>(stage: Each): Each =>
    stage.name === name ? { ...stage, ...changes } : stage;
  return { ...recipe, vector: recipe.vector.map(change), rerank: recipe.rerank.map(change) };
}
