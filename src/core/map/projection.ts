import type { Layer } from '../classify/head';
import type { Preprocessing } from '../classify/preprocessing';
import type { ImageShape } from './image-shape';
import type { InputScaling } from './input-rows';

/** How vectors become places on a plane. The same settings and vectors give the same map. */
export type ProjectionSettings = { readonly seed: number; readonly scaling: InputScaling } & Method;

type Method =
  /** Neighbourhoods kept as far as a plane can (McInnes, Healy and Melville 2018). */
  | { readonly method: 'umap'; readonly neighbours: number; readonly minDistance: number }
  /** The two directions in which the vectors vary most. */
  | { readonly method: 'pca' }
  /** The latent means of a variational autoencoder (Kingma and Welling 2014). */
  | ({ readonly method: 'vae' } & AutoencoderSettings)
  /** The same of a convolutional one, over vectors that are pictures of that shape. */
  | ({ readonly method: 'conv-vae'; readonly image: ImageShape } & AutoencoderSettings);

export type AutoencoderSettings = {
  readonly hidden: number;
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  /** What the divergence from the normal distribution counts beside the reconstruction. */
  readonly divergenceWeight: number;
};

export type ProjectionMethod = ProjectionSettings['method'];

/** Fewer points make no map. */
export const fewestPoints = 4;

/** Losses of an epoch, each a mean over the videos. */
export type AutoencoderEpoch = {
  readonly epoch: number;
  /** Half the squared error, summed over the values. */
  readonly reconstruction: number;
  readonly divergence: number;
};

/** What puts videos on an autoencoder's plane: how the columns of each space are scaled, and the layers. */
export type MapNetwork = { readonly columns: readonly Preprocessing[]; readonly layers: readonly Layer[] };

/** A map of the library, as it is kept. */
export type Projection = {
  readonly settings: ProjectionSettings;
  /** Keys of the spaces whose vectors were laid end to end. */
  readonly spaces: readonly string[];
  /** ISO 8601. */
  readonly created: string;
  readonly ids: readonly string[];
  /** Row-major [ids x 2]. */
  readonly coordinates: Float32Array;
  /** Share of the variance that each axis shows; of PCA alone. */
  readonly explained?: readonly [number, number];
  readonly autoencoder?: {
    readonly epochs: readonly AutoencoderEpoch[];
    /** Mean squared error of each video's standardised values. */
    readonly errors: Float32Array;
    /** Absent in maps that were kept without. */
    readonly network?: MapNetwork;
  };
};

/** Names the space in which the places of a map describe videos. */
export const mapSpaceKey = (key: string): string => `map:${key}`;

/** One map is kept of each method and choice of spaces: this names it. */
export function projectionKey({
  settings,
  spaces,
}: Pick<Projection, 'spaces'> & { settings: { method: string } }): string {
  return JSON.stringify([settings.method, ...[...spaces].sort()]);
}
