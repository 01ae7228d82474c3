/** A picture of values in 0..1, row-major [rows x columns x channels], with the sums that its windows give. */
export type StructuredPicture = {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  /** Means and variances of every window that lies within the picture, of each channel. */
  readonly means: Float64Array;
  readonly variances: Float64Array;
};

const side = 7;
const [steady, steadyVariance] = [0.01 ** 2, 0.03 ** 2];

export function structuredPicture(
  values: Float32Array,
  rows: number,
  columns: number,
  channels: number,
): StructuredPicture {
  const shape = { values, rows, columns, channels };
  const means = windowMeans(shape, (at) => values[at] as number);
  const squares = windowMeans(shape, (at) => (values[at] as number) ** 2);
  const variances = squares.map((square, at) => square - (means[at] as number) ** 2);
  return { ...shape, means, variances };
}

/**
 * Structural similarity of two pictures of one shape, -1..1: how windows of 7 x 7 agree in brightness, contrast and
 * structure, averaged (Wang, Bovik, Sheikh and Simoncelli 2004; uniform windows and sample covariance, as scikit-image).
 */
export function structuralSimilarity(a: StructuredPicture, b: StructuredPicture): number {
  const products = windowMeans(a, (at) => (a.values[at] as number) * (b.values[at] as number));
  const [height, width] = windowOf(a);
  const sample = (height * width) / Math.max(1, height * width - 1);
  let sum = 0;
  for (let at = 0; at < products.length; at++) {
    const [meanA, meanB] = [a.means[at] as number, b.means[at] as number];
    const covariance = sample * ((products[at] as number) - meanA * meanB);
    const variance = sample * ((a.variances[at] as number) + (b.variances[at] as number));
    sum +=
      ((2 * meanA * meanB + steady) * (2 * covariance + steadyVariance)) /
      ((meanA ** 2 + meanB ** 2 + steady) * (variance + steadyVariance));
  }
  return sum / products.length;
}

type Shape = Pick<StructuredPicture, 'rows' | 'columns' | 'channels'>;

/** A picture smaller than a window is one window. */
function windowOf({ rows, columns }: Shape): readonly [height: number, width: number] {
  return [Math.min(side, rows), Math.min(side, columns)];
}

/** Means over every window, by running sums along rows, then down columns. */
function windowMeans(shape: Shape, valueAt: (at: number) => number): Float64Array {
  const { rows, columns, channels } = shape;
  const [height, width] = windowOf(shape);
  const across = columns - width + 1;
  const line = across * channels;
  const along = new Float64Array(rows * line);
  for (let row = 0; row < rows; row++) {
    for (let channel = 0; channel < channels; channel++) {
      const at = (column: number) => (row * columns + column) * channels + channel;
      let sum = 0;
      for (let column = 0; column < columns; column++) {
        sum += valueAt(at(column));
        if (column >= width) sum -= valueAt(at(column - width));
        if (column >= width - 1) along[row * line + (column - width + 1) * channels + channel] = sum;
      }
    }
  }
  const means = new Float64Array((rows - height + 1) * line);
  for (let place = 0; place < line; place++) {
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      sum += along[row * line + place] as number;
      if (row >= height) sum -= along[(row - height) * line + place] as number;
      if (row >= height - 1) means[(row - height + 1) * line + place] = sum / (height * width);
    }
  }
  return means;
}
