import type { Distance, RankingRecipe, RerankStage, VectorStage } from './recipe';

const vectorWords: Readonly<Record<VectorStage['name'], string>> = {
  'signed-root': 'signed square root',
  centre: 'centred on the library',
  standardise: 'standardised over the library',
};

const distanceWords: Readonly<Record<Exclude<Distance, 'own'>, string>> = {
  cosine: 'distance: cosine',
  euclidean: 'distance: Euclidean',
  'inner-product': 'distance: inner product',
  chamfer: 'distance: frame sets (Chamfer)',
  ssim: 'distance: structural similarity of colours (SSIM)',
};

export function stageWords(stage: RerankStage): string {
  switch (stage.name) {
    case 'k-reciprocal':
      return `k-reciprocal re-ranking (k1 ${stage.k1}, k2 ${stage.k2}, lambda ${stage.lambda})`;
    case 'query-expansion':
      return `query expansion (${stage.neighbours} neighbours, alpha ${stage.alpha})`;
    case 'database-augmentation':
      return `database-side augmentation (${stage.neighbours} neighbours, alpha ${stage.alpha})`;
  }
}

/** A recipe stage by stage, in words, with every parameter. Empty for mean vectors compared as their descriptor says. */
export function recipeWords(
  { distance, vector, fusion, rerank, candidates }: RankingRecipe,
  descriptors = 1,
): string[] {
  const fused = fusion.name === 'early' ? 'early fusion' : `late fusion (${fusion.normalisation})`;
  return [
    ...vector.map(
      (stage) => vectorWords[stage.name] + (stage.name === 'standardise' ? ` (shrink ${stage.shrink})` : ''),
    ),
    ...(distance === 'own' ? [] : [distanceWords[distance]]),
    ...(descriptors > 1 ? [fused] : []),
    ...rerank.map((stage) => `${stageWords(stage)} of the best ${candidates}`),
  ];
}
