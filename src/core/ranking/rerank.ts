import { augmented } from './augmentation';
import { kReciprocal } from './k-reciprocal';
import type { RerankStage } from './recipe';

/**
 * Scores of the candidates after the stages, in their order. `similarity` [count x count] are inner products among the
 * query, which comes first, and the candidates, best first; `count - 1` scores come out. A stage that asks for neighbours
 * takes those of the stage before it.
 */
export function rerank(stages: readonly RerankStage[], similarity: Float64Array, count: number): Float64Array {
  let products = similarity;
  let order = similarity;
  stages.forEach((stage, i) => {
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
