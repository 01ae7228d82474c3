// AssemblyScript; as `byte-rows.as.ts`, and with the same results, by an instruction that not every browser has. The query
// is signed bytes; codes of seven bits leave the instruction nothing to choose.

/** Writes the inner products of `query` with `rows` rows to `out`, int32. */
export function innerProducts(query: usize, from: usize, rows: u32, stride: usize, out: usize): void {
  for (let row: u32 = 0; row < rows; row++) {
    let sums = i32x4.splat(0);
    for (let at = query, end = query + stride; at < end; at += 16) {
      sums = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(at), v128.load(from), sums);
      from += 16;
    }
    store<i32>(out, sumOf(sums));
    out += 4;
  }
}

function sumOf(lanes: v128): i32 {
  const low = i32x4.extract_lane(lanes, 0) + i32x4.extract_lane(lanes, 1);
  return low + (i32x4.extract_lane(lanes, 2) + i32x4.extract_lane(lanes, 3));
}
