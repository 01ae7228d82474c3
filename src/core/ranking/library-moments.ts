import type { VectorStage } from './recipe';

/** The stage that asks what the library is like. */
export type MomentStage = Extract<VectorStage, { name: 'centre' | 'standardise' }>;

/** Mean of each value over a library, and what its squared distance from the mean counts: 1, or 1 / deviation². */
export type LibraryMoments = { readonly mean: Float32Array; readonly weights: Float32Array };

/** Running sums over the vectors of a library, so that one joins or leaves at the cost of itself. */
export class MomentSums {
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  count = 0;

  constructor(readonly dimensions: number) {
    this.sum = new Float64Array(dimensions);
    this.squares = new Float64Array(dimensions);
  }

  add(vector: Float32Array, times: 1 | -1 = 1): void {
    this.count += times;
    for (let i = 0; i < this.dimensions; i++) {
      const value = vector[i] as number;
      this.sum[i] = (this.sum[i] as number) + times * value;
      this.squares[i] = (this.squares[i] as number) + times * value * value;
    }
  }

  /** The moments of what was added, without `less`. */
  moments(stage: MomentStage, less: readonly Float32Array[] = []): LibraryMoments {
    const { dimensions } = this;
    const mean = new Float32Array(dimensions);
    const weights = new Float32Array(dimensions).fill(1);
    const count = Math.max(1, this.count - less.length);
    const deviation = new Float64Array(dimensions);
    let total = 0;
    for (let i = 0; i < dimensions; i++) {
      let [sum, squares] = [this.sum[i] as number, this.squares[i] as number];
      for (const vector of less) {
        const value = vector[i] as number;
        sum -= value;
        squares -= value * value;
      }
      mean[i] = sum / count;
      deviation[i] = Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
      total += deviation[i] as number;
    }
    if (stage.name === 'centre' || total === 0) return { mean, weights };
    const floor = (stage.shrink * total) / dimensions;
    for (let i = 0; i < dimensions; i++) {
      const scale = (deviation[i] as number) + floor;
      weights[i] = scale > 0 ? 1 / scale ** 2 : 0;
    }
    return { mean, weights };
  }
}

/** The vector beside the moments: (x - mean) / deviation. */
export function standardised(vector: Float32Array, { mean, weights }: LibraryMoments): Float32Array {
  return vector.map((value, i) => (value - (mean[i] as number)) * Math.sqrt(weights[i] as number));
}

/**
 * What finds the inner products of a standardised query with standardised vectors x from products with x as it is:
 * `x · probe - offset`. `squared` is the query's own squared length.
 */
export function probeOf(
  query: Float32Array,
  { mean, weights }: LibraryMoments,
): { readonly probe: Float32Array; readonly offset: number; readonly squared: number } {
  const probe = new Float32Array(query.length);
  let [offset, squared] = [0, 0];
  for (let i = 0; i < query.length; i++) {
    const difference = (query[i] as number) - (mean[i] as number);
    probe[i] = difference * (weights[i] as number);
    offset += (mean[i] as number) * (probe[i] as number);
    squared += difference * (probe[i] as number);
  }
  return { probe, offset, squared };
}

/** Squared length of x, standardised, from its products `x² · weights`, `x · (weights mean)` and their like of the mean. */
export function squaredFrom(squares: number, withMean: number, meanSquared: number): number {
  return Math.max(0, squares - 2 * withMean + meanSquared);
}

/** Squared length of a vector beside the moments. */
export function squaredBeside(vector: Float32Array, { mean, weights }: LibraryMoments): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) {
    const difference = (vector[i] as number) - (mean[i] as number);
    sum += difference * difference * (weights[i] as number);
  }
  return sum;
}
