/** How two vectors are compared. `own` is what the descriptor's card says. `chamfer` compares sets of frames: each frame
 * of the query with the most similar one of the match and back, averaged; `ssim` strips of colour as pictures, by structural
 * similarity, and leaves other descriptors as they are. Both for the re-ranked candidates only. */
export type Distance = 'own' | 'cosine' | 'euclidean' | 'inner-product' | 'chamfer' | 'ssim';

/** A step that every vector takes before it is compared. Vectors of descriptors that are not compared by cosine (colours)
 * are left as they are. */
export type VectorStage =
  /** Each value's square root with its sign: large values count for less (Perronnin, Sánchez and Mensink 2010). */
  | { readonly name: 'signed-root' }
  /** Unit length, then the mean of the library is taken away (Jégou and Chum 2012). It follows the library as it grows. */
  | { readonly name: 'centre' }
  /** As `centre`, and each value is divided by its deviation over the library, to which `shrink` times the mean deviation
   * is added: values that hardly vary must not outweigh all others. */
  | { readonly name: 'standardise'; readonly shrink: number };

/** A step that orders the best candidates anew by how they resemble each other. */
export type RerankStage =
  /** Agreement of neighbours that name each other (Zhong, Zheng, Cao and Li 2017), `lambda` of the old distance kept. */
  | { readonly name: 'k-reciprocal'; readonly k1: number; readonly k2: number; readonly lambda: number }
  /** The query becomes the mean of itself and its best matches, weighted by similarity to the power `alpha`
   * (Radenović, Tolias and Chum 2019). */
  | { readonly name: 'query-expansion'; readonly neighbours: number; readonly alpha: number }
  /** Each candidate, and the query too, becomes such a mean of itself and its neighbours, by what the stage before found
   * near (Arandjelović and Zisserman 2012). */
  | { readonly name: 'database-augmentation'; readonly neighbours: number; readonly alpha: number };

/** How several descriptors become one ranking. */
export type Fusion =
  /** A weighted mean of each descriptor's similarities, brought to one scale by their spread over the library. */
  | { readonly name: 'late'; readonly normalisation: 'none' | 'min-max' | 'z-score' }
  /** Every value standardised over the library, all laid end to end, and one cosine. */
  | { readonly name: 'early' };

/** How the library is ranked, as plain data: kept in the preferences and in reports. Stages apply in their order. */
export type RankingRecipe = {
  readonly distance: Distance;
  readonly vector: readonly VectorStage[];
  readonly fusion: Fusion;
  readonly rerank: readonly RerankStage[];
  /** Videos at the head of the first ranking that are ordered anew. */
  readonly candidates: number;
};

/** Mean vectors and cosine, as the original programs. */
export const originalRecipe: RankingRecipe = {
  distance: 'own',
  vector: [],
  fusion: { name: 'late', normalisation: 'z-score' },
  rerank: [],
  candidates: 200,
};

/** What ranks best without labels. */
export const improvedRecipe: RankingRecipe = {
  ...originalRecipe,
  vector: [{ name: 'signed-root' }, { name: 'standardise', shrink: 0.1 }],
  rerank: [
    { name: 'k-reciprocal', k1: 20, k2: 6, lambda: 0.3 },
    { name: 'database-augmentation', neighbours: 4, alpha: 1 },
    { name: 'k-reciprocal', k1: 20, k2: 6, lambda: 0.3 },
  ],
};

export const presets = { improved: improvedRecipe, original: originalRecipe } as const;
export type Preset = keyof typeof presets;

/** The preset that a recipe is; undefined for one of a person's own. */
export function presetOf(recipe: RankingRecipe): Preset | undefined {
  const text = textOf(recipe);
  return (Object.keys(presets) as Preset[]).find((name) => textOf(presets[name]) === text);
}

/** Equal recipes give equal texts, whatever the order of their fields. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
