import { squaredDistances } from './neighbourhood';

export type KReciprocal = { readonly k1: number; readonly k2: number; readonly lambda: number };

/**
 * Re-ranking with k-reciprocal encoding (Zhong, Zheng, Cao and Li, CVPR 2017). Each video is described by the neighbours
 * that name it in turn, those of its neighbours joined in where they agree, and by the mean of its `k2` nearest; what two
 * such descriptions share (Jaccard) is mixed with the old distance, of which `lambda` is kept. `similarity` are inner
 * products [count x count]; gives similarities 0..1 of the first `rows` videos to all, [rows x count].
 */
export function kReciprocal(
  similarity: Float64Array,
  count: number,
  { k1, k2, lambda }: KReciprocal,
  rows = count,
): Float64Array {
  const distance = relativeDistances(similarity, count);
  const wide = Math.min(count, k1 + 1);
  const narrow = Math.min(count, Math.round(k1 / 2) + 1);
  const nearest = nearestOf(distance, count, Math.min(count, Math.max(wide, k2)));
  const names = (i: number, j: number, k: number) => {
    for (let at = 0; at < k; at++) if (nearest[i]?.[at] === j) return true;
    return false;
  };
  const reciprocal = (i: number, k: number): number[] => {
    const found: number[] = [];
    for (let at = 0; at < k; at++) {
      const j = nearest[i]?.[at] as number;
      if (names(j, i, k)) found.push(j);
    }
    return found;
  };
  const close = Array.from({ length: count }, (_, i) => reciprocal(i, narrow));

  const encoded = new Float64Array(count * count);
  const member = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const own = reciprocal(i, wide);
    for (const j of own) member[j] = 1;
    const joined = own.flatMap((j) => {
      const theirs = close[j] as number[];
      const shared = theirs.reduce((sum, k) => sum + (member[k] as number), 0);
      return shared > (2 / 3) * theirs.length ? theirs : [];
    });
    for (const j of own) member[j] = 0;
    const all = [...new Set([...own, ...joined])];
    const weights = all.map((j) => Math.exp(-(distance[i * count + j] as number)));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    all.forEach((j, at) => {
      encoded[i * count + j] = (weights[at] as number) / total;
    });
  }
  const smooth = k2 > 1 ? meanOfNearest(encoded, count, nearest, Math.min(k2, count)) : encoded;
  const result = new Float64Array(rows * count);
  for (let i = 0; i < rows; i++) {
    const used: number[] = [];
    for (let at = 0; at < count; at++) if ((smooth[i * count + at] as number) > 0) used.push(at);
    for (let j = 0; j < count; j++) {
      let shared = 0;
      for (const at of used) shared += Math.min(smooth[i * count + at] as number, smooth[j * count + at] as number);
      // Each description sums up to 1, so two unite to 2 less what they share.
      const jaccard = 1 - shared / (2 - shared);
      result[i * count + j] = 1 - ((1 - lambda) * jaccard + lambda * (distance[i * count + j] as number));
    }
  }
  return result;
}

/** Squared distances as shares of the largest in their row. */
function relativeDistances(similarity: Float64Array, count: number): Float64Array {
  const distance = squaredDistances(similarity, count);
  for (let i = 0; i < count; i++) {
    const row = distance.subarray(i * count, (i + 1) * count);
    const most = row.reduce((largest, value) => Math.max(largest, value), 0);
    if (most > 0) for (let j = 0; j < count; j++) row[j] = (row[j] as number) / most;
  }
  return distance;
}

function nearestOf(distance: Float64Array, count: number, k: number): number[][] {
  const all = Array.from({ length: count }, (_, i) => i);
  return all.map((i) => {
    const row = distance.subarray(i * count, (i + 1) * count);
    // Its own nearest is each itself, before others that are equal to it.
    const of = (j: number) => (j === i ? -1 : (row[j] as number));
    return [...all].sort((a, b) => of(a) - of(b) || a - b).slice(0, k);
  });
}

function meanOfNearest(
  encoded: Float64Array,
  count: number,
  nearest: readonly (readonly number[])[],
  k2: number,
): Float64Array {
  const mean = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let at = 0; at < k2; at++) {
      const from = (nearest[i]?.[at] as number) * count;
      for (let j = 0; j < count; j++) {
        mean[i * count + j] = (mean[i * count + j] as number) + (encoded[from + j] as number) / k2;
      }
    }
  }
  return mean;
}
