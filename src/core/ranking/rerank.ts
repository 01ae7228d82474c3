import { augmented } from './augmentation';
import { kReciprocal } from './k-reciprocal';
import type { RerankStage } from './recipe';

/**
 * Scores of the candidates after the stages, in their order. `similarity` [count x count] are inner products among the
 * query, which comes first, and the candidates, best first; `count - 1` scores come out. A stage that asks for neighbours
 * takes those of the stage before it. Neighbourhoods are no wider than a share of the candidates: in a small library, all
 * would be neighbours of all.
 */
export function rerank(stages: readonly RerankStage[], similarity: Float64Array, count: number): Float64Array {
  let products = similarity;
  let order = similarity;
  stages
    .map((stage) => within(stage, count))
    .forEach((stage, i) => {
      if (stage.name === 'k-reciprocal') {
        const rows = i === stages.length - 1 ? 1 : count;
        order = kReciprocal(products, count, stage, rows);
        return;
      }
      const rows = stage.name === 'query-expansion' ? [0] : Array.from({ length: count }, (_, row) => row);
      products = augmented(products, order, count, rows, stage);
      order = products;
    });
  return order.slice(1, count);
}

function within(stage: RerankStage, count: number): RerankStage {
  const [wide, narrow] = [Math.max(1, Math.floor(count / 5)), Math.max(1, Math.floor(count / 10))];
  return stage.name === 'k-reciprocal'
    ? { ...stage, k1: Math.min(stage.k1, wide), k2: Math.min(stage.k2, narrow) }
    : { ...stage, neighbours: Math.min(stage.neighbours, narrow) };
}
