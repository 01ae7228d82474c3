import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureTools } from '../../scripts/ensure-tools.mjs';
import { decodeNatively } from '../peers/native-ffmpeg';
import { pythonWith, startPython } from '../peers/python';
import { median, type Row } from '../row';

const videos = join(import.meta.dirname, '../../../shared/videos/ucf101');
const clips = ['YoYo/v_YoYo_g01_c03.avi', 'Archery/v_Archery_g01_c04.avi', 'Fencing/v_Fencing_g22_c02.avi'];

type Answer = { readonly seconds: number; readonly centroids: readonly number[] };

export const colourRow: Row = {
  name: 'colour',
  work: 'ten dominant colours of one 200x200 frame, one thread',
  peerName: 'scikit-learn KMeans(n_clusters=10, n_init=1), one thread',
  goal: { atMost: 1.2 },
  rounds: 15,
  async prepare(browser) {
    if (!existsSync(videos)) return 'the folder ../shared/videos/ucf101 is not beside the checkout';
    if (!(await ensureTools()).ffmpeg) return 'native ffmpeg is not installed';
    const python = pythonWith('sklearn');
    if (!python) return 'no Python with scikit-learn is installed (Debian: python3-sklearn)';
    const pictures = clips.map((clip) =>
      Buffer.from(
        decodeNatively(join(videos, clip), { side: 200, fit: 'squeeze', size: [320, 240], frames: [30] }).pixels,
      ),
    );
    const mimeType = 'application/octet-stream';
    await browser.setFiles(pictures.map((buffer, i) => ({ name: `${i}.rgb`, mimeType, buffer })));
    const peer = startPython(python, 'colour.py');
    const at = (round: number) => round % pictures.length;
    const found = { ours: new Map<number, number>(), peer: new Map<number, number>() };
    const note = (side: keyof typeof found, round: number, { seconds, centroids }: Answer) => {
      found[side].set(at(round), inertia(pictures[at(round)] as Buffer, centroids));
      return seconds;
    };
    const ours = async (round: number) => note('ours', round, await browser.call('colours', { file: at(round) }));
    const theirs = async (round: number) =>
      note('peer', round, await peer.ask<Answer>({ pixels: pictures[at(round)]?.toString('base64') }));
    return {
      ours,
      peer: theirs,
      // A video has 20 frames: past the first few, the browser has compiled the code in full.
      warmUp: async () => {
        for (let round = 0; round < 6; round++) await ours(round);
        await theirs(0);
      },
      notes: () => {
        const ratios = [...found.ours].map(([i, value]) => value / (found.peer.get(i) ?? Number.NaN));
        return [`squared distance of pixels to their colour: ${median(ratios).toFixed(3)} of the peer's`];
      },
      close: peer.close,
    };
  },
};

/** Sum of the squared distances of pixels to their nearest centroid. */
function inertia(pixels: Uint8Array, centroids: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < pixels.length; i += 3) {
    let nearest = Number.POSITIVE_INFINITY;
    for (let c = 0; c < centroids.length; c += 3) {
      let distance = 0;
      for (let d = 0; d < 3; d++) distance += ((pixels[i + d] as number) - (centroids[c + d] as number)) ** 2;
      nearest = Math.min(nearest, distance);
    }
    sum += nearest;
  }
  return sum;
}
