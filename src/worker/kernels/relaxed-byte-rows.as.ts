// AssemblyScript; as `byte-rows.as.ts`, and with the same results, by an instruction that not every browser has. The query
// is signed bytes; codes of seven bits leave the instruction nothing to choose.

/** Writes the inner products of `query` with `rows` rows to `out`, int32. Four sums a row: where the instruction is one of
 * the processor's own, each waits several cycles for the one before. */
export function innerProducts(query: usize, from: usize, rows: u32, stride: usize, out: usize): void {
  const fours = query + (stride & ~63);
  const end = query + stride;
  for (let row: u32 = 0; row < rows; row++) {
    let a = i32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let at = query;
    for (; at < fours; at += 64) {
      a = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(at), v128.load(from), a);
      b = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(at, 16), v128.load(from, 16), b);
      c = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(at, 32), v128.load(from, 32), c);
      d = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(at, 48), v128.load(from, 48), d);
      from += 64;
    }
    for (; at < end; at += 16) {
      a = i32x4.relaxed_dot_i8x16_i7x16_add_s(v128.load(at), v128.load(from), a);
      from += 16;
    }
    store<i32>(out, sumOf(i32x4.add(i32x4.add(a, b), i32x4.add(c, d))));
    out += 4;
  }
}

function sumOf(lanes: v128): i32 {
  const low = i32x4.extract_lane(lanes, 0) + i32x4.extract_lane(lanes, 1);
  return low + (i32x4.extract_lane(lanes, 2) + i32x4.extract_lane(lanes, 3));
}
