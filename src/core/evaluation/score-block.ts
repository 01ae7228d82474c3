import type { Metric } from '../feature';

/**
 * Similarities between rows of one matrix, higher for nearer. `prepare` fixes the gallery (row numbers); the function it
 * gives writes one line of `gallery.length` scores a query, [queries x gallery], into `out`. Scores are finite.
 */
export type ScoreSource = {
  /** Queries to ask for at a time, where each takes long. */
  readonly height?: number;
  /** Gallery rows to prepare at a time, where all of them would take too much memory. What was prepared before is spoilt. */
  readonly width?: number;
  readonly prepare: (gallery: Int32Array) => ScoreBlock;
};

export type ScoreBlock = (queries: Int32Array, out: Float32Array) => void;

/** Vectors by their row numbers, in [0, count). What `row` gives may be a view that the next call overwrites. */
export type VectorRows = {
  readonly count: number;
  readonly dimensions: number;
  readonly row: (index: number) => Float32Array;
};

/** Writes the inner products of some vectors with every row of a gallery, [queries x count]. */
export type ProductBlock = (queries: readonly Float32Array[], out: Float32Array) => void;

/** Scales each row to unit length, in place; rows of zeros stay zeros, and so score 0 with everything. */
export function normaliseRows(matrix: Float32Array, dimensions: number): void {
  for (let start = 0; start < matrix.length; start += dimensions) {
    let sum = 0;
    for (let i = start; i < start + dimensions; i++) sum += (matrix[i] as number) ** 2;
    if (sum === 0) continue;
    const scale = 1 / Math.sqrt(sum);
    for (let i = start; i < start + dimensions; i++) matrix[i] = (matrix[i] as number) * scale;
  }
}

/**
 * Scores of vectors [count x dimensions], row-major: cosine similarity, for `hamming` too, which ranks as it; or the
 * negated Euclidean distance. Takes the buffer over: but for `euclidean`, its rows are normalised in place. Equal
 * vectors score exactly alike.
 */
export function vectorScores(matrix: Float32Array, dimensions: number, metric: Metric): ScoreSource {
  if (metric !== 'euclidean') normaliseRows(matrix, dimensions);
  const compare = metric === 'euclidean' ? distances : products;
  return {
    prepare: (gallery) => (queries, out) => compare(matrix, dimensions, queries, gallery, out),
  };
}

/** Inner products with the rows of a gallery, of which a copy is taken; summed in double precision. */
export function vectorProducts({ count, dimensions, row }: VectorRows): ProductBlock {
  const asked = 32;
  const matrix = new Float32Array((count + asked) * dimensions);
  for (let i = 0; i < count; i++) matrix.set(row(i), i * dimensions);
  const gallery = Int32Array.from({ length: count }, (_, i) => i);
  return (queries, out) => {
    for (let first = 0; first < queries.length; first += asked) {
      const some = queries.slice(first, first + asked);
      some.forEach((query, i) => {
        matrix.set(query, (count + i) * dimensions);
      });
      const rows = Int32Array.from(some, (_, i) => count + i);
      products(matrix, dimensions, rows, gallery, out.subarray(first * count));
    }
  };
}

/** Gallery rows whose slice of dimensions stays in the second-level cache while all queries of a block pass over it. */
const galleryTile = 64;

/** Dot products, 4 x 4 at a time so that each number read serves four. Each sum runs over the dimensions in order,
 * in double precision, wherever its pair lies in the tiling. */
function products(
  matrix: Float32Array,
  dimensions: number,
  queries: Int32Array,
  gallery: Int32Array,
  out: Float32Array,
): void {
  const columns = gallery.length;
  for (let tile = 0; tile < columns; tile += galleryTile) {
    const end = Math.min(columns, tile + galleryTile);
    for (let q = 0; q < queries.length; q += 4) {
      for (let g = tile; g < end; g += 4) {
        if (q + 4 <= queries.length && g + 4 <= end)
          productsOf4(matrix, dimensions, queries, q, gallery, g, out, columns);
        else productsOfRest(matrix, dimensions, queries, q, gallery, g, end, out);
      }
    }
  }
}

