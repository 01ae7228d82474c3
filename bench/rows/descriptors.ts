import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { median, type Row } from '../row';

const shared = join(import.meta.dirname, '../../../shared');
/** Seven seconds with a sound track. */
const clip = join(shared, 'videos/ucf101/ApplyLipstick/v_ApplyLipstick_g01_c02.avi');
/** What needs no model file, and what those files are. */
const plain = ['colour', 'wavelet-hash', 'motion', 'audio-statistics', 'mel-image'];
const networks = {
  mobilenetv2: 'mobilenetv2_100_224.int8w.onnx',
  yamnet: 'yamnet_embed.int8w.onnx',
  'video-network': 'movinet_a0_clip.int8w.onnx',
};

export const descriptorsRow: Row = {
  name: 'descriptors',
  work: 'one clip by ResNet-50 alone: probe, decode, thumbnails and 8 frames',
  peerName: 'the same clip by every other descriptor, one after the other',
  goal: undefined,
  rounds: 5,
  async prepare(browser) {
    const models = Object.values(networks).map((file) => join(shared, 'models', file));
    if (![clip, ...models].every(existsSync)) return 'the clips and models of ../shared are not beside the checkout';
    await browser.setFiles([clip, ...models]);
    await browser.call('warmUp');
    for (const [i, extractor] of Object.keys(networks).entries()) {
      await browser.call('addModel', { extractor, file: i + 1 });
    }
    const costs = new Map<string, number[]>();
    const cost = async (extractor: string) => {
      const { seconds } = await browser.call('describe', { file: 0, extractor });
      costs.set(extractor, [...(costs.get(extractor) ?? []), seconds]);
      return seconds;
    };
    return {
      ours: () => cost('resnet50'),
      peer: async () => {
        let sum = 0;
        for (const extractor of [...plain, ...Object.keys(networks)]) sum += await cost(extractor);
        return sum;
      },
      notes: () =>
        Array.from(costs, ([extractor, times]) => `${extractor}: ${(1000 * median(times)).toFixed(0)} ms a clip`),
    };
  },
};
