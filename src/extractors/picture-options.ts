import type { ExtractorOptions } from '../core/feature';
import type { FrameSampling } from '../core/sampling';
import type { ExtractorOption } from './extractor';

/** What a person may choose of a network of pictures whose video vector is the mean of its frames' vectors. */
export const pictureOptions: readonly ExtractorOption[] = [
  {
    type: 'choice',
    id: 'frames',
    label: 'Vectors of frames',
    values: [
      { value: 'plain', label: 'As the network gives them' },
      { value: 'root', label: 'Square root, then length 1' },
    ],
  },
  {
    type: 'choice',
    id: 'views',
    label: 'Views of a frame',
    values: [
      { value: 'one', label: 'One, as framed' },
      { value: 'two', label: 'Squeezed + cropped: twice the work' },
    ],
  },
];

/**
 * Signed square root of every value and length 1, vector by vector, so that no strong frame or value rules the mean
 * (Perronnin et al. 2010, "Improving the Fisher kernel"). [count x dimensions]; a vector of zeros stays one.
 */
export function rooted(vectors: Float32Array, dimensions: number): Float32Array {
  const made = vectors.map((value) => Math.sign(value) * Math.sqrt(Math.abs(value)));
  for (let from = 0; from < made.length; from += dimensions) {
    const vector = made.subarray(from, from + dimensions);
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let d = 0; d < dimensions; d++) vector[d] = (vector[d] as number) / length;
  }
  return made;
}

/** The samplings whose vectors are added up, frame by frame: the whole picture squeezed beside its middle. */
export function viewsOf(
  sampling: FrameSampling,
  { views }: ExtractorOptions,
): readonly [FrameSampling, ...FrameSampling[]] {
  if (views !== 'two') return [sampling];
  return [sampling, { ...sampling, fit: sampling.fit === 'squeeze' ? 'cover' : 'squeeze' }];
}

/** The sum over their number, so that lengths compare with those of one view, which is given back as it is. */
export function meanOfViews(first: Float32Array, others: readonly Float32Array[]): Float32Array {
  if (others.length === 0) return first;
  return first.map((own, i) => others.reduce((sum, view) => sum + (view[i] as number), own) / (1 + others.length));
}
