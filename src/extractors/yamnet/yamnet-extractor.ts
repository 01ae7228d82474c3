import type { Extractor } from '../extractor';
import { listenWithNetwork } from '../mel-listener';

export const extractor: Extractor<'audio'> = {
  listen: (context) => listenWithNetwork({ hop: 48, offset: 0.001, padded: true }, context),
};
