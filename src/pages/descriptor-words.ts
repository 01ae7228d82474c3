import type { VideoRecord } from '../core/video';
import { extractors } from '../extractors/registry';
import type { LibraryState } from '../state/library-store';

export type SpaceSummary = LibraryState['spaces'][number];

/** Maps whose places describe videos. */
const mapLabels: Readonly<Record<string, string>> = {
  umap: 'UMAP',
  pca: 'PCA',
  vae: 'VAE',
  'conv-vae': 'Convolutional VAE',
};

/** Whether vectors are places on a map of the library. */
export const isMap = (extractor: string): boolean => extractor in mapLabels;

export function extractorLabel(id: string): string {
  return extractors.find((card) => card.id === id)?.label ?? mapLabels[id] ?? id;
}

/** Options of the descriptor list; imports and models are named where one extractor has several spaces. */
export function spaceOptions(spaces: readonly SpaceSummary[]): { value: string; label: string }[] {
  return spaces.map(({ key, space, videos, imported }) => {
    const several = spaces.filter((other) => other.space.extractor === space.extractor).length > 1;
    const parts = [
      extractorLabel(space.extractor),
      ...(several && space.preprocessing ? [space.preprocessing] : []),
      ...(several && space.modelHash ? [`model ${space.modelHash.slice(0, 6)}`] : []),
      ...(imported ? ['imported'] : []),
      `${videos} ${videos === 1 ? 'video' : 'videos'}`,
    ];
    return { value: key, label: parts.join(' · ') };
  });
}

export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`;

export const three = (value: number): string => value.toFixed(3);
export const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

/** Whether a video has the pictures, or the sound, that an extractor takes, or may have them: its file was not read yet. */
export function hasWhatTakes(extractor: string, { probe }: VideoRecord): boolean {
  if (!probe) return true;
  const hears = extractors.find(({ id }) => id === extractor)?.kind === 'audio';
  return Boolean(hears ? probe.audio : probe.video);
}
