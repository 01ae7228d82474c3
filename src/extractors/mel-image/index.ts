import { defineExtractor } from '../extractor';

export const melImage = defineExtractor({
  id: 'mel-image',
  version: 1,
  label: 'Mel spectrogram',
  summary: 'Compares pictures of the sound: how loud each pitch is, from the beginning to the end.',
  kind: 'audio',
  dimensions: 6144,
  image: { rows: 96, columns: 64 },
  aggregation: 'mean',
  metric: 'euclidean',
  sampling: { sampleRate: 16_000, limit: 7200 },
  fits: [],
  optIn: true,
  load: () => import('./mel-image-extractor'),
});
