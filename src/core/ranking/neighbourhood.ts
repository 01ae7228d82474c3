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
