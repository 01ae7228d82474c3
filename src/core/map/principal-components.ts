import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { seededRandom } from '../random';

export type PrincipalComponents = {
  /** Places of the rows along the axes, row-major [rows x count]. */
  readonly coordinates: Float32Array;
  /** Unit vectors, row-major [count x dimensions]; the largest value of each is positive. */
  readonly axes: Float32Array;
  readonly mean: Float32Array;
  /** Share of the whole variance along each axis, descending. */
  readonly explained: readonly number[];
};

export type ComponentOptions = { readonly count: number; readonly seed: number; readonly sweeps?: number };

/** Directions beyond those asked for: the more, the faster the sweeps converge. */
const spare = 10;
/** Change of every variance at which sweeping ends. */
const settled = 1e-9;

/**
 * Principal components of a row-major matrix by randomised subspace iteration (Halko, Martinsson and Tropp 2011); exact
 * where rows or columns are few. Gives at most `count`, and no more than the rows or columns allow. Run it step by step:
 * each takes about a millisecond and yields the share that is done of the sweeps allowed.
 */
export function* principalComponents(
  matrix: Float32Array,
  dimensions: number,
  { count: asked, seed, sweeps = 30 }: ComponentOptions,
): Generator<number, PrincipalComponents> {
  const rows = matrix.length / dimensions;
  const width = Math.min(rows, dimensions, asked + spare);
  const count = Math.min(asked, width);
  const mean = meanRow(matrix, dimensions);
  const rowsAtOnce = Math.max(1, Math.round(500_000 / (dimensions * width)));
  const random = seededRandom(seed);
  let basis = Float64Array.from({ length: dimensions * width }, () => 2 * random() - 1);
  orthonormalise(basis, width);
  let total = 0;
  let variances = new Float64Array(width);
  let turned = basis;
  let places = new Float64Array(rows * width);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const next = new Float64Array(dimensions * width);
    const inner = new Float64Array(width * width);
    total = 0;
    for (let row = 0; row < rows; row++) {
      const place = places.subarray(row * width, (row + 1) * width).fill(0);
      const start = row * dimensions;
      for (let d = 0; d < dimensions; d++) {
        const value = (matrix[start + d] as number) - (mean[d] as number);
        total += value * value;
        const at = d * width;
        for (let j = 0; j < width; j++) place[j] = (place[j] as number) + value * (basis[at + j] as number);
      }
      for (let d = 0; d < dimensions; d++) {
        const value = (matrix[start + d] as number) - (mean[d] as number);
        const at = d * width;
        for (let j = 0; j < width; j++) next[at + j] = (next[at + j] as number) + value * (place[j] as number);
      }
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) {
          inner[i * width + j] = (inner[i * width + j] as number) + (place[i] as number) * (place[j] as number);
        }
      }
      if (row % rowsAtOnce === 0) yield (sweep + row / rows) / sweeps;
    }
    const found = descending(inner, width);
    const before = variances;
    variances = found.values;
    turned = product(basis, found.vectors, width);
    const moved = variances
      .subarray(0, count)
      .some((value, i) => Math.abs(value - (before[i] as number)) > settled * total);
    if (!moved || sweep === sweeps - 1) {
      places = product(places, found.vectors, width);
      break;
    }
    basis = next;
    orthonormalise(basis, width);
  }
  const signs = Float64Array.from({ length: count }, (_, j) => signOf(turned, width, j));
  const pick = (from: Float64Array) =>
    Float32Array.from(
      { length: (from.length / width) * count },
      (_, i) => (signs[i % count] as number) * (from[Math.floor(i / count) * width + (i % count)] as number),
    );
  return {
    coordinates: pick(places),
    axes: transposed(pick(turned), count),
    mean,
    explained: Array.from(variances.subarray(0, count), (value) => (total > 0 ? value / total : 0)),
  };
}

function meanRow(matrix: Float32Array, dimensions: number): Float32Array {
  const sums = new Float64Array(dimensions);
  for (let i = 0; i < matrix.length; i++) {
    const d = i % dimensions;
    sums[d] = (sums[d] as number) + (matrix[i] as number);
  }
  const rows = matrix.length / dimensions;
  return Float32Array.from(sums, (sum) => sum / rows);
}

/** Modified Gram and Schmidt over the columns, twice, so that near-parallel ones part. Columns that are nothing but
 * others become zero. */
function orthonormalise(basis: Float64Array, width: number): void {
  for (let round = 0; round < 2; round++) {
    for (let j = 0; j < width; j++) {
      const first = columnLength(basis, width, j);
      for (let i = 0; i < j; i++) {
        let shared = 0;
        for (let at = 0; at < basis.length; at += width) {
          shared += (basis[at + i] as number) * (basis[at + j] as number);
        }
        for (let at = 0; at < basis.length; at += width) {
          basis[at + j] = (basis[at + j] as number) - shared * (basis[at + i] as number);
        }
      }
      const left = columnLength(basis, width, j);
      const scale = left > 1e-10 * first ? 1 / left : 0;
      for (let at = j; at < basis.length; at += width) basis[at] = (basis[at] as number) * scale;
    }
  }
}

function columnLength(basis: Float64Array, width: number, column: number): number {
  let squared = 0;
  for (let at = column; at < basis.length; at += width) squared += (basis[at] as number) ** 2;
  return Math.sqrt(squared);
}

/** Eigenvalues of a symmetric matrix, the largest first, and their vectors as columns. */
function descending(inner: Float64Array, width: number): { values: Float64Array<ArrayBuffer>; vectors: Float64Array } {
  const found = new EigenvalueDecomposition(Matrix.from1DArray(width, width, inner), { assumeSymmetric: true });
  const order = [...found.realEigenvalues.keys()].reverse();
  const vectors = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    order.forEach((from, to) => {
      vectors[i * width + to] = found.eigenvectorMatrix.get(i, from);
    });
  }
  return { values: Float64Array.from(order, (from) => Math.max(0, found.realEigenvalues[from] as number)), vectors };
}

/** [rows x width] times [width x width]. */
function product(left: Float64Array, right: Float64Array, width: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(left.length);
  for (let at = 0; at < left.length; at += width) {
    for (let i = 0; i < width; i++) {
      const value = left[at + i] as number;
      for (let j = 0; j < width; j++) out[at + j] = (out[at + j] as number) + value * (right[i * width + j] as number);
    }
  }
  return out;
}

function signOf(axes: Float64Array, width: number, column: number): number {
  let largest = 0;
  for (let at = column; at < axes.length; at += width) {
    if (Math.abs(axes[at] as number) > Math.abs(largest)) largest = axes[at] as number;
  }
  return largest < 0 ? -1 : 1;
}

function transposed(columns: Float32Array, count: number): Float32Array {
  const rows = columns.length / count;
  return Float32Array.from(columns, (_, i) => columns[(i % rows) * count + Math.floor(i / rows)] as number);
}
