import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTools } from '../../scripts/ensure-tools.mjs';
import { copiesOf, fullHdAvi, ultraHdClip } from '../made-clips';
import { resnetFile } from '../peers/native-network';
import type { Row } from '../row';

const cap = 512;
const extractors = ['resnet50', 'colour', 'wavelet-hash', 'motion'];

export const memoryRow: Row = {
  name: 'memory',
  unit: 'MB',
  work: `what the renderer takes at most, beside the open page and ResNet-50, while six films are indexed, three at a time: five of 3840x2160 (H.264), one of 1920x1080 by ffmpeg.wasm; ${extractors.join(', ')}`,
  peerName: 'the cap',
  goal: { atMost: 1 },
  rounds: 1,
  async prepare(browser) {
    if (process.platform !== 'linux') return 'memory is read from /proc';
    if (!(await ensureTools()).ffmpeg) return 'native ffmpeg is not installed';
    if (!resnetFile()) return 'public/models/resnet50.onnx is missing (npm start fetches it)';
    const folder = mkdtempSync(join(tmpdir(), 'reelmatch-bench-'));
    await browser.setFiles([fullHdAvi(), ...copiesOf(ultraHdClip(), folder, 5)]);
    await browser.call('warmUp');
    const before = browser.megabytes();
    return {
      warmUp: async () => undefined,
      ours: async () => {
        let most = 0;
        const watch = setInterval(() => {
          most = Math.max(most, browser.megabytes());
        }, 50);
        await browser.call('indexSeveral', { files: [0, 1, 2, 3, 4, 5], atOnce: 3, extractors });
        clearInterval(watch);
        return most - before;
      },
      peer: async () => cap,
      close: () => rmSync(folder, { recursive: true, force: true }),
      notes: () => [`page and ResNet-50: ${before.toFixed(0)} MB`],
    };
  },
};
