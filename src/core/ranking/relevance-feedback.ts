import { norm } from '../similarity/dot';

/** How much the query itself, the mean of what is wanted and the mean of what is not count; the usual weights, which mind
 * what is wanted more (Manning, Raghavan, Schütze: Introduction to Information Retrieval, 2008, section 9.1). */
export const feedbackWeights = { original: 1, more: 0.75, less: 0.15 } as const;

/** Vectors of equal length: the query, where there is one, and the examples for and against. */
export type Feedback = {
  readonly original: Float32Array | undefined;
  readonly more: readonly Float32Array[];
  readonly less: readonly Float32Array[];
};

/**
 * One query vector out of examples (Rocchio, 1971): a q + b mean(more) - c mean(less), over the sum of the weights that
 * count. Thus the result is an affine combination: it lies among vectors of its kind, and centring or standardising
 * on the library gives the same before as after. With `unit`, for cosine, each example counts by its direction alone.
 * Errors: a `RangeError` without anything that is wanted.
 */
export function combineExamples({ original, more, less }: Feedback, { unit }: { unit: boolean }): Float32Array {
  const length = (original ?? more[0])?.length;
  if (length === undefined) throw new RangeError('nothing to be like');
  const sum = new Float64Array(length);
  let total = 0;
  const add = (vectors: readonly Float32Array[], weight: number) => {
    if (vectors.length === 0) return;
    total += weight;
    for (const vector of vectors) {
      const scale = weight / vectors.length / (unit ? norm(vector) || 1 : 1);
      for (let i = 0; i < length; i++) sum[i] = (sum[i] as number) + scale * (vector[i] as number);
    }
  };
  add(original ? [original] : [], feedbackWeights.original);
  add(more, feedbackWeights.more);
  add(less, -feedbackWeights.less);
  return Float32Array.from(sum, (value) => value / total);
}
