import type { ClassifyReport } from '../core/classify/classify-report';
import type { Epoch, FitPosition, OptimiserState } from '../core/classify/fit-network';
import type { TrainedHead } from '../core/classify/head';
import type { PackedMoments } from '../core/classify/rows';
import type { TrainSettings } from '../core/classify/settings';
import type { LabelledVideo } from '../core/evaluation/evaluation-set';
import type { ProjectApi } from './map-api';
import type { CallOptions } from './progress';

/** Vectors of one space. */
export type VectorRows = {
  /** Row-major, a row a video. */
  readonly matrix: Float32Array;
  readonly dimensions: number;
};

/** What is learnt from. */
export type TrainExamples =
  | (VectorRows & {
      readonly from: 'library';
      /** The videos of the rows. */
      readonly videos: readonly LabelledVideo[];
      /** Labelled videos without a vector. */
      readonly withoutVectors: number;
      /** Of the same videos, for heads over moments. */
      readonly moments?: PackedMoments;
    })
  | { readonly from: 'files'; readonly files: readonly File[] };

export type TrainArgs = {
  readonly examples: TrainExamples;
  readonly settings: TrainSettings;
  /** Where an earlier training of the same settings stopped. */
  readonly checkpoint?: TrainCheckpoint | undefined;
};

export type TrainOutcome = { readonly head: TrainedHead; readonly report: ClassifyReport };

/** A training under way, as a worker that ended can be replaced. */
export type TrainCheckpoint = {
  /** Of examples, labels, split and vectors: another one is another training. */
  readonly dataHash: string;
  readonly position: FitPosition;
  readonly state: OptimiserState;
  readonly epochs: readonly Epoch[];
};

/** What features files hold. */
export type FeatureFilesSummary = {
  readonly files: readonly { readonly name: string; readonly size: number; readonly lastModified: number }[];
  readonly formats: readonly string[];
  readonly examples: number;
  readonly dimensions: number;
  /** Values of a moment, and how many an example has at most, of those that are kept; undefined where not all examples have moments. */
  readonly moments: { readonly width: number; readonly most: number } | undefined;
  readonly labels: number;
  /** Labels of fewer than five examples. */
  readonly rareLabels: number;
  readonly unlabelled: number;
  readonly severalLabels: number;
  /** Whether any example has a group, and whether the examples are parted into train and test. */
  readonly groups: boolean;
  readonly split: boolean;
  /** Key of the space the vectors are of, where the file says so. */
  readonly space: string | undefined;
};

/** Trains heads on vectors, and makes maps of them. The worker behind it owns nothing. */
export type TrainApi = ProjectApi & {
  /** Reads files of features, and keeps what was read for the trainings to come. Errors: `features-file-invalid`,
   * `storage-full`, `storage-unavailable`. */
  readFeatureFiles(args: { files: readonly File[] }, options?: CallOptions): Promise<FeatureFilesSummary>;
  /** Trains and tests; `onEpochs` hears of epochs as they end, `onCheckpoint` now and then of where the training stands.
   * Errors: `training-impossible`, `training-diverged`, `training-unsound`, `checkpoint-stale`; those of `readFeatureFiles`. */
  train(
    args: TrainArgs,
    onEpochs: (epochs: readonly Epoch[]) => void,
    onCheckpoint: (checkpoint: TrainCheckpoint) => void,
    options?: CallOptions,
  ): Promise<TrainOutcome>;
  /** Keeps a head at hand for `ask`, instead of the one before. */
  hold(args: { head: TrainedHead }): Promise<void>;
  /** Probabilities of one vector by the head at hand [classes]. Errors: `head-missing`. */
  ask(args: { vector: Float32Array }): Promise<Float32Array>;
  /** Probabilities [rows x classes]; of moments for a head that reads them. */
  predict(args: { head: TrainedHead; rows: VectorRows | PackedMoments }, options?: CallOptions): Promise<Float32Array>;
};
