import { colour } from './colour';
import type { ExtractorCard } from './extractor';
import { resnet50 } from './resnet50';

/** Every extractor the app knows: one line each. */
export const extractors: readonly ExtractorCard[] = [resnet50, colour];
