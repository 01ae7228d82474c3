import type { FrameBatch } from '../core/media';
import type { ModelInput, Normalisation } from './extractor';

type Triple = readonly [number, number, number];

/** (x - mean) / deviation by colour, in the order red, green, blue, for bytes. */
const scales: Record<Normalisation, { readonly mean: Triple; readonly deviation: Triple }> = {
  torchvision: ofUnit([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
  // Radford et al. 2021, as published with the weights.
  clip: ofUnit([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]),
  // Keras's `caffe` mode.
  caffe: { mean: [123.68, 116.779, 103.939], deviation: [1, 1, 1] },
  tf: { mean: [127.5, 127.5, 127.5], deviation: [127.5, 127.5, 127.5] },
  unit: { mean: [0, 0, 0], deviation: [255, 255, 255] },
};

/** RGB bytes as a network's input: pictures [count x 3 x H x W] or [count x H x W x 3]; or one clip whose frames are the
 * batch, [count x 3 x H x W] or [3 x count x H x W]. The caller owns the result. */
export function toNetworkInput(batch: FrameBatch, { layout, channels, normalisation }: ModelInput): Float32Array {
  const { data, count, width, height } = batch;
  const pixels = width * height;
  const { mean, deviation } = scales[normalisation];
  const output = new Float32Array(count * pixels * 3);
  for (const colour of [0, 1, 2] as const) {
    const table = Float32Array.from({ length: 256 }, (_, value) => (value - mean[colour]) / deviation[colour]);
    const channel = channels === 'RGB' ? colour : 2 - colour;
    const stride = layout === 'NHWC' ? 3 : 1;
    for (let item = 0; item < count; item++) {
      let from = item * pixels * 3 + colour;
      let to = start(layout, item, channel, count, pixels);
      for (let i = 0; i < pixels; i++) {
        output[to] = table[data[from] as number] as number;
        from += 3;
        to += stride;
      }
    }
  }
  return output;
}

/** Where the first value of a frame's channel lies. */
function start(layout: ModelInput['layout'], item: number, channel: number, count: number, pixels: number): number {
  if (layout === 'NHWC') return item * pixels * 3 + channel;
  return (layout === 'NCTHW' ? channel * count + item : item * 3 + channel) * pixels;
}

/** Statistics of values 0..1, for bytes. */
function ofUnit(mean: Triple, deviation: Triple) {
  const scaled = ([a, b, c]: Triple): Triple => [a * 255, b * 255, c * 255];
  return { mean: scaled(mean), deviation: scaled(deviation) };
}
