// AssemblyScript; see `rows.as.ts`. A row is codes of 0..127, filled up to a multiple of 16 bytes; rows come in fours. The
// query is signed bytes, each widened to 16 bits.

/** Writes the inner products of `query` with `rows` rows to `out`, int32. */
export function innerProducts(query: usize, from: usize, rows: u32, stride: usize, out: usize): void {
  for (let row: u32 = 0; row < rows; row += 4) {
    let a0 = i32x4.splat(0);
    let a1 = a0;
    let b0 = a0;
    let b1 = a0;
    let c0 = a0;
    let c1 = a0;
    let d0 = a0;
    let d1 = a0;
    let a = from;
    let b = a + stride;
    let c = b + stride;
    let d = c + stride;
    from = d + stride;
    for (let at = query, end = query + 2 * stride; at < end; at += 32) {
      const x0 = v128.load(at);
      const x1 = v128.load(at, 16);
      const va = v128.load(a);
      const vb = v128.load(b);
      const vc = v128.load(c);
      const vd = v128.load(d);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(x0, i16x8.extend_low_i8x16_u(va)));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(x1, i16x8.extend_high_i8x16_u(va)));
      b0 = i32x4.add(b0, i32x4.dot_i16x8_s(x0, i16x8.extend_low_i8x16_u(vb)));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(x1, i16x8.extend_high_i8x16_u(vb)));
      c0 = i32x4.add(c0, i32x4.dot_i16x8_s(x0, i16x8.extend_low_i8x16_u(vc)));
      c1 = i32x4.add(c1, i32x4.dot_i16x8_s(x1, i16x8.extend_high_i8x16_u(vc)));
      d0 = i32x4.add(d0, i32x4.dot_i16x8_s(x0, i16x8.extend_low_i8x16_u(vd)));
      d1 = i32x4.add(d1, i32x4.dot_i16x8_s(x1, i16x8.extend_high_i8x16_u(vd)));
      a += 16;
      b += 16;
      c += 16;
      d += 16;
    }
    store<i32>(out, sumOf(i32x4.add(a0, a1)));
    store<i32>(out, sumOf(i32x4.add(b0, b1)), 4);
    store<i32>(out, sumOf(i32x4.add(c0, c1)), 8);
    store<i32>(out, sumOf(i32x4.add(d0, d1)), 12);
    out += 16;
  }
}

function sumOf(lanes: v128): i32 {
  const low = i32x4.extract_lane(lanes, 0) + i32x4.extract_lane(lanes, 1);
  return low + (i32x4.extract_lane(lanes, 2) + i32x4.extract_lane(lanes, 3));
}
