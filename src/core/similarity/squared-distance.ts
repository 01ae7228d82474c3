/** Sum of squared differences between `b` and the `b.length` values of `a` from `offset` on. Taken directly, not from
 * inner products: near-equal vectors would lose their digits to cancellation. */
export function squaredDistance(a: Float32Array, offset: number, b: Float32Array): number {
  const length = b.length;
  const unrolled = length - (length % 4);
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let at = offset;
  let i = 0;
  for (; i < unrolled; i += 4, at += 4) {
    const d0 = (a[at] as number) - (b[i] as number);
    const d1 = (a[at + 1] as number) - (b[i + 1] as number);
    const d2 = (a[at + 2] as number) - (b[i + 2] as number);
    const d3 = (a[at + 3] as number) - (b[i + 3] as number);
    sum0 += d0 * d0;
    sum1 += d1 * d1;
    sum2 += d2 * d2;
    sum3 += d3 * d3;
  }
  for (; i < length; i++, at++) {
    const d = (a[at] as number) - (b[i] as number);
    sum0 += d * d;
  }
  return sum0 + sum1 + sum2 + sum3;
}
