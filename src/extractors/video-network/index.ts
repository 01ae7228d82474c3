import { defineExtractor } from '../extractor';

/** Any network over windows of frames, a 3-D CNN for one; the file is the person's own and decides the frames of a
 * window, their size and the length of the vectors. */
export const videoNetwork = defineExtractor({
  id: 'video-network',
  version: 1,
  label: 'Video network',
  summary: 'Compares what happens in windows of frames, by a 3-D network that you add.',
  kind: 'clip',
  dimensions: undefined,
  aggregation: 'mean',
  metric: 'cosine',
  sampling: {
    instants: { mode: 'clips', clips: 4, frames: 16, spacing: 0.1 },
    width: 224,
    height: 224,
    fit: 'squeeze',
  },
  fits: ['squeeze'],
  model: { file: 'video-network.onnx', accepts: ['clip'] },
  load: () => import('./video-network-extractor'),
});
