import type { InputBlock } from '../core/map/input-rows';
import type { AutoencoderEpoch, MapNetwork, Projection, ProjectionSettings } from '../core/map/projection';
import type { CallOptions } from './progress';

/** What a projection is like while it is made. */
export type ProjectionUpdate = {
  /** Row-major [rows x 2]; absent where they are not known yet. */
  readonly coordinates?: Float32Array;
  /** Those that ended since the last update. */
  readonly epochs: readonly AutoencoderEpoch[];
};

export type ProjectionOutcome = Pick<Projection, 'coordinates' | 'explained' | 'autoencoder'>;

/** The part of the training worker that makes maps. Rows of the blocks are the same videos. */
export type ProjectApi = {
  /** Errors: `map-impossible`, `training-diverged`, `training-unsound`. */
  project(
    args: { readonly blocks: readonly InputBlock[]; readonly settings: ProjectionSettings },
    onUpdate: (update: ProjectionUpdate) => void,
    options?: CallOptions,
  ): Promise<ProjectionOutcome>;
  /** Where a trained network puts other rows of the same spaces, and how well it rebuilds each. Errors: `map-impossible`,
   * `training-unsound`. */
  place(args: {
    readonly blocks: readonly InputBlock[];
    readonly settings: ProjectionSettings;
    readonly network: MapNetwork;
  }): Promise<{ readonly coordinates: Float32Array; readonly errors: Float32Array }>;
  /** The cluster of every row, the largest cluster being 0; see `core/k-means.ts`. */
  cluster(
    args: { readonly blocks: readonly InputBlock[]; readonly settings: ProjectionSettings; readonly clusters: number },
    options?: CallOptions,
  ): Promise<Int32Array>;
};

/** Names one of the maps that are kept. */
export type ProjectionEntry = Pick<Projection, 'settings' | 'spaces' | 'created'> & {
  readonly key: string;
  readonly videos: number;
};

/** The part of the library's worker that keeps maps. */
export type MapsApi = {
  /** Keeps one map of each method and choice of spaces. */
  keepProjection(args: { projection: Projection }): Promise<void>;
  /** Newest first. */
  projections(): Promise<readonly ProjectionEntry[]>;
  projection(args: { key: string }): Promise<Projection | undefined>;
  /** Makes a map's places a descriptor of its videos, compared by Euclidean distance: it can be searched and evaluated as
   * any other. Gives the key of its space. Errors: `features-missing`. */
  describeByMap(args: { key: string }): Promise<string>;
  /** Takes that descriptor away again; the map stays. */
  forgetMapDescriptor(args: { key: string }): Promise<void>;
};
