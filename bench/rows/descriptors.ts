import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { median, type Row } from '../row';

const clip = join(import.meta.dirname, '../../../shared/videos/ucf101/Fencing/v_Fencing_g01_c04.avi');
/** What needs no model file. */
const plain = ['colour', 'wavelet-hash', 'motion'];

export const descriptorsRow: Row = {
  name: 'descriptors',
  work: 'one clip by ResNet-50 alone: probe, decode, thumbnails and 8 frames',
  peerName: `the same clip by ${plain.join(', ')}, one after the other`,
  goal: undefined,
  rounds: 5,
  async prepare(browser) {
    if (!existsSync(clip)) return 'the clips of ../shared/videos/ucf101 are not beside the checkout';
    await browser.setFiles([clip]);
    await browser.call('warmUp');
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
        for (const extractor of plain) sum += await cost(extractor);
        return sum;
      },
      notes: () =>
        Array.from(costs, ([extractor, times]) => `${extractor}: ${(1000 * median(times)).toFixed(0)} ms a clip`),
    };
  },
};
