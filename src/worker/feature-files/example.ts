import { keptMoments } from '../../core/classify/rows';
import { AppError } from '../../core/errors';
import type { OfficialPart } from '../../core/evaluation/evaluation-set';

/** One example of a features file. */
export type Example = {
  /** A name, mostly the video's path; undefined where the file has none. */
  readonly id: string | undefined;
  /** Undefined where the file says nothing of labels; empty where it says that there are none. */
  readonly labels: readonly string[] | undefined;
  readonly group?: string;
  readonly split?: OfficialPart;
  readonly vector: Float32Array;
  /** Moments of it in order, row-major [count x width], where the file has them. */
  readonly moments?: { readonly values: Float32Array; readonly width: number };
  /** Where it stands in the file, in words: `row 12`, `record 3`. */
  readonly at: string;
};

export type ReadOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Share of the file that was read, 0..1. */
  readonly onRead: (share: number) => void;
  /** Moments of an example that are kept at most. */
  readonly moments: number;
};

/** One sort of file. */
export type FeatureFormat = {
  readonly name: string;
  /** Whether a file that begins with these bytes (at most 64) is of this sort. */
  begins(head: Uint8Array): boolean;
  /** Names that such files have: one that begins otherwise is of this sort all the same, and damaged. Undefined where a name
   * says too little. */
  readonly named?: RegExp;
  /** The examples, some at a time, in pieces of the file: none is read whole. Errors: `features-file-invalid`, with the reason
   * and the place. */
  examples(file: Blob, options: ReadOptions): AsyncGenerator<readonly Example[]>;
  /** Key of the space that the vectors are of, where such files can say so and this one does. */
  space?(file: Blob): Promise<string | undefined>;
};

export function unsound(reason: string): AppError {
  return new AppError('features-file-invalid', reason, { reason });
}

/** The part that a cell names, if any. */
export function partNamed(text: string | undefined): Pick<Example, 'split'> {
  const name = text?.trim().toLowerCase() ?? '';
  if (name === 'train' || name === 'test') return { split: name };
  return ['val', 'valid', 'validate', 'validation'].includes(name) ? { split: 'validation' } : {};
}

/** Names of labels in one cell. */
export function splitLabels(text: string): readonly string[] {
  return [...new Set(text.split('|').map((label) => label.trim()))].filter((label) => label !== '');
}

/** Mean of the rows of a matrix. */
function meanOf(values: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  const count = values.length / width;
  for (let i = 0; i < values.length; i++) {
    const d = i % width;
    sums[d] = (sums[d] as number) + (values[i] as number);
  }
  return Float32Array.from(sums, (sum) => sum / count);
}

/** An example's vector, the mean of its moments, and those of them that are kept. */
export function ofMoments(
  values: Float32Array,
  width: number,
  moments: number,
): { readonly vector: Float32Array; readonly moments: NonNullable<Example['moments']> } {
  const kept = keptMoments(values.length / width, moments);
  const some = new Float32Array(kept.length * width);
  kept.forEach((moment, i) => {
    some.set(values.subarray(moment * width, (moment + 1) * width), i * width);
  });
  return { vector: meanOf(values, width), moments: { values: some, width } };
}
