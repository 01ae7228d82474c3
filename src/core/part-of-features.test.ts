import { expect, it } from 'vitest';
import type { FeatureMatrix } from './feature';
import { partOfFeatures } from './part-of-features';

const features: FeatureMatrix = {
  space: { extractor: 'resnet50', version: 1, modelHash: 'aa', preprocessing: 'squeeze' },
  sampling: { instants: { mode: 'uniform', frames: 4 }, width: 8, height: 8, fit: 'squeeze' },
  vector: Float32Array.of(4, 40),
  frames: Float32Array.of(1, 10, 3, 30, 5, 50, 7, 70),
  count: 4,
  dimensions: 2,
  times: Float64Array.of(0.5, 1.5, 2.5, 3.5),
};

it('takes the moments of the part, and their mean or all of them end to end', () => {
  const part = { from: 1.5, to: 3 };
  expect(partOfFeatures(features, part, 'mean')).toEqual({
    ...features,
    vector: Float32Array.of(4, 40),
    frames: Float32Array.of(3, 30, 5, 50),
    count: 2,
    times: Float64Array.of(1.5, 2.5),
  });
  expect(partOfFeatures(features, part, 'concatenate')?.vector).toEqual(Float32Array.of(3, 30, 5, 50));
  expect(partOfFeatures(features, { from: 3.2, to: 9 }, 'mean')?.vector).toEqual(Float32Array.of(7, 70));
  expect(partOfFeatures(features, { from: 1.6, to: 2.4 }, 'mean')).toBeUndefined();
});
