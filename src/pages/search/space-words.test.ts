import { describe, expect, it } from 'vitest';
import type { VideoRecord } from '../../core/video';
import type { SearchState } from '../../state/search-state';
import { lacking, scoreMeaning, spaceLabels } from './space-words';

type SpaceSummary = SearchState['spaces'][number];

const summary = (changes: Partial<SpaceSummary['space']> = {}, videos = 3): SpaceSummary => {
  const space = {
    extractor: 'resnet50',
    version: 1,
    modelHash: 'abcdef0123',
    preprocessing: 'squeeze; RGB torchvision',
    ...changes,
  };
  return {
    key: JSON.stringify(space),
    space,
    videos,
    sampling: { instants: { mode: 'uniform', frames: 8 }, width: 224, height: 224, fit: 'squeeze' },
    dimensions: 2048,
    imported: false,
  };
};
const labels = (...spaces: SpaceSummary[]) => spaceLabels(spaces).map(({ label }) => label);

describe('words of a space', () => {
  it('names a lone space by its descriptor alone', () => {
    expect(labels(summary(), summary({ extractor: 'colour', modelHash: null, preprocessing: '' }, 1))).toEqual([
      'ResNet-50 · 3 videos',
      'Colour · 1 video',
    ]);
  });

  it('says what tells spaces of one descriptor apart, and nothing else', () => {
    expect(labels(summary(), summary({ preprocessing: 'centre-crop; RGB torchvision' }))).toEqual([
      'ResNet-50 · whole frame · 3 videos',
      'ResNet-50 · centre crop · 3 videos',
    ]);
    expect(labels(summary(), summary({ modelHash: '99887766' }))).toEqual([
      'ResNet-50 · model abcdef · 3 videos',
      'ResNet-50 · model 998877 · 3 videos',
    ]);
  });

  it('explains the score and what cannot be found', () => {
    expect(scoreMeaning(summary())).toBe('cosine of mean ResNet-50 vectors, 8 frames');
    const { key } = summary();
    const probe = { duration: 1, container: 'mp4', decoder: 'webcodecs', video: {}, audio: undefined };
    const video = (changes: object) =>
      ({ state: 'indexed', spaces: [key], probe, ...changes }) as unknown as VideoRecord;
    const sound = video({ spaces: [], probe: { ...probe, video: undefined, audio: {} } });
    expect(lacking(summary(), [video({}), sound, video({ state: 'waiting', spaces: [] })])).toBeUndefined();
    expect(lacking(summary(), [video({}), video({}), video({ spaces: [] })])).toBe(
      '1 of 3 indexed videos has no ResNet-50 vector and cannot be found by it.',
    );
  });
});
