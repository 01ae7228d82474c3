import { leastOf } from './neighbourhood';

export type Augmentation = { readonly neighbours: number; readonly alpha: number };

/**
 * Inner products after the vectors of `rows` became means of themselves and their nearest, each weighted by its similarity
 * to the power `alpha`: of the query alone, query expansion (Radenović, Tolias and Chum 2019); of the others, database-side
 * augmentation (Arandjelović and Zisserman 2012). `similarity` are inner products [count x count], `order` says who is
 * near; the result is at unit length again.
 */
export function augmented(
  similarity: Float64Array,
  order: Float64Array,
  count: number,
  rows: readonly number[],
  { neighbours, alpha }: Augmentation,
): Float64Array {
  const mixtures = Array.from({ length: count }, (_, i) => [{ of: i, weight: 1 }]);
  for (const i of rows) mixtures[i] = mixture(similarity, order, count, i, { neighbours, alpha });
  const half = new Float64Array(count * count);
  mixtures.forEach((mixed, i) => {
    for (const { of, weight } of mixed) {
      for (let j = 0; j < count; j++) {
        half[i * count + j] = (half[i * count + j] as number) + weight * (similarity[of * count + j] as number);
      }
    }
  });
  const whole = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    mixtures.forEach((mixed, j) => {
      let sum = 0;
      for (const { of, weight } of mixed) sum += weight * (half[i * count + of] as number);
      whole[i * count + j] = sum;
    });
  }
  const lengths = Array.from({ length: count }, (_, i) => Math.sqrt(Math.max(0, whole[i * count + i] as number)));
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const scale = (lengths[i] as number) * (lengths[j] as number);
      whole[i * count + j] = scale > 0 ? (whole[i * count + j] as number) / scale : 0;
    }
  }
  return whole;
}

function mixture(
  similarity: Float64Array,
  order: Float64Array,
  count: number,
  i: number,
  { neighbours, alpha }: Augmentation,
): { of: number; weight: number }[] {
  const far = order.slice(i * count, (i + 1) * count).map((near) => -near);
  const others = leastOf(far, i, neighbours);
  const own = Math.sqrt(Math.max(0, similarity[i * count + i] as number));
  return [
    { of: i, weight: 1 },
    ...others.map((j) => {
      const length = own * Math.sqrt(Math.max(0, similarity[j * count + j] as number));
      const cosine = length > 0 ? (similarity[i * count + j] as number) / length : 0;
      return { of: j, weight: Math.max(0, cosine) ** alpha };
    }),
  ];
}
