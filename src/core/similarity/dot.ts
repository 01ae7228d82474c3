/** Inner product of `b` with the `b.length` values of `a` from `offset` on, accumulated in double precision. */
export function dot(a: Float32Array, offset: number, b: Float32Array): number {
  // Unrolled with independent sums: the rank of a whole library spends its time here.
  const length = b.length;
  const unrolled = length - (length % 8);
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let at = offset;
  let i = 0;
  for (; i < unrolled; i += 8, at += 8) {
    sum0 += (a[at] as number) * (b[i] as number) + (a[at + 4] as number) * (b[i + 4] as number);
    sum1 += (a[at + 1] as number) * (b[i + 1] as number) + (a[at + 5] as number) * (b[i + 5] as number);
    sum2 += (a[at + 2] as number) * (b[i + 2] as number) + (a[at + 6] as number) * (b[i + 6] as number);
    sum3 += (a[at + 3] as number) * (b[i + 3] as number) + (a[at + 7] as number) * (b[i + 7] as number);
  }
  for (; i < length; i++, at++) sum0 += (a[at] as number) * (b[i] as number);
  return sum0 + sum1 + sum2 + sum3;
}

/** Euclidean length of a vector. */
export function norm(vector: Float32Array): number {
  return Math.sqrt(dot(vector, 0, vector));
}
