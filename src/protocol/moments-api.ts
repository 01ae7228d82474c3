import type { FeatureMatrix } from '../core/feature';
import type { Alignment, Segment } from '../core/moments/align';
import type { Containment } from '../core/moments/coverage';
import type { Part } from '../core/sampling';
import type { CallOptions } from './progress';

/** Hashes of a video's frames. */
export type TimelineSource = {
  readonly features: FeatureMatrix;
  /** Of the video, seconds; undefined where its file does not say. */
  readonly duration: number | undefined;
  /** Compare this part of it alone. */
  readonly part?: Part;
};

/** One axis of an alignment: what was compared of a video. Seconds. */
export type TimelineFacts = {
  readonly count: number;
  /** Frames that can be told from others: neither dark nor plain. */
  readonly telling: number;
  readonly from: number;
  readonly to: number;
  readonly spacing: number;
};

export type AlignedTimelines = Alignment & { readonly query: TimelineFacts; readonly match: TimelineFacts };

/** A video of the library in which some of the query occurs, or which occurs in the query. */
export type Occurrence = {
  readonly id: string;
  readonly containment: Containment;
  readonly segments: readonly Segment[];
  readonly mirrored: boolean;
  readonly cropped: Alignment['cropped'];
  /** Distance of the video's compared frames, seconds: segments are as fine as this. */
  readonly spacing: number;
};

export type OccurrenceReport = {
  readonly query: TimelineFacts;
  /** The one that shares most seconds with the query first. */
  readonly found: readonly Occurrence[];
  /** Videos that were compared, and indexed ones that have no hashes of this kind. */
  readonly compared: number;
  readonly lacking: number;
};

export type MomentsApi = {
  /** Where two videos show the same. Errors: `spaces-differ` where their hashes cannot be compared, `part-empty`. */
  alignTimelines(
    args: { query: TimelineSource; match: TimelineSource },
    options?: CallOptions,
  ): Promise<AlignedTimelines>;
  /** Every video of the library but `exclude` that shows some of the query. Runs in slices. Errors: as `alignTimelines`. */
  findOccurrences(args: { query: TimelineSource; exclude?: string }, options?: CallOptions): Promise<OccurrenceReport>;
};
