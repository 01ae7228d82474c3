// AssemblyScript; `scripts/assembly-script.ts` compiles it into the bundle. Addresses and `stride` are in bytes. A row is
// float32, filled up with zeros to a multiple of 32 bytes; rows come in fours. Every row is summed in the same order
// wherever it lies, so that equal rows score exactly alike.

/** Writes the inner products of `query` with `rows` rows to `out`, float32. */
export function innerProducts(query: usize, from: usize, rows: u32, stride: usize, out: usize): void {
  for (let row: u32 = 0; row < rows; row += 4) {
    let a0 = f32x4.splat(0);
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
    for (let at = query, end = query + stride; at < end; at += 32) {
      const x0 = v128.load(at);
      const x1 = v128.load(at, 16);
      a0 = f32x4.add(a0, f32x4.mul(x0, v128.load(a)));
      a1 = f32x4.add(a1, f32x4.mul(x1, v128.load(a, 16)));
      b0 = f32x4.add(b0, f32x4.mul(x0, v128.load(b)));
      b1 = f32x4.add(b1, f32x4.mul(x1, v128.load(b, 16)));
      c0 = f32x4.add(c0, f32x4.mul(x0, v128.load(c)));
      c1 = f32x4.add(c1, f32x4.mul(x1, v128.load(c, 16)));
      d0 = f32x4.add(d0, f32x4.mul(x0, v128.load(d)));
      d1 = f32x4.add(d1, f32x4.mul(x1, v128.load(d, 16)));
      a += 32;
      b += 32;
      c += 32;
      d += 32;
    }
    store<f32>(out, sumOf(f32x4.add(a0, a1)));
    store<f32>(out, sumOf(f32x4.add(b0, b1)), 4);
    store<f32>(out, sumOf(f32x4.add(c0, c1)), 8);
    store<f32>(out, sumOf(f32x4.add(d0, d1)), 12);
    out += 16;
  }
}

/** Writes the inner products of `query` with the rows of a list, of `count` numbers in uint32, to `out`: float64, and summed
 * as such. */
export function innerProductsOf(query: usize, from: usize, list: usize, count: u32, stride: usize, out: usize): void {
  for (const last = list + 4 * count; list < last; list += 4) {
    let row = from + <usize>load<u32>(list) * stride;
    let a = f64x2.splat(0);
    let b = a;
    let c = a;
    let d = a;
    for (let at = query, end = query + stride; at < end; at += 32) {
      const x = v128.load(at);
      const y = v128.load(row);
      const z = v128.load(at, 16);
      const w = v128.load(row, 16);
      a = f64x2.add(a, lowProducts(x, y));
      b = f64x2.add(b, lowProducts(upper(x), upper(y)));
      c = f64x2.add(c, lowProducts(z, w));
      d = f64x2.add(d, lowProducts(upper(z), upper(w)));
      row += 32;
    }
    a = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
    store<f64>(out, f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1));
    out += 8;
  }
}

function lowProducts(x: v128, y: v128): v128 {
  return f64x2.mul(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(y));
}

function upper(x: v128): v128 {
  return v128.shuffle<u64>(x, x, 1, 0);
}

function sumOf(lanes: v128): f32 {
  const low = f32x4.extract_lane(lanes, 0) + f32x4.extract_lane(lanes, 1);
  return low + (f32x4.extract_lane(lanes, 2) + f32x4.extract_lane(lanes, 3));
}
