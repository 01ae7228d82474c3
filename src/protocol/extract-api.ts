import type { ClassMatrix } from '../core/classes';
import type { ErrorRecord } from '../core/errors';
import type { ExtractorOptions, FeatureMatrix, Metric } from '../core/feature';
import type { MediaProbe } from '../core/media';
import type { Part, Sampling } from '../core/sampling';
import type { ModelInput } from '../extractors/extractor';
import type { LiveApi } from './live-api';
import type { CallOptions } from './progress';

export type ExtractionRequest = {
  readonly extractor: string;
  readonly sampling: Sampling;
  /** What was chosen of the extractor's options, defaults left out. */
  readonly options?: ExtractorOptions;
};

/** Pictures of a video in order of time, JPEG, longest side 320 pixels, for cards and previews. */
export type ThumbnailStrip = {
  readonly images: readonly Blob[];
  /** Seconds, one an image. */
  readonly times: readonly number[];
  readonly width: number;
  readonly height: number;
};

/** Wall-clock milliseconds of each stage of one extraction. */
export type ExtractionTimings = {
  readonly probe: number;
  readonly decode: number;
  readonly infer: number;
  readonly total: number;
};

export type Extraction = {
  /** Content identity of the file. */
  readonly id: string;
  readonly probe: MediaProbe;
  readonly features: readonly FeatureMatrix[];
  /** What the networks among the extractors recognised, where they tell classes apart. */
  readonly classes: readonly ClassMatrix[];
  /** Extractors that could not run (model missing, …) while others did. */
  readonly failures: readonly { readonly extractor: string; readonly error: ErrorRecord }[];
  readonly thumbnails: ThumbnailStrip;
  readonly timings: ExtractionTimings;
};

/** Vectors of a text and of the extractor's texts that fit any picture, and the scale of their cosines. */
export type DescribedText = {
  readonly vector: Float32Array;
  readonly neutral: readonly Float32Array[];
  readonly scale: number;
};

export type ModelSource = 'stored' | 'origin' | 'added' | 'downloaded';

/** State of one model file. */
export type ModelStatus = {
  /** Its id, as `extractors/model-files.ts` gives it: the extractor's own for its network. */
  readonly model: string;
  readonly state: 'ready' | 'missing' | 'invalid';
  /** Where the file in use came from; undefined while missing. */
  readonly source?: ModelSource;
  readonly fileName?: string;
  readonly bytes?: number;
  /** SHA-256, hex, of the file in use. */
  readonly sha256?: string;
  /** Whether the hash is the catalogue's. Another export is used all the same, as a space of its own. */
  readonly published?: boolean;
  readonly input?: ModelInput;
  /** Its 8-bit copy, where one was made. */
  readonly copy?: ModelCopy;
  readonly error?: ErrorRecord;
};

/** An 8-bit copy of a network; its vectors are a space of their own. */
export type ModelCopy = {
  /** SHA-256, hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** Mean cosine of its vectors and the network's, on pictures it was not made by. */
  readonly similarity: number;
  /** Speed beside the network's on the processor, where it was made. */
  readonly timesFaster: number;
  readonly inUse: boolean;
};

/** What runs the networks on this device. */
export type InferenceStatus = {
  readonly backend: 'webgpu' | 'wasm';
  readonly threads: number;
  readonly simd: boolean;
  readonly crossOriginIsolated: boolean;
  /** Name of the GPU, where one is in use. */
  readonly adapter?: string;
  /** Networks compute in 16-bit floats there, where that is faster. */
  readonly halfFloats?: boolean;
  /** Why a faster backend is not in use, in plain words. */
  readonly fallback?: string;
};

/** A video's shots, in order. */
export type FoundShots = {
  readonly shots: readonly Part[];
  /** Pictures of the middle of each shot. */
  readonly pictures: ThumbnailStrip;
  /** Seconds between the frames that were compared: a cut lies so far before the start of its shot at most. */
  readonly resolution: number;
  /** Key of the vectors' space, and how they are compared. */
  readonly space: string;
  readonly metric: Metric;
  /** [shots x dimensions], each the mean of frames of its shot; the one in its middle where means tell nothing. */
  readonly vectors: Float32Array;
};

/** Decoding, descriptors and model files. The worker behind it owns nothing of the library and may be killed at any moment. */
export type ExtractApi = LiveApi & {
  /** Content identity of a file: reads at most 192 kB of it. Errors: `file-unreadable`. */
  identify(args: { file: File }): Promise<string>;
  /** Several may be under way; networks take what is `urgent`, as a person waits for it, before all others. Errors: any of
   * the file codes; with no extractor able to run, the error of the first. */
  extract(
    args: { file: File; requests: readonly ExtractionRequest[]; urgent?: boolean },
    options?: CallOptions,
  ): Promise<Extraction>;
  /** Parts a video at its cuts, and in the middle of dissolves and fades, and describes each part. Of a video of
   * more than 20,000 frames so many are looked at, evenly. Errors: the file codes, `sound-only`, the model codes. */
  findShots(args: { file: File; request: ExtractionRequest }, options?: CallOptions): Promise<FoundShots>;
  /** An MP4 that `<video>` can play. Errors: file codes, `proxy-failed`. */
  makeProxy(args: { file: File }, options?: CallOptions): Promise<Blob>;
  /** Clip `index` (0..23) of the sample library, made on this device. Its path is `Sample library/<Family>/<name>.mp4`. */
  makeSample(args: { index: number }, options?: CallOptions): Promise<{ file: File; path: string }>;
  models(): Promise<readonly ModelStatus[]>;
  /** Takes a model file from the user. Errors: `model-invalid`, `model-operator-unsupported`, `model-output-unsupported`, `storage-full`. */
  addModel(args: { model: string; file: File }, options?: CallOptions): Promise<ModelStatus>;
  /** Downloads the catalogue's file and checks its hash. `url` overrides the catalogue's. Errors: the model codes. */
  downloadModel(args: { model: string; url?: string }, options?: CallOptions): Promise<ModelStatus>;
  /** Hashes the stored file again and runs the self-test. Errors: the model codes. */
  verifyModel(args: { model: string }, options?: CallOptions): Promise<ModelStatus>;
  removeModel(args: { model: string }): Promise<ModelStatus>;
  setModelInput(args: { model: string; input: ModelInput }): Promise<ModelStatus>;
  /** Makes a copy of a network of pictures that computes in 8 bits, faster on the processor, and takes it into use. Errors:
   * `copy-not-made`, `storage-full`, the model codes. */
  makeModelCopy(args: { model: string }, options?: CallOptions): Promise<ModelStatus>;
  switchModelCopy(args: { model: string; inUse: boolean }): Promise<ModelStatus>;
  removeModelCopy(args: { model: string }): Promise<ModelStatus>;
  /** A text in the space of an extractor that knows words. Errors: the model codes, `inference-failed`. */
  describeText(args: { extractor: string; text: string }, options?: CallOptions): Promise<DescribedText>;
  /** Loads and warms the models of these extractors, so that the first video need not wait. */
  warmUp(args: { extractors: readonly string[] }): Promise<InferenceStatus>;
  inference(): Promise<InferenceStatus>;
  /** `auto` takes a real GPU, else WASM; `webgpu` accepts a software adapter too (for tests). */
  setBackend(args: { backend: 'auto' | 'wasm' | 'webgpu' }): Promise<void>;
};
