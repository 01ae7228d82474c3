// AssemblyScript; as `byte-rows.as.ts`, and with the same results, by an instruction that not every browser has. The query
// is signed bytes; codes of seven bits leave the instruction nothing to choose.

/** Writes the inner products of `query` with `rows` rows to `out`, int32. */
export function innerProducts(query: usize, from: usize, rows: u32, stride: usize, out: usize): void {
  for (let row: u32 = 0; row < rows; row += 4) {
    let a0 = i32x4.splat(0);
    let b0 = a0;
    let c0 = a0;
    let d0 = a0;
    let a = from;
    let b = a + stride;
    let c = b + stride;
    let d = c + stride;
    from = d + stride;
    for (let at = query, end = query + stride; at < end; at += 16) {
      const x = v128.load(at);
      a0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, v128.load(a), a0);
      b0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, v128.load(b), b0);
      c0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, v128.load(c), c0);
      d0 = i32x4.relaxed_dot_i8x16_i7x16_add_s(x, v128.load(d), d0);
      a += 16;
      b += 16;
      c += 16;
      d += 16;
    }
    store<i32>(out, sumOf(a0));
    store<i32>(out, sumOf(b0), 4);
    store<i32>(out, sumOf(c0), 8);
    store<i32>(out, sumOf(d0), 12);
    out += 16;
  }
}

function sumOf(lanes: v128): i32 {
  const low = i32x4.extract_lane(lanes, 0) + i32x4.extract_lane(lanes, 1);
  return low + (i32x4.extract_lane(lanes, 2) + i32x4.extract_lane(lanes, 3));
}
