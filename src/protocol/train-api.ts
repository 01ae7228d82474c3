import type { ClassifyReport } from '../core/classify/classify-report';
import type { Epoch } from '../core/classify/fit-network';
import type { TrainedHead } from '../core/classify/head';
import type { TrainSettings } from '../core/classify/settings';
import type { LabelledVideo } from '../core/evaluation/evaluation-set';
import type { CallOptions } from './progress';

/** Vectors of one space. */
export type VectorRows = {
  /** Row-major, a row a video. */
  readonly matrix: Float32Array;
  readonly dimensions: number;
};

export type TrainArgs = VectorRows & {
  /** The videos of the rows. */
  readonly videos: readonly LabelledVideo[];
  /** Labelled videos without a vector. */
  readonly withoutVectors: number;
  readonly settings: TrainSettings;
};

export type TrainOutcome = { readonly head: TrainedHead; readonly report: ClassifyReport };

/** Trains heads on vectors. The worker behind it owns nothing. */
export type TrainApi = {
  /** Trains and tests; `onEpochs` hears of epochs as they end. Errors: `training-impossible`, `training-diverged`,
   * `training-unsound`. */
  train(args: TrainArgs, onEpochs: (epochs: readonly Epoch[]) => void, options?: CallOptions): Promise<TrainOutcome>;
  /** Holds the training under way, or lets it go on. */
  pause(args: { paused: boolean }): Promise<void>;
  /** Probabilities [rows x classes]. */
  predict(args: { head: TrainedHead; rows: VectorRows }, options?: CallOptions): Promise<Float32Array>;
};
