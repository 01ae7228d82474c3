import { defineExtractor } from '../extractor';

export const waveletHash = defineExtractor({
  id: 'wavelet-hash',
  version: 1,
  label: 'Near-duplicate',
  summary: 'Finds near-duplicates only: copies in other sizes, codecs and colours, mirrored, cropped or cut.',
  kind: 'frame',
  // 64 bits of the picture, 64 of its middle.
  dimensions: 128,
  aggregation: 'mean',
  metric: 'hamming',
  sampling: {
    // Every fourth of 240 in films: what was found between films with one and the other still lies at the same instants.
    instants: { mode: 'interval', seconds: 0.25, atMost: 240, atMostOfFilms: 60 },
    width: 128,
    height: 128,
    fit: 'squeeze',
  },
  fits: ['squeeze'],
  options: [
    {
      type: 'choice',
      id: 'hash',
      label: 'Hash',
      values: [
        { value: 'wavelet', label: 'Wavelet' },
        { value: 'average', label: 'Average' },
        { value: 'difference', label: 'Difference' },
        { value: 'dct', label: 'Cosine transform' },
      ],
    },
  ],
  load: () => import('./wavelet-hash-extractor'),
});
