import { leastOf, squaredDistances } from './neighbourhood';

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
  const { nearest, place } = neighbours(distance, count, Math.min(count, Math.max(wide, k2)));
  const reciprocal = (i: number, k: number): number[] =>
    (nearest[i] as number[]).slice(0, k).filter((j) => (place[j * count + i] as number) < k);
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
  const result = sharedMass(smooth, count, rows);
  for (let at = 0; at < result.length; at++) {
    const shared = result[at] as number;
    // Each description sums up to 1, so two unite to 2 less what they share.
    const jaccard = 1 - shared / (2 - shared);
    result[at] = 1 - ((1 - lambda) * jaccard + lambda * (distance[at] as number));
  }
  return result;
}

/** What the descriptions of the first `rows` videos share with each: the sum of the lesser values, [rows x count]. Most
 * values are 0, so each is compared only with those who have it too. */
function sharedMass(described: Float64Array, count: number, rows: number): Float64Array {
  const having = Array.from({ length: count }, (): number[] => []);
  for (let j = 0; j < count; j++) {
    for (let at = 0; at < count; at++) if ((described[j * count + at] as number) > 0) having[at]?.push(j);
  }
  const shared = new Float64Array(rows * count);
  for (let i = 0; i < rows; i++) {
    having.forEach((others, at) => {
      const own = described[i * count + at] as number;
      if (own === 0) return;
      for (const j of others) {
        const theirs = described[j * count + at] as number;
        shared[i * count + j] = (shared[i * count + j] as number) + (theirs < own ? theirs : own);
      }
    });
  }
  return shared;
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

/** The `k` nearest of each, itself first, equal ones in their order; and the place of j among those of i, at i * count + j,
 * `count` where it is none of them. */
function neighbours(
  distance: Float64Array,
  count: number,
  k: number,
): { readonly nearest: number[][]; readonly place: Uint32Array } {
  const place = new Uint32Array(count * count).fill(count);
  const nearest = Array.from({ length: count }, (_, i) => {
    const best = [i, ...leastOf(distance.subarray(i * count, (i + 1) * count), i, k - 1)];
    best.forEach((j, at) => {
      place[i * count + j] = at;
    });
    return best;
  });
  return { nearest, place };
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
