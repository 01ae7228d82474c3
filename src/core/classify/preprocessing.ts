import type { FrameRows, Rows } from './rows';
import type { Scaling } from './settings';

/** How a vector becomes a head's input; `mean` and `factor` are those of the training videos. */
export type Preprocessing = {
  readonly root: boolean;
  readonly standard: { readonly mean: Float32Array; readonly factor: Float32Array } | undefined;
};

/** Rows whose numbers are in memory at once. */
const rowsAtOnce = 256;

/** Fits on some rows, or on the moments in them. A column that never varies there has the factor 0: it tells nothing. */
export function fitPreprocessing(rows: Rows | FrameRows, some: Int32Array, scaling: Scaling): Preprocessing {
  const root = scaling === 'root' || scaling === 'root-standardise';
  if (scaling === 'none' || scaling === 'root') return { root, standard: undefined };
  const width = 'width' in rows ? rows.width : rows.dimensions;
  const mean = new Float64Array(width);
  const squares = new Float64Array(width);
  let count = 0;
  // Welford's update: sums of squares of large values would lose a small spread.
  for (const vector of vectorsOf(rows, some)) {
    if (root) rootAndUnit(vector);
    count++;
    for (let d = 0; d < width; d++) {
      const value = vector[d] as number;
      const before = value - (mean[d] as number);
      mean[d] = (mean[d] as number) + before / count;
      squares[d] = (squares[d] as number) + before * (value - (mean[d] as number));
    }
  }
  const factor = Float32Array.from(squares, (sum, d) => {
    const deviation = Math.sqrt(sum / count);
    return deviation <= 1e-6 * Math.abs(mean[d] as number) ? 0 : 1 / deviation;
  });
  return { root, standard: { mean: Float32Array.from(mean), factor } };
}

/** The same rows as a head takes them. */
export function preprocessedRows<Kind extends Rows | FrameRows>(rows: Kind, preprocessing: Preprocessing): Kind {
  return {
    ...rows,
    read(wanted: ArrayLike<number>) {
      const out = rows.read(wanted);
      for (const vector of vectorsIn(out, rows)) preprocess(vector, preprocessing);
      return out;
    },
  };
}

/** Each vector of some rows, a view that may be changed. */
function* vectorsOf(rows: Rows | FrameRows, some: Int32Array): Generator<Float32Array> {
  for (let from = 0; from < some.length; from += rowsAtOnce) {
    yield* vectorsIn(rows.read(some.subarray(from, from + rowsAtOnce)), rows);
  }
}

function* vectorsIn(values: Float32Array, rows: Rows | FrameRows): Generator<Float32Array> {
  const { dimensions } = rows;
  for (let start = 0; start < values.length; start += dimensions) {
    if (!('width' in rows)) {
      yield values.subarray(start, start + dimensions);
      continue;
    }
    const { moments, width } = rows;
    for (let moment = 0; moment < moments; moment++) {
      if (values[start + moments * width + moment] === 0) continue;
      yield values.subarray(start + moment * width, start + (moment + 1) * width);
    }
  }
}

function preprocess(vector: Float32Array, { root, standard }: Preprocessing): void {
  if (root) rootAndUnit(vector);
  if (!standard) return;
  const { mean, factor } = standard;
  for (let d = 0; d < vector.length; d++) {
    vector[d] = ((vector[d] as number) - (mean[d] as number)) * (factor[d] as number);
  }
}

function rootAndUnit(row: Float32Array): void {
  let squared = 0;
  for (let d = 0; d < row.length; d++) {
    const value = row[d] as number;
    row[d] = Math.sign(value) * Math.sqrt(Math.abs(value));
    squared += Math.abs(value);
  }
  const length = Math.sqrt(squared);
  if (length > 0) for (let d = 0; d < row.length; d++) row[d] = (row[d] as number) / length;
}
