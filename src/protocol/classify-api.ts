import type { ClassifyReport, ExamplesKey } from '../core/classify/classify-report';
import type { TrainedHead } from '../core/classify/head';
import type { PackedMoments } from '../core/classify/rows';
import type { TrainSettings } from '../core/classify/settings';
import type { TruthRow } from './evaluation-api';
import type { FeatureFilesSummary, TrainCheckpoint, TrainOutcome, VectorRows } from './train-api';

/** Networks of vectors, of moments, and labelled videos that vote. */
export type HeadKind = 'network' | 'attention' | 'gru' | 'nearest-neighbours';

/** A trained head that is kept, without its weights. */
export type HeadEntry = {
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly created: string;
  /** Key of the space whose vectors it takes; undefined where that is not known, as of most features files. */
  readonly space: string | undefined;
  readonly classes: number;
  /** What it is; absent from entries kept before it was recorded. */
  readonly kind?: HeadKind;
  /** Of its training and test; absent for a head that was imported. */
  readonly trained?: {
    readonly settings: TrainSettings;
    readonly examples?: ExamplesKey;
    readonly test: number;
    readonly accuracy: number;
    /** mAP over classes. */
    readonly map: number;
  };
};

/** Whether it takes the moments of a video, rather than one vector. */
export function takesMoments({ kind, trained }: Pick<HeadEntry, 'kind' | 'trained'>): boolean {
  const known = kind ?? trained?.settings.head.name;
  return known === 'attention' || known === 'gru';
}

export type KeptHead = { readonly entry: HeadEntry; readonly head: TrainedHead };

export type HeadFormat = 'onnx' | 'npz';

/** Vectors of some videos; those without one are absent. */
export type VideoVectors = VectorRows & { readonly ids: readonly string[] };

/** Moments of some videos; those without are absent. */
export type VideoMoments = PackedMoments & { readonly ids: readonly string[] };

/** What a training learns from, as a later tab can gather it again. */
export type CheckpointSource =
  | { readonly from: 'library'; readonly space: string; readonly truth: readonly TruthRow[] }
  | { readonly from: 'files'; readonly files: FeatureFilesSummary['files']; readonly space: string | undefined };

/** A training that was interrupted. */
export type CheckpointEntry = {
  readonly name: string;
  readonly source: CheckpointSource;
  readonly settings: TrainSettings;
  /** ISO 8601. */
  readonly kept: string;
  /** The epoch under way. */
  readonly epoch: number;
};

/** The part of the library's worker that classifiers use. */
export type ClassifyApi = {
  /** Vectors in one space, not normalised, in the order of `ids`. Errors: `features-missing`. */
  vectors(args: { space: string; ids: readonly string[] }): Promise<VideoVectors>;
  /** Moments in one space, at most `most` of a video, evenly over it. */
  moments(args: { space: string; ids: readonly string[]; most: number }): Promise<VideoMoments>;
  /** Newest first. */
  heads(): Promise<readonly HeadEntry[]>;
  keepHead(args: { name: string; space: string | undefined } & TrainOutcome): Promise<HeadEntry>;
  /** Errors: `head-missing`. */
  keptHead(args: { id: string }): Promise<KeptHead>;
  /** Its test; undefined for a head that was imported. Errors: `head-missing`. */
  headReport(args: { id: string }): Promise<ClassifyReport | undefined>;
  /** A file that `importHead` takes: a network for any runtime of ONNX, or arrays for NumPy. Errors: `head-missing`. */
  exportHead(args: { id: string; format: HeadFormat }): Promise<Blob>;
  /** Keeps a head from a file. Errors: `head-invalid`, with the reason; nothing is kept then. */
  importHead(args: { file: File }): Promise<HeadEntry>;
  removeHead(args: { id: string }): Promise<void>;
  /** Keeps where the training stands, in place of an earlier one. */
  keepCheckpoint(args: { entry: CheckpointEntry; checkpoint: TrainCheckpoint }): Promise<void>;
  /** The training that was interrupted, if any. */
  checkpointEntry(): Promise<CheckpointEntry | undefined>;
  /** Errors: `checkpoint-stale` where there is none. */
  checkpoint(): Promise<TrainCheckpoint>;
  dropCheckpoint(): Promise<void>;
};
