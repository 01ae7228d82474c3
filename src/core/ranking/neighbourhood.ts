/** Squared distances from inner products [count x count]: none with itself, none below 0. */
export function squaredDistances(products: Float64Array, count: number): Float64Array {
  const distances = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const own = (products[i * count + i] as number) + (products[j * count + j] as number);
      const distance = Math.max(0, own - 2 * (products[i * count + j] as number));
      distances[i * count + j] = distance;
      distances[j * count + i] = distance;
    }
  }
  return distances;
}

/** The `k` first of a row's places but `self` by value, ascending; equal ones in their order. */
export function leastOf(row: Float64Array, self: number, k: number): number[] {
  const best: number[] = [];
  if (k < 1) return best;
  for (let j = 0; j < row.length; j++) {
    const own = row[j] as number;
    if (j === self || (best.length === k && own >= (row[best[k - 1] as number] as number))) continue;
    let at = Math.min(best.length, k - 1);
    for (; at > 0 && (row[best[at - 1] as number] as number) > own; at--) best[at] = best[at - 1] as number;
    best[at] = j;
  }
  return best;
}
