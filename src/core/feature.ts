import type { Sampling } from './sampling';

/** How two vectors of a space are compared. `hamming` is the share of equal bits, of hashes kept as +1 and -1. */
export type Metric = 'cosine' | 'euclidean' | 'hamming';

/** How the vectors of a video's moments become its one vector: their mean, or all of them end to end. */
export type Aggregation = 'mean' | 'concatenate';

/** What must be equal for two vectors to be comparable. Sampling is recorded beside each vector, not here. */
export type Space = {
  readonly extractor: string;
  readonly version: number;
  /** SHA-256 of the model file, hex; null for extractors without weights. */
  readonly modelHash: string | null;
  /** How pixels or sound became the network's input: `squeeze; RGB torchvision`, `mono 16000 Hz`,
   * `squeeze; clusters=20`. */
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

/** What a person chose of an extractor's options, by their ids: those that differ from the default alone. */
export type ExtractorOptions = Readonly<Record<string, string | number>>;

/** What a space says of its preprocessing: how pictures were framed and sound resampled, what its network then got, and
 * which of the extractor's options differ from their defaults. */
export function preprocessingOf(
  sampling: Sampling,
  input?: { readonly channels: string; readonly normalisation: string },
  options: ExtractorOptions = {},
): string {
  const seen = 'sampleRate' in sampling ? `mono ${sampling.sampleRate} Hz` : sampling.fit;
  const fed = input ? [`${input.channels} ${input.normalisation}`] : [];
  return [seen, ...fed, ...Object.entries(options).map(([id, value]) => `${id}=${value}`)].join('; ');
}

/** What an extractor made of one video. The caller owns the buffers (they may be transferred). */
export type FeatureMatrix = {
  readonly space: Space;
  readonly sampling: Sampling;
  /** The video's vector, not normalised: the mean of the moments' vectors [D], or all of them [count x D]. */
  readonly vector: Float32Array;
  /** Vectors of the moments (frames, clips or windows of sound), row-major [count x dimensions]. */
  readonly frames: Float32Array;
  readonly count: number;
  readonly dimensions: number;
  /** When each moment is, or begins where it lasts, seconds. Length `count`. */
  readonly times: Float64Array;
};
