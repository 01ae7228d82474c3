/** Rows of a stream whose end is not known, in bounded memory. */
export type ShrinkingRows = {
  /** Copies a row. */
  add(row: Float32Array): void;
  /** Means of equally many successive rows each, row-major; what is short of a whole one at the end is left out. */
  finish(): Float32Array;
};

/** Holds at most `most` (even) rows: where they would be more, each two become their mean, and so do those to come. */
export function createShrinkingRows(width: number, most: number): ShrinkingRows {
  const kept = new Float32Array(most * width);
  let sum = new Float64Array(width);
  let [count, summed, perRow] = [0, 0, 1];
  return {
    add(row) {
      for (let d = 0; d < width; d++) sum[d] = (sum[d] as number) + (row[d] as number);
      if (++summed < perRow) return;
      for (let d = 0; d < width; d++) kept[count * width + d] = (sum[d] as number) / perRow;
      sum = new Float64Array(width);
      [count, summed] = [count + 1, 0];
      if (count < most) return;
      count = most / 2;
      perRow *= 2;
      for (let i = 0; i < count; i++) {
        for (let d = 0; d < width; d++) {
          kept[i * width + d] = ((kept[2 * i * width + d] as number) + (kept[(2 * i + 1) * width + d] as number)) / 2;
        }
      }
    },
    finish: () => kept.slice(0, count * width),
  };
}

/** Brings rows to another number of them: each is the mean of its share of time. There must be one. */
export function fitRows(rows: Float32Array, width: number, wanted: number): Float32Array {
  const out = new Float32Array(wanted * width);
  const share = rows.length / width / wanted;
  for (let i = 0; i < wanted; i++) {
    const [from, to] = [i * share, (i + 1) * share];
    for (let at = Math.floor(from); at < to && at * width < rows.length; at++) {
      const weight = (Math.min(to, at + 1) - Math.max(from, at)) / share;
      for (let d = 0; d < width; d++) {
        out[i * width + d] = (out[i * width + d] as number) + weight * (rows[at * width + d] as number);
      }
    }
  }
  return out;
}