function productsOf4(
  matrix: Float32Array,
  dimensions: number,
  queries: Int32Array,
  q: number,
  gallery: Int32Array,
  g: number,
  out: Float32Array,
  columns: number,
): void {
  const a0 = (queries[q] as number) * dimensions;
  const a1 = (queries[q + 1] as number) * dimensions;
  const a2 = (queries[q + 2] as number) * dimensions;
  const a3 = (queries[q + 3] as number) * dimensions;
  const b0 = (gallery[g] as number) * dimensions;
  const b1 = (gallery[g + 1] as number) * dimensions;
  const b2 = (gallery[g + 2] as number) * dimensions;
  const b3 = (gallery[g + 3] as number) * dimensions;
  let s00 = 0,
    s01 = 0,
    s02 = 0,
    s03 = 0;
  let s10 = 0,
    s11 = 0,
    s12 = 0,
    s13 = 0;
  let s20 = 0,
    s21 = 0,
    s22 = 0,
    s23 = 0;
  let s30 = 0,
    s31 = 0,
    s32 = 0,
    s33 = 0;
  for (let d = 0; d < dimensions; d++) {
    const y0 = matrix[b0 + d] as number;
    const y1 = matrix[b1 + d] as number;
    const y2 = matrix[b2 + d] as number;
    const y3 = matrix[b3 + d] as number;
    let x = matrix[a0 + d] as number;
    s00 += x * y0;
    s01 += x * y1;
    s02 += x * y2;
    s03 += x * y3;
    x = matrix[a1 + d] as number;
    s10 += x * y0;
    s11 += x * y1;
    s12 += x * y2;
    s13 += x * y3;
    x = matrix[a2 + d] as number;
    s20 += x * y0;
    s21 += x * y1;
    s22 += x * y2;
    s23 += x * y3;
    x = matrix[a3 + d] as number;
    s30 += x * y0;
    s31 += x * y1;
    s32 += x * y2;
    s33 += x * y3;
  }
  let at = q * columns + g;
  out[at] = s00;
  out[at + 1] = s01;
  out[at + 2] = s02;
  out[at + 3] = s03;
  at += columns;
  out[at] = s10;
  out[at + 1] = s11;
  out[at + 2] = s12;
  out[at + 3] = s13;
  at += columns;
  out[at] = s20;
  out[at + 1] = s21;
  out[at + 2] = s22;
  out[at + 3] = s23;
  at += columns;
  out[at] = s30;
  out[at + 1] = s31;
  out[at + 2] = s32;
  out[at + 3] = s33;
}

function productsOfRest(
  matrix: Float32Array,
  dimensions: number,
  queries: Int32Array,
  q: number,
  gallery: Int32Array,
  g: number,
  end: number,
  out: Float32Array,
): void {
  for (let i = q; i < Math.min(q + 4, queries.length); i++) {
    for (let j = g; j < Math.min(g + 4, end); j++) {
      const a = (queries[i] as number) * dimensions;
      const b = (gallery[j] as number) * dimensions;
      let sum = 0;
      for (let d = 0; d < dimensions; d++) sum += (matrix[a + d] as number) * (matrix[b + d] as number);
      out[i * gallery.length + j] = sum;
    }
  }
}

/** From the differences themselves: by way of dot products, near vectors would lose most of their digits. */
function distances(
  matrix: Float32Array,
  dimensions: number,
  queries: Int32Array,
  gallery: Int32Array,
  out: Float32Array,
): void {
  for (let j = 0; j < gallery.length; j++) {
    const b = (gallery[j] as number) * dimensions;
    for (let i = 0; i < queries.length; i++) {
      const a = (queries[i] as number) * dimensions;
      let sum = 0;
      for (let d = 0; d < dimensions; d++) {
        const difference = (matrix[a + d] as number) - (matrix[b + d] as number);
        sum += difference * difference;
      }
      out[i * gallery.length + j] = -Math.sqrt(sum);
    }
  }
}
