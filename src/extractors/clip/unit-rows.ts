/** Rows of a matrix at length 1, so that every frame counts the same in the mean. */
export function unitRows(matrix: Float32Array, dimensions: number): Float32Array {
  const rows = matrix.slice();
  for (let at = 0; at < rows.length; at += dimensions) {
    const row = rows.subarray(at, at + dimensions);
    const length = Math.hypot(...row);
    if (length > 0) for (let d = 0; d < dimensions; d++) row[d] = (row[d] as number) / length;
  }
  return rows;
}
