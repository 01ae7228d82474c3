import type { Scaling } from './settings';

/** How a vector becomes a head's input; `mean` and `factor` are those of the training videos. */
export type Preprocessing = {
  readonly root: boolean;
  readonly standard: { readonly mean: Float32Array; readonly factor: Float32Array } | undefined;
};

/** Fits on `rows` of a row-major matrix. A column that never varies there has the factor 0: it tells nothing. */
export function fitPreprocessing(
  matrix: Float32Array,
  dimensions: number,
  rows: Int32Array,
  scaling: Scaling,
): Preprocessing {
  const root = scaling === 'root' || scaling === 'root-standardise';
  if (scaling === 'none' || scaling === 'root') return { root, standard: undefined };
  const values = preprocessed(matrix, dimensions, rows, { root, standard: undefined });
  const mean = new Float64Array(dimensions);
  const variance = new Float64Array(dimensions);
  for (let i = 0; i < values.length; i++) {
    const d = i % dimensions;
    mean[d] = (mean[d] as number) + (values[i] as number) / rows.length;
  }
  for (let i = 0; i < values.length; i++) {
    const d = i % dimensions;
    variance[d] = (variance[d] as number) + ((values[i] as number) - (mean[d] as number)) ** 2 / rows.length;
  }
  const factor = Float32Array.from(variance, (each, d) => {
    const deviation = Math.sqrt(each);
    return deviation <= 1e-6 * Math.abs(mean[d] as number) ? 0 : 1 / deviation;
  });
  return { root, standard: { mean: Float32Array.from(mean), factor } };
}

/** The rows as a head takes them, [rows x dimensions]; the matrix is not changed. */
export function preprocessed(
  matrix: Float32Array,
  dimensions: number,
  rows: ArrayLike<number>,
  { root, standard }: Preprocessing,
): Float32Array {
  const out = new Float32Array(rows.length * dimensions);
  for (let i = 0; i < rows.length; i++) {
    const from = (rows[i] as number) * dimensions;
    const row = out.subarray(i * dimensions, (i + 1) * dimensions);
    row.set(matrix.subarray(from, from + dimensions));
    if (root) rootAndUnit(row);
    if (!standard) continue;
    for (let d = 0; d < dimensions; d++) {
      row[d] = ((row[d] as number) - (standard.mean[d] as number)) * (standard.factor[d] as number);
    }
  }
  return out;
}

function rootAndUnit(row: Float32Array): void {
  let squared = 0;
  for (let d = 0; d < row.length; d++) {
    const value = row[d] as number;
    row[d] = Math.sign(value) * Math.sqrt(Math.abs(value));
    squared += Math.abs(value);
  }
  const length = Math.sqrt(squared);
  if (length > 0) for (let d = 0; d < row.length; d++) row[d] = (row[d] as number) / length;
}
