import type { Extractor } from '../extractor';
import { toLuma } from '../luma';
import { describeMotion, motionDimensions } from './block-motion';

export const extractor = {
  async extract({ data, count, frames, width, height }, { signal }) {
    const vectors = new Float32Array(count * motionDimensions);
    const size = width * height * 3;
    for (let clip = 0; clip < count; clip++) {
      signal?.throwIfAborted();
      const pictures = Array.from({ length: frames }, (_, i) => {
        const at = (clip * frames + i) * size;
        return toLuma(data.subarray(at, at + size), width, height);
      });
      vectors.set(describeMotion(pictures), clip * motionDimensions);
    }
    return vectors;
  },
} satisfies Extractor<'clip'>;
