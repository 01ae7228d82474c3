import type { ClassifyReport } from '../core/classify/classify-report';
import type { TrainSettings } from '../core/classify/settings';
import type { VideoRecord } from '../core/video';
import type { TrainOutcome, VectorRows } from './train-api';

/** A trained head that is kept, without its weights. */
export type HeadEntry = {
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly created: string;
  /** Key of the space whose vectors it takes. */
  readonly space: string;
  readonly settings: TrainSettings;
  readonly classes: number;
  readonly test: number;
  readonly accuracy: number;
  /** mAP over classes. */
  readonly map: number;
};

export type KeptHead = TrainOutcome & { readonly entry: HeadEntry };

/** Vectors of some videos; those without one are absent. */
export type VideoVectors = VectorRows & { readonly ids: readonly string[] };

/** The part of the library's worker that classifiers use. */
export type ClassifyApi = {
  /** Vectors in one space, not normalised, in the order of `ids`. Errors: `features-missing`. */
  vectors(args: { space: string; ids: readonly string[] }): Promise<VideoVectors>;
  /** Sets the labels of several videos in one transaction. */
  relabel(args: {
    videos: readonly { readonly id: string; readonly labels: readonly string[] }[];
  }): Promise<readonly VideoRecord[]>;
  /** Newest first. */
  heads(): Promise<readonly HeadEntry[]>;
  keepHead(args: { name: string; space: string } & TrainOutcome): Promise<HeadEntry>;
  /** Errors: `head-missing`. */
  keptHead(args: { id: string }): Promise<KeptHead>;
  headReport(args: { id: string }): Promise<ClassifyReport>;
  removeHead(args: { id: string }): Promise<void>;
};
