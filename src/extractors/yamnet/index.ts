import { defineExtractor } from '../extractor';
import published from './model.json';

export const yamnet = defineExtractor({
  id: 'yamnet',
  version: 1,
  label: 'YAMNet',
  summary: 'Compares what is heard: voices, music, animals, machines and 500 other kinds of sound.',
  kind: 'audio',
  dimensions: 1024,
  aggregation: 'mean',
  metric: 'cosine',
  sampling: { sampleRate: 16_000, limit: 7200 },
  fits: [],
  model: { ...published, accepts: ['patches', 'waveform'] },
  load: () => import('./yamnet-extractor'),
});
