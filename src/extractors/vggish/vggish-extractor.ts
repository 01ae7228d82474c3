import type { Extractor } from '../extractor';
import { listenWithNetwork } from '../mel-listener';

export const extractor: Extractor<'audio'> = {
  listen: (context) => listenWithNetwork({ hop: 96, offset: 0.01, padded: false }, context),
};
