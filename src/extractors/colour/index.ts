import { defineExtractor } from '../extractor';

export const colour = defineExtractor({
  id: 'colour',
  version: 1,
  label: 'Colour',
  summary: 'Compares the dominant colours over the course of a video.',
  kind: 'frame',
  dimensions: 300,
  aggregation: 'concatenate',
  metric: 'euclidean',
  sampling: { instants: { mode: 'uniform', frames: 20 }, width: 200, height: 200, fit: 'squeeze' },
  fits: ['squeeze', 'centre-crop'],
  options: [
    { type: 'number', id: 'clusters', label: 'Colours', unit: 'colours', standard: 10, least: 5, most: 50 },
    {
      type: 'choice',
      id: 'space',
      label: 'Distances in',
      values: [
        { value: 'rgb', label: 'RGB' },
        { value: 'oklab', label: 'OKLab, as the eye sees' },
      ],
    },
  ],
  load: () => import('./colour-extractor'),
});
