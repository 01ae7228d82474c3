import { defineExtractor } from '../extractor';

/** Any network of VGGish's shape (Hershey et al. 2017); the file is the person's own. */
export const vggish = defineExtractor({
  id: 'vggish',
  version: 1,
  label: 'VGGish',
  summary: 'Compares what is heard, second by second, by a VGGish network that you add.',
  kind: 'audio',
  dimensions: 128,
  aggregation: 'mean',
  metric: 'cosine',
  sampling: { sampleRate: 16_000, limit: 7200 },
  fits: [],
  model: { file: 'vggish.onnx', accepts: ['patches', 'waveform'] },
  load: () => import('./vggish-extractor'),
});
