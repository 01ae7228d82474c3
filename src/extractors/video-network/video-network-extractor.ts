import type { Extractor } from '../extractor';
import { lentNetwork } from '../lent-network';
import { toNetworkInput } from '../network-input';

export const extractor: Extractor<'clip'> = {
  // The pipeline gives windows one by one: networks of this kind mostly take no more.
  extract: async ({ data, frames, width, height }, { inference }) => {
    const network = lentNetwork(inference, 'clip');
    const times = new Float64Array(frames);
    const { features, scores } = await network.run(
      toNetworkInput({ data, count: frames, width, height, times }, network.input),
      1,
    );
    return { vectors: features, scores };
  },
};
