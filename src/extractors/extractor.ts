import type { Aggregation, Metric } from '../core/feature';
import type { ClipBatch, Fit, FrameBatch, SoundBlock } from '../core/media';
import type { AudioSampling, ClipSampling, FrameSampling } from '../core/sampling';

/** What each kind of extractor is sampled by, and what its code is. A new kind is a new line here. */
type Kinds = {
  frame: { sampling: FrameSampling; code: PictureExtractor<FrameBatch> };
  clip: { sampling: ClipSampling; code: PictureExtractor<ClipBatch> };
  audio: { sampling: AudioSampling; code: SoundExtractor };
};
export type ExtractorKind = keyof Kinds;

/** A published model file that an extractor can use. Other exports of the same network are accepted too. */
export type ModelEntry = {
  /** File name, also under the app's own `models/` folder. */
  readonly file: string;
  /** Where a person may download it from. */
  readonly url: string;
  readonly bytes: number;
  /** SHA-256 of the file at `url`, hex. */
  readonly sha256: string;
  readonly licence: string;
  /** What the published file expects. Another export is inspected, and a person can correct the guess. */
  readonly input: ModelInput;
};

export type Normalisation = 'torchvision' | 'caffe' | 'tf';

/** How RGB bytes become a network's input tensor. */
export type ModelInput = {
  readonly layout: 'NCHW' | 'NHWC';
  readonly channels: 'RGB' | 'BGR';
  /** `torchvision`: (x / 255 - mean) / std; `caffe` (Keras ResNet-50): x - mean, 0..255; `tf`: x / 127.5 - 1. */
  readonly normalisation: Normalisation;
};

/** A loaded model, lent to an extractor. */
export type Inference = {
  readonly modelHash: string;
  readonly input: ModelInput;
  /** Input side lengths the network asks for, pixels. */
  readonly width: number;
  readonly height: number;
  /** Floats per item that come out, after pooling of feature maps. */
  readonly dimensions: number;
  /** Runs `count` items, laid out as `input` says [count x 3 x H x W] or [count x H x W x 3]; gives [count x dimensions].
   * Batching and padding are done inside. Errors: `inference-failed`. */
  run(items: Float32Array, count: number): Promise<Float32Array>;
};

export type ExtractionContext = {
  /** Present exactly when the card names a model. */
  readonly inference: Inference | undefined;
  readonly signal: AbortSignal | undefined;
};

/** `extract` gives one vector a frame or clip, [count x dimensions], and never keeps the batch. */
type PictureExtractor<Batch> = {
  extract(batch: Batch, context: ExtractionContext): Promise<Float32Array>;
};

/** `listen` begins with a file's sound. */
type SoundExtractor = {
  listen(context: ExtractionContext): Listener;
};

/** Follows the sound of one file, which comes in blocks of any length. */
export type Listener = {
  /** Takes the next block, never keeps it, and gives the moments that it completes. */
  hear(block: SoundBlock): Promise<Moments>;
  /** The sound has ended: gives the moments that are left. */
  finish(): Promise<Moments>;
};

/** Vectors of moments, [count x dimensions], and when each begins, seconds. */
export type Moments = { readonly vectors: Float32Array; readonly times: Float64Array };

/** The code of an extractor. */
export type Extractor<K extends ExtractorKind = ExtractorKind> = Kinds[K]['code'];

/** What is known of an extractor without loading its code; `kind` tells cards apart. */
export type ExtractorCard<K extends ExtractorKind = ExtractorKind> = { [Kind in K]: CardOf<Kind> }[K];

type CardOf<K extends ExtractorKind> = {
  readonly id: string;
  /** Raised whenever the vectors change: stored ones of another version count as missing. */
  readonly version: number;
  readonly label: string;
  /** One sentence for the interface: what it compares. */
  readonly summary: string;
  readonly kind: K;
  /** Floats per moment: a frame, a clip or a window of sound. */
  readonly dimensions: number;
  readonly aggregation: Aggregation;
  readonly metric: Metric;
  /** Default sampling; `fits` lists the framings of pictures a person may choose. */
  readonly sampling: Kinds[K]['sampling'];
  readonly fits: readonly Fit[];
  readonly model?: ModelEntry;
  readonly load: () => Promise<{ readonly extractor: Extractor<K> }>;
};

/** Ties a card's kind to its sampling and its code: a mismatch does not compile. */
export function defineExtractor<K extends ExtractorKind>(card: CardOf<K>): CardOf<K> {
  return card;
}
