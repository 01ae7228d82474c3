import type { ExtractionContext, Extractor } from '../extractor';
import { colourStrip, type StripOptions, standardStrip, stripPixels } from './colour-strip';

export const extractor = {
  async extract({ data, count, width, height }, { options = {} }: ExtractionContext) {
    const vectors = new Float32Array(count * stripPixels * 3);
    const length = width * height * 3;
    const strip: StripOptions = {
      clusters: Number(options.clusters ?? standardStrip.clusters),
      space: options.space === 'oklab' ? 'oklab' : standardStrip.space,
    };
    for (let i = 0; i < count; i++) {
      vectors.set(colourStrip(data.subarray(i * length, (i + 1) * length), strip), i * stripPixels * 3);
    }
    return vectors;
  },
} satisfies Extractor<'frame'>;
