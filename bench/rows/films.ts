import { ensureTools } from '../../scripts/ensure-tools.mjs';
import type { FrameSampling } from '../../src/core/sampling';
import { resnet50 } from '../../src/extractors/resnet50';
import { fullHdClip, shortAndLongClips, smallClip } from '../made-clips';
import { decodeNatively } from '../peers/native-ffmpeg';
import { openNativeNetwork, resnetFile } from '../peers/native-network';
import type { Row } from '../row';

const { width: side, fit } = resnet50.sampling;
const noFfmpeg = 'native ffmpeg is not installed';
const noModel = 'public/models/resnet50.onnx is missing (npm start fetches it)';
/** What describes pictures without asking for a model. */
const described = [resnet50.id, 'colour', 'wavelet-hash'];
const filmSeconds = 60;
const rate = 30;

const every = (seconds: number): FrameSampling => ({ ...resnet50.sampling, instants: { mode: 'interval', seconds } });

/** Numbers of the frames that such a sampling takes. */
const framesEvery = (seconds: number, duration: number) =>
  Array.from({ length: Math.floor(duration / seconds) }, (_, i) => Math.round(i * seconds * rate));

export const filmRows: readonly Row[] = [
  {
    name: '1080p',
    work: `${filmSeconds} s of 1080p H.264, one frame a second at ${side}x${side}, by the clock`,
    peerName: 'native ffmpeg, the same frames',
    goal: { atMost: 1.2 },
    rounds: 5,
    async prepare(browser) {
      if (!(await ensureTools()).ffmpeg) return noFfmpeg;
      const clip = fullHdClip(filmSeconds);
      await browser.setFiles([clip]);
      await browser.call('probe', { file: 0 });
      let used = '';
      return {
        ours: async () => {
          const { seconds, frames, decoder } = await browser.call('decode', { file: 0, sampling: every(1) });
          if (frames < filmSeconds) throw new Error(`${frames} frames were decoded`);
          used = decoder;
          return seconds;
        },
        peer: async () =>
          decodeNatively(clip, { side, fit, size: [1920, 1080], frames: framesEvery(1, filmSeconds) }).seconds,
        notes: () => [`decoded by ${used}`],
      };
    },
  },
  {
    name: 'key-frames',
    work: `8 frames of ${filmSeconds} s of 1080p H.264 with a key frame every 2 s, each the key frame next to its instant`,
    peerName: 'ffmpeg.wasm, the exact frames',
    goal: { timesFaster: 3 },
    rounds: 5,
    async prepare(browser) {
      if (!(await ensureTools()).ffmpeg) return noFfmpeg;
      await browser.setFiles([fullHdClip(filmSeconds)]);
      await browser.call('probe', { file: 0 });
      const ways = { ours: '', peer: '' };
      return {
        ours: async () => {
          const { seconds, decoder, sought } = await browser.call('decode', { file: 0 });
          if (sought !== 'key-frames') throw new Error(`Frames were reached otherwise: ${sought}`);
          ways.ours = `${decoder}, ${sought}`;
          return seconds;
        },
        peer: async () => {
          const { seconds, decoder, sought } = await browser.call('decode', { file: 0, by: 'ffmpeg' });
          ways.peer = `${decoder}, ${sought}`;
          return seconds;
        },
        notes: () => [`ours: ${ways.ours}; peer: ${ways.peer}`],
      };
    },
  },
  {
    name: 'duration',
    work: 'probe and the 8 frames of a film of two hours, 1080p H.264',
    peerName: 'the same of its first two minutes',
    goal: { atMost: 1.2 },
    rounds: 7,
    async prepare(browser) {
      if (!(await ensureTools()).ffmpeg) return noFfmpeg;
      const { short, long } = shortAndLongClips();
      await browser.setFiles([short, long]);
      for (const file of [0, 1]) await browser.call('probe', { file });
      const ways = new Set<string>();
      const cost = async (file: number) => {
        const { seconds, decoder, sought } = await browser.call('decode', { file, probing: true });
        if (sought !== 'key-frames') throw new Error(`Frames were reached otherwise: ${sought}`);
        ways.add(`${decoder}, ${sought}`);
        return seconds;
      };
      return { ours: () => cost(1), peer: () => cost(0), notes: () => [...ways] };
    },
  },
  {
    name: 'film',
    work: `a film of two hours, 1080p H.264, by ${described.join(', ')}, from file to storage`,
    peerName: 'the same of its first two minutes',
    goal: { atMost: 1.2 },
    rounds: 5,
    async prepare(browser) {
      if (!(await ensureTools()).ffmpeg) return noFfmpeg;
      if (!resnetFile()) return noModel;
      const { short, long } = shortAndLongClips();
      await browser.setFiles([short, long]);
      await browser.call('warmUp');
      const cost = async (file: number) => (await browser.call('index', { file, extractors: described })).whole;
      return { ours: () => cost(1), peer: () => cost(0) };
    },
  },
  {
    name: 'timeline',
    work: 'one frame of a timeline of two a second over 20 s of 640x360 H.264, decode and ResNet-50',
    peerName: 'native ffmpeg and ONNX Runtime on the same frames',
    goal: { atMost: 4.5 },
    rounds: 5,
    async prepare(browser) {
      if (!(await ensureTools()).ffmpeg) return noFfmpeg;
      const model = resnetFile();
      if (!model) return noModel;
      const clip = smallClip();
      await browser.setFiles([clip]);
      const { threads } = await browser.call('warmUp');
      const network = await openNativeNetwork(model, threads);
      const frames = framesEvery(0.5, 20);
      return {
        ours: async () => {
          const { seconds, count } = await browser.call('describe', {
            file: 0,
            extractor: resnet50.id,
            sampling: every(0.5),
          });
          return seconds / count;
        },
        peer: async () => {
          const { pixels, seconds } = decodeNatively(clip, { side, fit, size: [640, 360], frames });
          const started = performance.now();
          for (let from = 0; from < frames.length; from += 8) {
            const count = Math.min(8, frames.length - from);
            const size = side * side * 3;
            await network(pixels.subarray(from * size, (from + count) * size), count);
          }
          return (seconds + (performance.now() - started) / 1000) / frames.length;
        },
        notes: () => [`WASM and native: ${threads} threads each; at most 32 frames are in memory`],
      };
    },
  },
];
