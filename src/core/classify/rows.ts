import { dequantise, type QuantisedFrames } from '../similarity/quantise';

/** Rows of numbers, wherever they lie. */
export type Rows = {
  readonly count: number;
  /** Values of a row. */
  readonly dimensions: number;
  /** These rows, one after another; the caller's own. */
  read(rows: ArrayLike<number>): Float32Array;
};

/** Moments of a video as one row: `moments` vectors of `width` values, zeros where it has fewer; then a 1 for each moment
 * there is, else a 0. `dimensions` counts both. */
export type FrameRows = Rows & { readonly moments: number; readonly width: number };

/** Moments of several videos as bytes; see {@link QuantisedFrames} for `values` and `scales`. */
export type PackedMoments = {
  /** [videos x moments x width]. */
  readonly values: Int8Array;
  readonly scales: Float32Array;
  /** Moments that each video has, at most `moments`. */
  readonly counts: Int32Array;
  readonly moments: number;
  readonly width: number;
};

export function matrixRows(matrix: Float32Array, dimensions: number): Rows {
  return {
    count: dimensions === 0 ? 0 : matrix.length / dimensions,
    dimensions,
    read(rows) {
      const out = new Float32Array(rows.length * dimensions);
      for (let i = 0; i < rows.length; i++) {
        const from = (rows[i] as number) * dimensions;
        out.set(matrix.subarray(from, from + dimensions), i * dimensions);
      }
      return out;
    },
  };
}

/** Rows in another order, or some of them; row i is `order[i]` of the given ones. */
export function pickedRows<Kind extends Rows>(rows: Kind, order: ArrayLike<number>): Kind {
  return {
    ...rows,
    count: order.length,
    read: (wanted: ArrayLike<number>) => rows.read(Int32Array.from(wanted, (row) => order[row] as number)),
  };
}

/** Rows of `wanted` moments each. */
export function momentRows({ values, scales, counts, moments, width }: PackedMoments, wanted = moments): FrameRows {
  const blocks = Math.ceil(width / 64);
  return frameRows(wanted, width, counts.length, (video) => ({
    values: values.subarray(video * moments * width, (video + 1) * moments * width),
    scales: scales.subarray(video * moments * blocks, (video + 1) * moments * blocks),
    count: counts[video] as number,
    dimensions: width,
  }));
}

/** Rows made of each video's moments; those beyond `moments` do not count. */
export function frameRows(
  moments: number,
  width: number,
  count: number,
  of: (video: number) => QuantisedFrames,
): FrameRows {
  const dimensions = moments * (width + 1);
  return {
    count,
    moments,
    width,
    dimensions,
    read(rows) {
      const out = new Float32Array(rows.length * dimensions);
      for (let i = 0; i < rows.length; i++) {
        const frames = of(rows[i] as number);
        const known = Math.min(frames.count, moments);
        const start = i * dimensions;
        out.set(dequantise({ ...frames, count: known }), start);
        out.fill(1, start + moments * width, start + moments * width + known);
      }
      return out;
    },
  };
}

/** Which of `count` moments stand for all where only `moments` are kept: evenly over them. */
export function keptMoments(count: number, moments: number): readonly number[] {
  if (count <= moments) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: moments }, (_, i) => Math.floor(((i + 0.5) * count) / moments));
}
