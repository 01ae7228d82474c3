/** Values that share one scale. With 64 of them the rounding error stays below 0.0315 of a block's length, so any
 * vector keeps a cosine of at least 0.9995 with itself, outliers or not. */
export const quantisedBlock = 64;

/** Frame vectors as signed bytes, row-major, with one scale for each 64 values of a row. */
export type QuantisedFrames = {
  readonly values: Int8Array;
  /** [count x ceil(dimensions / 64)]; value = byte x scale. */
  readonly scales: Float32Array;
  readonly count: number;
  readonly dimensions: number;
};

/** Quarter-size form of `count` row vectors, for the matching of moments. */
export function quantise(frames: Float32Array, count: number, dimensions: number): QuantisedFrames {
  const blocks = Math.ceil(dimensions / quantisedBlock);
  const values = new Int8Array(count * dimensions);
  const scales = new Float32Array(count * blocks);
  for (let row = 0; row < count; row++) {
    for (let block = 0; block < blocks; block++) {
      const start = row * dimensions + block * quantisedBlock;
      const end = Math.min(start + quantisedBlock, (row + 1) * dimensions);
      let largest = 0;
      for (let i = start; i < end; i++) largest = Math.max(largest, Math.abs(frames[i] as number));
      const scale = Math.fround(largest / 127);
      scales[row * blocks + block] = scale;
      if (scale === 0) continue;
      for (let i = start; i < end; i++) values[i] = Math.round((frames[i] as number) / scale);
    }
  }
  return { values, scales, count, dimensions };
}

/** The float32 rows again, [count x dimensions]. */
export function dequantise(quantised: QuantisedFrames): Float32Array {
  const { count, dimensions } = quantised;
  const frames = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row++)
    dequantiseRow(quantised, row, frames.subarray(row * dimensions, (row + 1) * dimensions));
  return frames;
}

/** One float32 row again, written to `out`. */
export function dequantiseRow({ values, scales, dimensions }: QuantisedFrames, row: number, out: Float32Array): void {
  const scaleAt = row * Math.ceil(dimensions / quantisedBlock);
  for (let i = 0; i < dimensions; i++) {
    out[i] = (values[row * dimensions + i] as number) * (scales[scaleAt + Math.floor(i / quantisedBlock)] as number);
  }
}
