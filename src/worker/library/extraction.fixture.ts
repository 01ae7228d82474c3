import { type ClassMatrix, momentClasses, type Vocabulary } from '../../core/classes';
import { type FeatureMatrix, type Space, spaceKey } from '../../core/feature';
import type { VideoLocation } from '../../core/video';
import type { Extraction } from '../../protocol/extract-api';

/** Made-up extractions for tests: real in shape, from a seed. */
export const frameSpace: Space = {
  extractor: 'resnet50',
  version: 1,
  modelHash: 'a'.repeat(64),
  preprocessing: 'squeeze; RGB torchvision',
};

export const stripSpace: Space = { extractor: 'colour', version: 1, modelHash: null, preprocessing: 'squeeze' };

export function location(path: string, folder: string | null = 'folder'): VideoLocation {
  return { folder, path, bytes: 1000, modified: 5 };
}

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Mean of `count` frame vectors of values 0..1. */
export function meanFeatures(seed: number, { space = frameSpace, count = 4, dimensions = 32 } = {}): FeatureMatrix {
  const next = random(seed);
  const frames = Float32Array.from({ length: count * dimensions }, next);
  const vector = new Float32Array(dimensions);
  for (const [i, value] of frames.entries())
    vector[i % dimensions] = (vector[i % dimensions] as number) + value / count;
  const sampling = { instants: { mode: 'uniform', frames: count }, width: 224, height: 224, fit: 'squeeze' } as const;
  return {
    space,
    sampling,
    vector,
    frames,
    count,
    dimensions,
    times: Float64Array.from({ length: count }, (_, i) => i),
  };
}

/** Frame vectors laid end to end. */
export function stripFeatures(seed: number, count = 20, dimensions = 300): FeatureMatrix {
  const features = meanFeatures(seed, { space: stripSpace, count, dimensions });
  return { ...features, vector: features.frames.slice() };
}

export function extraction(
  id: string,
  features: readonly FeatureMatrix[],
  classes: readonly ClassMatrix[] = [],
): Extraction {
  return {
    id,
    probe: { container: 'mp4', duration: 4, video: undefined, audio: undefined, decoder: 'webcodecs', playable: true },
    features,
    classes,
    failures: [],
    thumbnails: {
      images: [new Blob([`picture of ${id}`], { type: 'image/jpeg' })],
      times: [0],
      width: 320,
      height: 180,
    },
    timings: { probe: 1, decode: 2, infer: 3, total: 6 },
  };
}

/** What a network that tells pictures apart saw in the moments of `features`: rows of class numbers and probabilities,
 * the rest of each row is nothing. */
export function seenClasses(
  features: FeatureMatrix,
  rows: readonly (readonly (readonly [number: number, probability: number])[])[],
  vocabulary: Vocabulary = 'imagenet',
): ClassMatrix {
  const width = vocabulary === 'imagenet' ? 1000 : 521;
  const probabilities = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) for (const [at, value] of row) probabilities[i * width + at] = value;
  const scores = { vocabulary, classes: width, probabilities };
  const made = momentClasses(scores, [...rows.keys()]);
  return { ...made, space: spaceKey(features.space), times: features.times.slice(0, rows.length) };
}
