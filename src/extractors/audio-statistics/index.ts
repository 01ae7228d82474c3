import { defineExtractor } from '../extractor';

export const audioStatistics = defineExtractor({
  id: 'audio-statistics',
  version: 1,
  label: 'Sound statistics',
  summary: 'Compares loudness, timbre, harmony and beat over the course of the sound.',
  kind: 'audio',
  dimensions: 138,
  aggregation: 'mean',
  metric: 'cosine',
  sampling: { sampleRate: 44_100, limit: 7200 },
  fits: [],
  load: () => import('./audio-statistics-extractor'),
});
