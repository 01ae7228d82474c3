import { gramMatrix } from '../similarity/gram';
import type { Kernels } from './recipe-scores';
import { vectorProducts, vectorScores } from './score-block';

/** Sums in double precision, whatever the size. */
export const exactKernels: Kernels = {
  scores: vectorScores,
  products: vectorProducts,
  gram: (matrix, dimensions) =>
    gramMatrix(
      matrix,
      dimensions,
      Int32Array.from({ length: matrix.length / dimensions }, (_, i) => i),
    ),
};
