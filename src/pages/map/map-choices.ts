import type { InputScaling } from '../../core/map/input-rows';
import type { ProjectionMethod, ProjectionSettings } from '../../core/map/projection';
import { extractors } from '../../extractors/registry';
import { extractorLabel, type SpaceSummary } from '../descriptor-words';

/** What the form holds. */
export type MapChoices = {
  readonly method: ProjectionMethod;
  /** Keys, none of them where all were taken off; undefined for what suits the method. */
  readonly spaces: readonly string[] | undefined;
  /** Undefined for what suits the descriptors. */
  readonly scaling: InputScaling | undefined;
  readonly neighbours: number;
  readonly minDistance: number;
  readonly hidden: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly divergenceWeight: number;
  readonly seed: number;
};

export const initialChoices: MapChoices = {
  method: 'umap',
  spaces: undefined,
  scaling: undefined,
  neighbours: 15,
  minDistance: 0.1,
  hidden: 64,
  epochs: 1000,
  learningRate: 0.001,
  divergenceWeight: 1,
  seed: 1,
};

export const methodWords: Readonly<Record<ProjectionMethod, string>> = {
  umap: 'UMAP',
  pca: 'PCA',
  vae: 'VAE',
  'conv-vae': 'Convolutional VAE',
};

export const methodMeaning: Readonly<Record<ProjectionMethod, string>> = {
  umap: 'Keeps near videos near; distances between heaps say little.',
  pca: 'The two directions in which the videos differ most; distances are true but for what the plane cannot show.',
  vae: 'A small network learns to put each video in two numbers and to rebuild it from them.',
  'conv-vae':
    'A network that looks for shapes in pictures of the sound learns to put each in two numbers and to rebuild it.',
};

const imageOf = ({ space }: SpaceSummary) => extractors.find(({ id }) => id === space.extractor)?.image;

/** The descriptors that a method takes: a convolutional network needs pictures. */
export const fittingSpaces = (spaces: readonly SpaceSummary[], method: ProjectionMethod): readonly SpaceSummary[] =>
  method === 'conv-vae' ? spaces.filter(imageOf) : spaces;

/** The best descriptor alone; for the autoencoder sound and pictures together, as it was published, where both are. */
export function suitedSpaces(spaces: readonly SpaceSummary[], method: ProjectionMethod): readonly string[] {
  const of = (id: string) => spaces.find(({ space }) => space.extractor === id)?.key;
  const [sound, pictures] = [of('audio-statistics'), of('clip')];
  if (method === 'vae' && sound !== undefined && pictures !== undefined) return [sound, pictures];
  const [best] = spaces;
  return best ? [best.key] : [];
}

/** Networks' vectors at unit length, as cosine sees them; all else standardised, as the autoencoder always. */
export function suitedScaling(
  spaces: readonly SpaceSummary[],
  { method, scaling }: Pick<MapChoices, 'method' | 'scaling'>,
): InputScaling {
  if (scaling) return scaling;
  const [only] = spaces;
  const card = extractors.find(({ id }) => id === only?.space.extractor);
  const ofNetwork = !card || ('model' in card && card.model !== undefined);
  return !isAutoencoder(method) && spaces.length === 1 && ofNetwork ? 'unit' : 'standardise';
}

/** Whether a network is trained. Its values are always standardised. */
export const isAutoencoder = (method: ProjectionMethod): boolean => method === 'vae' || method === 'conv-vae';

/** Steps of an epoch stay few in large libraries: a thousand epochs must end. */
const batchOf = (videos: number) => Math.max(32, Math.min(512, Math.ceil(videos / 16)));

/** Undefined where the spaces are not what the method takes. */
export function settingsOf(
  choices: MapChoices,
  scaling: InputScaling,
  videos: number,
  spaces: readonly SpaceSummary[],
): ProjectionSettings | undefined {
  const { method, seed, neighbours, minDistance, hidden, epochs, learningRate, divergenceWeight } = choices;
  const shared = { seed, scaling };
  if (method === 'umap') return { ...shared, method, neighbours, minDistance };
  if (method === 'pca') return { ...shared, method };
  const training = { hidden, epochs, batch: batchOf(videos), learningRate, divergenceWeight };
  if (method === 'vae') return { ...shared, method, ...training };
  const [only] = spaces;
  const image = only && imageOf(only);
  return image && spaces.length === 1 ? { ...shared, method, image, ...training } : undefined;
}

/** `UMAP of ResNet-50`, `VAE of Audio statistics + CLIP`. */
export function describeMap(
  {
    settings,
    spaces,
  }: { readonly settings: { readonly method: ProjectionMethod }; readonly spaces: readonly string[] },
  known: readonly SpaceSummary[],
): string {
  const names = spaces.map((key) => {
    const summary = known.find((space) => space.key === key);
    return summary ? extractorLabel(summary.space.extractor) : 'a descriptor that is gone';
  });
  return `${methodWords[settings.method]} of ${names.join(' + ')}`;
}
