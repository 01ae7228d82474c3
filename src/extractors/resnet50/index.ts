import { defineExtractor } from '../extractor';
import { pictureOptions } from '../picture-options';
import published from './model.json';

export const resnet50 = defineExtractor({
  id: 'resnet50',
  version: 1,
  label: 'ResNet-50',
  summary: 'Compares what the frames show: objects, scenes and their layout.',
  kind: 'frame',
  dimensions: 2048,
  aggregation: 'mean',
  metric: 'cosine',
  sampling: { instants: { mode: 'uniform', frames: 8 }, width: 224, height: 224, fit: 'cover' },
  fits: ['cover', 'centre-crop', 'squeeze'],
  options: pictureOptions,
  model: {
    ...published,
    accepts: ['picture'],
    input: { layout: 'NCHW', channels: 'RGB', normalisation: 'torchvision' },
  },
  load: () => import('./resnet50-extractor'),
});
