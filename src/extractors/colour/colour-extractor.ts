import type { Extractor } from '../extractor';
import { colourStrip, stripPixels } from './colour-strip';

export const extractor = {
  async extract({ data, count, width, height }) {
    const vectors = new Float32Array(count * stripPixels * 3);
    const length = width * height * 3;
    for (let i = 0; i < count; i++) {
      vectors.set(colourStrip(data.subarray(i * length, (i + 1) * length)), i * stripPixels * 3);
    }
    return vectors;
  },
} satisfies Extractor<'frame'>;
