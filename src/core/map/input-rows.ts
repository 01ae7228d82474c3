import { fitPreprocessing, type Preprocessing, preprocessedRows } from '../classify/preprocessing';
import { matrixRows } from '../classify/rows';

/** Vectors of one space, row-major. */
export type InputBlock = { readonly matrix: Float32Array; readonly dimensions: number };

/** What becomes of each block's values: `standardise` brings every one to mean 0 and deviation 1 (0 where it never
 * varies), `unit` every row to length 1. */
export type InputScaling = 'standardise' | 'unit' | 'none';

/** What scales each block's columns, fitted on all of its rows. */
export const fitColumns = (blocks: readonly InputBlock[], scaling: InputScaling): readonly Preprocessing[] =>
  blocks.map(({ matrix, dimensions }) => {
    const rows = matrixRows(matrix, dimensions);
    return fitPreprocessing(rows, everyRow(rows.count), scaling === 'standardise' ? 'standardise' : 'none');
  });

/** What a projection sees of the videos: their blocks, scaled, laid end to end. `columns` are those of the blocks
 * themselves, or of the rows that a network was trained on. */
export function inputRows(
  blocks: readonly InputBlock[],
  scaling: InputScaling,
  columns: readonly Preprocessing[] = fitColumns(blocks, scaling),
): InputBlock {
  const parts = blocks.map(({ matrix, dimensions }, block) => {
    const rows = matrixRows(matrix, dimensions);
    const values = preprocessedRows(rows, columns[block] as Preprocessing).read(everyRow(rows.count));
    if (scaling === 'unit') unitRows(values, dimensions);
    return { values, dimensions };
  });
  const [only] = parts;
  if (only && parts.length === 1) return { matrix: only.values, dimensions: only.dimensions };
  const dimensions = parts.reduce((sum, part) => sum + part.dimensions, 0);
  const count = only ? only.values.length / only.dimensions : 0;
  const matrix = new Float32Array(count * dimensions);
  let offset = 0;
  for (const { values, dimensions: own } of parts) {
    for (let row = 0; row < count; row++) {
      matrix.set(values.subarray(row * own, (row + 1) * own), row * dimensions + offset);
    }
    offset += own;
  }
  return { matrix, dimensions };
}

const everyRow = (count: number) => Int32Array.from({ length: count }, (_, row) => row);

function unitRows(values: Float32Array, dimensions: number): void {
  for (let at = 0; at < values.length; at += dimensions) {
    const row = values.subarray(at, at + dimensions);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let d = 0; d < dimensions; d++) row[d] = (row[d] as number) / length;
  }
}
