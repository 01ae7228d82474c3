import { defineExtractor } from '../extractor';
import published from './model.json';

const { images, texts, tokenizer } = published;

/** Radford et al. 2021, ViT-B/32: pictures and texts in one space. */
export const clip = defineExtractor({
  id: 'clip',
  version: 1,
  label: 'CLIP',
  summary: 'Compares what the frames mean, and finds them by free text.',
  kind: 'frame',
  dimensions: 512,
  aggregation: 'mean',
  metric: 'cosine',
  sampling: { instants: { mode: 'interval', seconds: 1, atMost: 600 }, width: 224, height: 224, fit: 'cover' },
  fits: ['cover'],
  optional: true,
  model: {
    ...images,
    accepts: ['picture'],
    input: { layout: 'NCHW', channels: 'RGB', normalisation: 'clip' },
  },
  words: {
    model: { ...texts, accepts: ['tokens'] },
    tokenizer,
    scale: 100,
    neutral: ['object', 'things', 'stuff', 'texture'],
    load: () => import('./clip-text'),
  },
  load: () => import('./clip-extractor'),
});
