/** Inner products among `rows` (row numbers) of a matrix of `dimensions` columns, row-major [n x n], in double precision. */
export function gramMatrix(matrix: Float32Array, dimensions: number, rows: Int32Array): Float64Array {
  const count = rows.length;
  const gram = new Float64Array(count * count);
  // Tiles of 4 x 4, so that each number read serves four; the last rows are repeated to fill theirs.
  const last = count - 1;
  for (let i = 0; i < count; i += 4) {
    const a0 = (rows[i] as number) * dimensions;
    const a1 = (rows[Math.min(i + 1, last)] as number) * dimensions;
    const a2 = (rows[Math.min(i + 2, last)] as number) * dimensions;
    const a3 = (rows[Math.min(i + 3, last)] as number) * dimensions;
    for (let j = 0; j <= i; j += 4) {
      const b0 = (rows[j] as number) * dimensions;
      const b1 = (rows[Math.min(j + 1, last)] as number) * dimensions;
      const b2 = (rows[Math.min(j + 2, last)] as number) * dimensions;
      const b3 = (rows[Math.min(j + 3, last)] as number) * dimensions;
      let [s00, s01, s02, s03] = [0, 0, 0, 0];
      let [s10, s11, s12, s13] = [0, 0, 0, 0];
      let [s20, s21, s22, s23] = [0, 0, 0, 0];
      let [s30, s31, s32, s33] = [0, 0, 0, 0];
      for (let d = 0; d < dimensions; d++) {
        const y0 = matrix[b0 + d] as number;
        const y1 = matrix[b1 + d] as number;
        const y2 = matrix[b2 + d] as number;
        const y3 = matrix[b3 + d] as number;
        let x = matrix[a0 + d] as number;
        s00 += x * y0;
        s01 += x * y1;
        s02 += x * y2;
        s03 += x * y3;
        x = matrix[a1 + d] as number;
        s10 += x * y0;
        s11 += x * y1;
        s12 += x * y2;
        s13 += x * y3;
        x = matrix[a2 + d] as number;
        s20 += x * y0;
        s21 += x * y1;
        s22 += x * y2;
        s23 += x * y3;
        x = matrix[a3 + d] as number;
        s30 += x * y0;
        s31 += x * y1;
        s32 += x * y2;
        s33 += x * y3;
      }
      const tile = [s00, s01, s02, s03, s10, s11, s12, s13, s20, s21, s22, s23, s30, s31, s32, s33];
      for (let p = 0; p < Math.min(4, count - i); p++) {
        for (let q = 0; q < Math.min(4, count - j); q++) {
          const product = tile[4 * p + q] as number;
          gram[(i + p) * count + j + q] = product;
          gram[(j + q) * count + i + p] = product;
        }
      }
    }
  }
  return gram;
}
