import { AppError } from '../../core/errors';
import type { Extractor } from '../extractor';
import { toNetworkInput } from '../network-input';

export const extractor: Extractor<'frame'> = {
  async extract(batch, { inference }) {
    if (!inference) throw new AppError('model-missing', 'ResNet-50 needs its model file.');
    return inference.run(toNetworkInput(batch, inference.input), batch.count);
  },
};
