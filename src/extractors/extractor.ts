import type { ClassScores } from '../core/classes';
import type { Aggregation, ExtractorOptions, Metric } from '../core/feature';
import type { ImageShape } from '../core/map/image-shape';
import type { ClipBatch, Fit, FrameBatch, SoundBlock } from '../core/media';
import type { AudioSampling, ClipSampling, FrameSampling } from '../core/sampling';

/** What each kind of extractor is sampled by, and what its code is. A new kind is a new line here. */
type Kinds = {
  frame: { sampling: FrameSampling; code: PictureExtractor<FrameBatch> };
  clip: { sampling: ClipSampling; code: PictureExtractor<ClipBatch> };
  audio: { sampling: AudioSampling; code: SoundExtractor };
};
export type ExtractorKind = keyof Kinds;

/** A file that an extractor needs and somebody publishes. */
export type PublishedFile = {
  /** File name, also under the app's own `models/` folder. */
  readonly file: string;
  /** Where a person may download it from. */
  readonly url: string;
  readonly bytes: number;
  /** SHA-256 of the file at `url`, hex. */
  readonly sha256: string;
  readonly licence: string;
};

/** What networks are fed with, float32 unless said otherwise:
 * `picture` [N, 3, H, W] or [N, H, W, 3];
 * `clip` [1, 3, T, H, W], [1, T, 3, H, W] or [T, 3, H, W], T fixed or free;
 * `patches` of a log-mel spectrogram, 96 frames of 64 bands, [N, 96, 64], [N, 1, 96, 64] or [N, 96, 64, 1];
 * `waveform` [samples] or [B, samples];
 * `tokens` int64 or int32 [B, 77]. */
export type InputKind = 'picture' | 'clip' | 'patches' | 'waveform' | 'tokens';

/** The model file of an extractor: one that is published, where other exports of the same network are accepted too, or
 * just the name that a person's own file is kept under. */
export type ModelEntry = (PublishedFile | (Pick<PublishedFile, 'file'> & { readonly url?: undefined })) & {
  /** What the extractor can make of a video. A file that takes none of these is refused. */
  readonly accepts: readonly InputKind[];
  /** How the published file wants its pixels, or every such network where none is published; absent where it sees none.
   * Another export of a published one is inspected, and a person can correct the guess. */
  readonly input?: ModelInput;
};

export type Normalisation = 'torchvision' | 'caffe' | 'tf' | 'clip' | 'unit';

/** How RGB bytes become a network's input tensor. */
export type ModelInput = {
  /** The last three are those of clips. */
  readonly layout: 'NCHW' | 'NHWC' | 'NCTHW' | 'NTCHW' | 'TCHW';
  readonly channels: 'RGB' | 'BGR';
  /** `torchvision`: (x / 255 - mean) / std; `clip`: the same with CLIP's own; `caffe` (Keras ResNet-50): x - mean,
   * 0..255; `tf`: x / 127.5 - 1; `unit`: x / 255. */
  readonly normalisation: Normalisation;
};

/** What the loaded model is to be fed with. Sides in pixels; `frames` and `samples` are undefined where any number will
 * do; `length` is the number of tokens. */
export type NetworkInput =
  | (ModelInput & { readonly kind: 'picture'; readonly width: number; readonly height: number })
  | (ModelInput & {
      readonly kind: 'clip';
      readonly width: number;
      readonly height: number;
      readonly frames: number | undefined;
    })
  | { readonly kind: 'patches' }
  | { readonly kind: 'waveform'; readonly samples: number | undefined }
  | { readonly kind: 'tokens'; readonly length: number };

export type NetworkOutput = {
  /** [rows x dimensions], feature maps averaged. A row an item; of a waveform as many as the network makes. */
  readonly features: Float32Array;
  /** Where the file also gives the classes of a known vocabulary: a row for each row of features. */
  readonly scores: ClassScores | undefined;
};

/** A loaded model, lent to an extractor. */
export type Inference = {
  readonly modelHash: string;
  readonly input: NetworkInput;
  /** Floats of a row of features. */
  readonly dimensions: number;
  /** Runs `count` items of equal length, laid out end to end as `input` says (tokens as whole numbers). Batching and
   * padding are done inside. Errors: `inference-failed`. */
  run(items: Float32Array, count: number): Promise<NetworkOutput>;
};

export type ExtractionContext = {
  /** Present exactly when the card names a model. */
  readonly inference: Inference | undefined;
  readonly signal: AbortSignal | undefined;
  /** What the person chose of the card's options, defaults left out. */
  readonly options?: ExtractorOptions;
};

/** Vectors, [count x dimensions], and what a classifier beside them says of each. */
export type Described = { readonly vectors: Float32Array; readonly scores: ClassScores | undefined };

/** `extract` gives one vector a frame or clip, [count x dimensions], and never keeps the batch. */
type PictureExtractor<Batch> = {
  extract(batch: Batch, context: ExtractionContext): Promise<Float32Array | Described>;
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

/** Described moments of the sound, and when each begins, seconds. */
export type Moments = Described & { readonly times: Float64Array };

/** The code of an extractor. */
export type Extractor<K extends ExtractorKind = ExtractorKind> = Kinds[K]['code'];

/** The files and the code that turn a text into a vector of an extractor's space. */
type WordsEntry = {
  /** The network for texts; it must take `tokens`. */
  readonly model: ModelEntry;
  /** A `tokenizer.json` as Hugging Face publishes them. */
  readonly tokenizer: PublishedFile;
  /** What the two networks multiplied cosines by at the end of their training. */
  readonly scale: number;
  /** Texts that fit any picture: a text that is searched for must fit better. */
  readonly neutral: readonly string[];
  readonly load: () => Promise<{ readonly describeText: TextDescriber }>;
};

/** One vector [dimensions] of a text. `tokenizer` is the parsed file. Errors: `inference-failed`. */
export type TextDescriber = (
  text: string,
  context: { readonly inference: Inference; readonly tokenizer: object },
) => Promise<Float32Array>;

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
  /** Floats per moment: a frame, a clip or a window of sound; undefined where the model file decides. */
  readonly dimensions: number | undefined;
  /** Where a vector is a picture, row by row: networks can look for shapes in it. */
  readonly image?: ImageShape;
  readonly aggregation: Aggregation;
  readonly metric: Metric;
  /** Default sampling; `fits` lists the framings of pictures a person may choose. */
  readonly sampling: Kinds[K]['sampling'];
  readonly fits: readonly Fit[];
  readonly model?: ModelEntry;
  /** How words are found among the vectors, where a network for texts was trained with that for pictures or sounds. */
  readonly words?: WordsEntry;
  /** True for what works once its files are there, and is not missed until then. */
  readonly optional?: boolean;
  /** True for what describes no video until a person switches it on. */
  readonly optIn?: boolean;
  /** What a person may choose. Each choice makes a space of its own; the code gets it as `context.options`. */
  readonly options?: readonly ExtractorOption[];
  readonly load: () => Promise<{ readonly extractor: Extractor<K> }>;
};

/** One of a card's options. The first of the `values` is the default; a number is a whole one, `unit` is what it counts. */
export type ExtractorOption = { readonly id: string; readonly label: string } & (
  | { readonly type: 'choice'; readonly values: readonly { readonly value: string; readonly label: string }[] }
  | {
      readonly type: 'number';
      readonly unit: string;
      readonly standard: number;
      readonly least: number;
      readonly most: number;
    }
);

/** Ties a card's kind to its sampling and its code: a mismatch does not compile. */
export function defineExtractor<K extends ExtractorKind>(card: CardOf<K>): CardOf<K> {
  return card;
}
