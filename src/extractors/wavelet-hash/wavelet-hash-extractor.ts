import { hashKinds } from '../../core/near-duplicates/hash-kind';
import { hashDimensions } from '../../core/near-duplicates/hash-track';
import type { Extractor } from '../extractor';
import { toLuma } from '../luma';
import { frameHash } from './frame-hash';

export const extractor: Extractor<'frame'> = {
  async extract({ data, count, width, height }, { options }) {
    const kind = hashKinds.find((known) => known === options?.hash) ?? 'wavelet';
    const vectors = new Float32Array(count * hashDimensions);
    const size = width * height * 3;
    for (let i = 0; i < count; i++) {
      const luma = toLuma(data.subarray(i * size, (i + 1) * size), width, height);
      vectors.set(frameHash(luma, kind), i * hashDimensions);
    }
    return vectors;
  },
};
