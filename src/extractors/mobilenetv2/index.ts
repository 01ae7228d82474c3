import { defineExtractor } from '../extractor';
import { pictureOptions } from '../picture-options';

/** MobileNetV2 1.0 (Sandler et al. 2018), a quarter of ResNet-50's work; the file is the person's own. */
export const mobilenetv2 = defineExtractor({
  id: 'mobilenetv2',
  version: 1,
  label: 'MobileNetV2',
  summary: 'Compares what the frames show, by a small and fast network that you add.',
  kind: 'frame',
  dimensions: 1280,
  aggregation: 'mean',
  metric: 'cosine',
  sampling: { instants: { mode: 'uniform', frames: 8 }, width: 224, height: 224, fit: 'centre-crop' },
  fits: ['cover', 'centre-crop', 'squeeze'],
  options: pictureOptions,
  model: {
    file: 'mobilenetv2.onnx',
    accepts: ['picture'],
    input: { layout: 'NCHW', channels: 'RGB', normalisation: 'tf' },
  },
  load: () => import('./mobilenetv2-extractor'),
});
