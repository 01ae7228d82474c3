import type { ExtractorCard } from './extractor';

/** Every extractor the app knows: one line each. */
export const extractors: readonly ExtractorCard[] = [];
