import type { ClassScores } from '../core/classes';
import type { ExtractorOptions } from '../core/feature';
import type { Fit } from '../core/media';
import type { CallOptions } from './progress';

/** What is on screen now, or what was heard last: mono, -1..1. */
export type LiveMoment =
  | { readonly kind: 'frame'; readonly picture: ImageBitmap }
  | { readonly kind: 'sound'; readonly samples: Float32Array; readonly sampleRate: number };

export type LiveRequest = {
  readonly extractor: string;
  readonly options: ExtractorOptions;
  /** How pictures are framed; the extractor's own way where absent. */
  readonly fit?: Fit;
  readonly moment: LiveMoment;
};

export type DescribedMoment = {
  /** Key of the vector's space. */
  readonly space: string;
  readonly vector: Float32Array;
  /** One row, where the network tells classes apart. */
  readonly scores: ClassScores | undefined;
};

/** The part of the extracting worker that follows a camera. */
export type LiveApi = {
  /** Describes one moment as a frame, or a window of sound, of a video is described. The worker closes its copy of the
   * picture. Errors: the model codes, `inference-failed`, `spaces-differ` for a moment of another kind. */
  describeMoment(args: LiveRequest, options?: CallOptions): Promise<DescribedMoment>;
};
