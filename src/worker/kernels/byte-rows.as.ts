// AssemblyScript; see `rows.as.ts`. A row is codes of 0..127, filled up to a multiple of 16 bytes. The query is signed bytes,
// each widened to 16 bits. Rows are taken one after the other: memory is read 2.6 times as fast in one stream as in four
// short ones.

/** Writes the inner products of `query` with `rows` rows to `out`, int32. */
export function innerProducts(query: usize, from: usize, rows: u32, stride: usize, out: usize): void {
  for (let row: u32 = 0; row < rows; row++) {
    let low = i32x4.splat(0);
    let high = low;
    for (let at = query, end = query + 2 * stride; at < end; at += 32) {
      const codes = v128.load(from);
      low = i32x4.add(low, i32x4.dot_i16x8_s(v128.load(at), i16x8.extend_low_i8x16_u(codes)));
      high = i32x4.add(high, i32x4.dot_i16x8_s(v128.load(at, 16), i16x8.extend_high_i8x16_u(codes)));
      from += 16;
    }
    store<i32>(out, sumOf(i32x4.add(low, high)));
    out += 4;
  }
}

function sumOf(lanes: v128): i32 {
  const low = i32x4.extract_lane(lanes, 0) + i32x4.extract_lane(lanes, 1);
  return low + (i32x4.extract_lane(lanes, 2) + i32x4.extract_lane(lanes, 3));
}
