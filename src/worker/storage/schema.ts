import type { DBSchema } from 'idb';
import type { ClassMatrix } from '../../core/classes';
import type { ClassifyReport } from '../../core/classify/classify-report';
import type { TrainedHead } from '../../core/classify/head';
import type { Space } from '../../core/feature';
import type { Projection } from '../../core/map/projection';
import type { Sampling } from '../../core/sampling';
import type { QuantisedFrames } from '../../core/similarity/quantise';
import type { VideoRecord } from '../../core/video';
import type { CheckpointEntry, HeadEntry } from '../../protocol/classify-api';
import type { ReportEntry } from '../../protocol/evaluation-api';
import type { FoundShots } from '../../protocol/extract-api';
import type { KeptFolder } from '../../protocol/library-api';
import type { TrainCheckpoint } from '../../protocol/train-api';

/** `removed` is when a person deleted the video, milliseconds since 1970; it is gone for good after the purge. */
export type VideoRow = VideoRecord & { readonly removed?: number };

/** The vector of one video in one space, float32 and not normalised. */
export type VectorRow = {
  readonly space: string;
  readonly video: string;
  readonly vector: Float32Array;
  /** Number of frame vectors stored beside it. */
  readonly frames: number;
  readonly sampling: Sampling;
};

/** Vectors of one space and length side by side, a copy of their {@link VectorRow}s: reading 4 MB at once is several
 * times faster than 512 rows. A video that is also in `unpacked`, or no longer in the space, counts as absent here. */
export type PackRow = {
  readonly space: string;
  readonly videos: readonly string[];
  /** Number of frame vectors of each. */
  readonly frames: readonly number[];
  readonly dimensions: number;
  /** Of the pack files: float32 as it lies in memory, [videos x dimensions]. */
  readonly file: string;
};

/** Marks a vector that no pack holds as it is now. */
type UnpackedRow = { readonly space: string; readonly video: string };

/** The frame vectors behind a {@link VectorRow}: most of the bytes, read for the top matches only. */
export type FramesRow = QuantisedFrames & {
  readonly space: string;
  readonly video: string;
  /** Seconds, one a frame. */
  readonly times: Float64Array;
};

/** The likeliest classes of a video's moments, as one network saw or heard them: all of a {@link ClassMatrix} but the
 * means. */
export type ClassesRow = Omit<ClassMatrix, 'means'> & { readonly video: string };

export type SpaceRow = {
  readonly key: string;
  readonly space: Space;
  /** Sampling and `dimensions` are those of the vector stored last. */
  readonly sampling: Sampling;
  /** Floats of a video's vector, and of a frame's. */
  readonly dimensions: number;
  readonly frameDimensions: number;
  readonly imported: boolean;
};

/** Pictures as bytes: IndexedDB keeps each Blob as a file of its own, which costs more than the picture. */
export type ThumbnailsRow = {
  readonly video: string;
  readonly images: readonly { readonly bytes: Uint8Array<ArrayBuffer>; readonly type: string }[];
  readonly times: readonly number[];
  readonly width: number;
  readonly height: number;
};

/** Shots of a video, their vectors and pictures. */
type ShotsRow = Omit<FoundShots, 'pictures'> & {
  readonly video: string;
  readonly pictures: Omit<ThumbnailsRow, 'video'>;
};

type ProxyRow = { readonly video: string; readonly blob: Blob };

/** Two videos that a person said are no duplicates; their ids in order. */
export type DismissedPairRow = { readonly ids: [first: string, second: string] };

/** An evaluation report as it is exported: UTF-8 JSON. */
export type ReportRow = {
  readonly id: string;
  readonly entry: ReportEntry;
  readonly json: Uint8Array<ArrayBuffer>;
};

/** A head and its test, where it was trained here; the weights, many megabytes, lie apart. */
type HeadRow = { readonly id: string; readonly entry: HeadEntry; readonly report?: ClassifyReport };
type HeadWeightsRow = { readonly id: string; readonly head: TrainedHead };

/** The training under way: what it is, and where it stands. */
type CheckpointRow =
  | { readonly part: 'entry'; readonly entry: CheckpointEntry }
  | { readonly part: 'state'; readonly checkpoint: TrainCheckpoint };

type ProjectionRow = { readonly key: string; readonly projection: Projection };

export type Schema = DBSchema & {
  videos: { key: string; value: VideoRow };
  vectors: { key: [space: string, video: string]; value: VectorRow; indexes: { video: string } };
  packs: { key: number; value: PackRow; indexes: { space: string } };
  unpacked: { key: [space: string, video: string]; value: UnpackedRow };
  frames: { key: [space: string, video: string]; value: FramesRow; indexes: { video: string } };
  classes: { key: [space: string, video: string]; value: ClassesRow; indexes: { video: string } };
  spaces: { key: string; value: SpaceRow };
  thumbnails: { key: string; value: ThumbnailsRow };
  proxies: { key: string; value: ProxyRow };
  shots: { key: string; value: ShotsRow; indexes: { space: string } };
  folders: { key: string; value: KeptFolder };
  reports: { key: string; value: ReportRow };
  dismissedPairs: { key: [first: string, second: string]; value: DismissedPairRow };
  heads: { key: string; value: HeadRow };
  headWeights: { key: string; value: HeadWeightsRow };
  checkpoints: { key: string; value: CheckpointRow };
  projections: { key: string; value: ProjectionRow };
};

export const storeNames = [
  'videos',
  'vectors',
  'packs',
  'unpacked',
  'frames',
  'classes',
  'spaces',
  'thumbnails',
  'proxies',
  'shots',
  'folders',
  'reports',
  'dismissedPairs',
  'heads',
  'headWeights',
  'checkpoints',
  'projections',
] as const;

export type StoreName = (typeof storeNames)[number];
