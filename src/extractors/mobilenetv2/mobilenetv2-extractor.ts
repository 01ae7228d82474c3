import type { Extractor } from '../extractor';
import { describePictures } from '../lent-network';

export const extractor: Extractor<'frame'> = {
  extract: (batch, { inference, options }) => describePictures(batch, inference, options),
};
