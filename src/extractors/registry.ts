import { audioStatistics } from './audio-statistics';
import { clip } from './clip';
import { colour } from './colour';
import type { ExtractorCard } from './extractor';
import { melImage } from './mel-image';
import { mobilenetv2 } from './mobilenetv2';
import { motion } from './motion';
import { resnet50 } from './resnet50';
import { vggish } from './vggish';
import { videoNetwork } from './video-network';
import { waveletHash } from './wavelet-hash';
import { yamnet } from './yamnet';

/** Every extractor the app knows: one line each. */
export const extractors: readonly ExtractorCard[] = [
  resnet50,
  mobilenetv2,
  colour,
  clip,
  waveletHash,
  yamnet,
  vggish,
  audioStatistics,
  melImage,
  motion,
  videoNetwork,
];
