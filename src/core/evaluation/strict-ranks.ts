const bins = 512;

/**
 * Ranks, 1 for the best, of a row's relevant columns among all its columns, ascending: by score, then column. Only the
 * relevant columns are sorted; each other one is placed among them through bins, so a row costs little more than one pass.
 * Columns whose score is NaN are not in the gallery. The result is a view, valid until the next call.
 */
export function strictRanker(columns: number) {
  const sorted = new Int32Array(columns);
  const scores = new Float32Array(columns);
  const before = new Int32Array(columns + 1);
  const ranks = new Int32Array(columns);
  const firstInBin = new Int32Array(bins + 1);

  return (row: Float32Array, relevant: Int32Array, isRelevant: Uint8Array): Int32Array => {
    const count = relevant.length;
    if (count === 0) return ranks.subarray(0, 0);
    sorted.set(relevant);
    const own = sorted.subarray(0, count);
    own.sort((a, b) => (row[b] as number) - (row[a] as number) || a - b);
    for (let i = 0; i < count; i++) scores[i] = row[own[i] as number] as number;
    before.fill(0, 0, count + 1);

    const best = scores[0] as number;
    const worst = scores[count - 1] as number;
    // Rounding keeps order, so what lies in an earlier bin truly scores higher.
    const scale = best > worst ? (bins - 1) / (best - worst) : 0;
    for (let bin = 0, i = 0; bin <= bins; bin++) {
      while (i < count && Math.floor((best - (scores[i] as number)) * scale) < bin) i++;
      firstInBin[bin] = i;
    }

    const length = row.length;
    for (let column = 0; column < length; column++) {
      const score = row[column] as number;
      if (!(score >= worst) || isRelevant[column] === 1) continue;
      let place = 0;
      if (score <= best) {
        place = firstInBin[Math.floor((best - score) * scale)] as number;
        while (place < count) {
          const other = scores[place] as number;
          if (other < score || (other === score && (own[place] as number) > column)) break;
          place++;
        }
      }
      before[place] = (before[place] as number) + 1;
    }
    let higher = 0;
    for (let i = 0; i < count; i++) {
      higher += before[i] as number;
      ranks[i] = higher + i + 1;
    }
    return ranks.subarray(0, count);
  };
}

/** The best `limit` columns of a row, by score, then column; NaN columns are left out. Gives how many there are. */
export function bestColumns(row: Float32Array, columns: Int32Array, scores: Float32Array): number {
  const limit = columns.length;
  let size = 0;
  let worst = Number.NEGATIVE_INFINITY;
  for (let column = 0; column < row.length; column++) {
    const score = row[column] as number;
    if (size === limit ? !(score > worst) : Number.isNaN(score)) continue;
    let at = size === limit ? limit - 1 : size++;
    while (at > 0 && (scores[at - 1] as number) < score) {
      scores[at] = scores[at - 1] as number;
      columns[at] = columns[at - 1] as number;
      at--;
    }
    scores[at] = score;
    columns[at] = column;
    worst = scores[size - 1] as number;
  }
  return size;
}
