import { defineExtractor } from '../extractor';

export const motion = defineExtractor({
  id: 'motion',
  version: 1,
  label: 'Motion',
  summary:
    'Compares how things move, and where in the picture: directions, speeds and stillness. Looks at many more frames.',
  kind: 'clip',
  // 8 directions of 3 speeds, the share that stands still, and the energy of 4 x 3 areas.
  dimensions: 37,
  aggregation: 'mean',
  metric: 'cosine',
  sampling: {
    instants: { mode: 'clips', clips: 8, frames: 8, spacing: 0.1 },
    width: 128,
    height: 96,
    fit: 'squeeze',
  },
  fits: ['squeeze'],
  optIn: true,
  load: () => import('./motion-extractor'),
});
