/** The nearest others of every row, the nearest first; row-major [rows x k]. */
export type Neighbours = {
  readonly k: number;
  readonly rows: Int32Array;
  /** Euclidean. */
  readonly distances: Float32Array;
};

/** Exact nearest neighbours among the rows of a matrix. Run it step by step: each is one row and yields the share of all
 * pairs that is done. */
export function* nearestNeighbours(
  matrix: Float32Array,
  dimensions: number,
  asked: number,
): Generator<number, Neighbours> {
  const count = matrix.length / dimensions;
  const k = Math.min(asked, count - 1);
  const rows = new Int32Array(count * k).fill(-1);
  const distances = new Float32Array(count * k).fill(Number.POSITIVE_INFINITY);
  const offer = (to: number, from: number, distance: number) => {
    const start = to * k;
    let at = start + k - 1;
    if (!(distance < (distances[at] as number))) return;
    for (; at > start && distance < (distances[at - 1] as number); at--) {
      distances[at] = distances[at - 1] as number;
      rows[at] = rows[at - 1] as number;
    }
    distances[at] = distance;
    rows[at] = from;
  };
  for (let i = 1; i < count; i++) {
    const own = i * dimensions;
    for (let j = 0; j < i; j++) {
      const other = j * dimensions;
      let squared = 0;
      for (let d = 0; d < dimensions; d++) {
        const difference = (matrix[own + d] as number) - (matrix[other + d] as number);
        squared += difference * difference;
      }
      offer(i, j, squared);
      offer(j, i, squared);
    }
    yield (i / count) ** 2;
  }
  return { k, rows, distances: distances.map(Math.sqrt) };
}
