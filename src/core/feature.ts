import type { FrameSampling } from './sampling';

/** How two vectors of a space are compared. */
export type Metric = 'cosine' | 'euclidean';

/** How a video's frame vectors become its one vector: their mean, or all of them end to end. */
export type Aggregation = 'mean' | 'concatenate';

/** What must be equal for two vectors to be comparable. Sampling is recorded beside each vector, not here. */
export type Space = {
  readonly extractor: string;
  readonly version: number;
  /** SHA-256 of the model file, hex; null for extractors without weights. */
  readonly modelHash: string | null;
  /** How pixels became the network's input: `squeeze; RGB torchvision`. */
  readonly preprocessing: string;
};

/** Stable text form of a space, used as its key in storage. */
export function spaceKey({ extractor, version, modelHash, preprocessing }: Space): string {
  return JSON.stringify([extractor, version, modelHash, preprocessing]);
}

/** The space behind a key, or undefined for the key of an import, whose space is a file of its own. */
export function parseSpaceKey(key: string): Space | undefined {
  if (!key.startsWith('[')) return undefined;
  const [extractor, version, modelHash, preprocessing] = JSON.parse(key) as [string, number, string | null, string];
  return { extractor, version, modelHash, preprocessing };
}

/** What an extractor made of one video. The caller owns the buffers (they may be transferred). */
export type FeatureMatrix = {
  readonly space: Space;
  readonly sampling: FrameSampling;
  /** The video's vector, not normalised: the mean of the frame vectors [D], or all of them [count x D]. */
  readonly vector: Float32Array;
  /** Frame vectors, row-major [count x dimensions]. */
  readonly frames: Float32Array;
  readonly count: number;
  readonly dimensions: number;
  /** Presentation time of each frame, seconds. Length `count`. */
  readonly times: Float64Array;
};
