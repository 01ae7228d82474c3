import type { Described, Extractor } from '../extractor';
import { describePictures } from '../lent-network';
import { unitRows } from './unit-rows';

export const extractor: Extractor<'frame'> = {
  async extract(batch, { inference }): Promise<Described> {
    const { vectors, scores } = await describePictures(batch, inference);
    return { vectors: unitRows(vectors, vectors.length / batch.count), scores };
  },
};
