import type { FrameBatch } from '../core/media';
import type { ModelInput, Normalisation } from './extractor';

const torchvisionMean = [0.485, 0.456, 0.406] as const;
const torchvisionDeviation = [0.229, 0.224, 0.225] as const;
/** Keras's `caffe` mode, in the order red, green, blue. */
const caffeMean = [123.68, 116.779, 103.939] as const;

/** RGB bytes as a network's input, [count x 3 x H x W] or [count x H x W x 3]. The caller owns the result. */
export function toNetworkInput(batch: FrameBatch, { layout, channels, normalisation }: ModelInput): Float32Array {
  const { data, count, width, height } = batch;
  const pixels = width * height;
  const tables = ([0, 1, 2] as const).map((colour) => lookupTable(normalisation, colour));
  const output = new Float32Array(count * pixels * 3);
  for (let colour = 0; colour < 3; colour++) {
    const table = tables[colour] as Float32Array;
    const channel = channels === 'RGB' ? colour : 2 - colour;
    const stride = layout === 'NCHW' ? 1 : 3;
    for (let item = 0; item < count; item++) {
      let from = item * pixels * 3 + colour;
      let to = item * pixels * 3 + (layout === 'NCHW' ? channel * pixels : channel);
      for (let i = 0; i < pixels; i++) {
        output[to] = table[data[from] as number] as number;
        from += 3;
        to += stride;
      }
    }
  }
  return output;
}

function lookupTable(normalisation: Normalisation, colour: 0 | 1 | 2): Float32Array {
  return Float32Array.from({ length: 256 }, (_, value) => {
    switch (normalisation) {
      case 'torchvision':
        return (value / 255 - torchvisionMean[colour]) / torchvisionDeviation[colour];
      case 'caffe':
        return value - caffeMean[colour];
      case 'tf':
        return value / 127.5 - 1;
    }
  });
}
