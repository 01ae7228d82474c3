import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureTools } from '../../scripts/ensure-tools.mjs';
import { uniformFrameIndices } from '../../src/core/sampling';
import { resnet50 } from '../../src/extractors/resnet50';
import type { BenchBrowser } from '../browser';
import { decodeNatively } from '../peers/native-ffmpeg';
import { type NativeNetwork, openNativeNetwork, resnetFile } from '../peers/native-network';
import type { Row } from '../row';

const root = join(import.meta.dirname, '../..');
const videos = join(root, '../shared/videos/ucf101');
const { width: side, fit, instants } = resnet50.sampling;
const samples = instants.mode === 'uniform' ? instants.frames : 0;

const inVideos = (names: readonly string[]) => names.map((clip) => join(videos, clip));

/** Real clips of 85 to 176 frames, 129 on average (the 200 clips' mean is 116), XviD 320x240 in AVI; round i takes clip
 * i mod 5. */
const clips = inVideos([
  'Archery/v_Archery_g20_c02.avi',
  'TennisSwing/v_TennisSwing_g10_c05.avi',
  'BalanceBeam/v_BalanceBeam_g08_c03.avi',
  'Fencing/v_Fencing_g01_c04.avi',
  'YoYo/v_YoYo_g08_c05.avi',
]);
/** The same of 176 to 182 frames: the mean of all UCF101 is 180, seven seconds. */
const meanClips = inVideos([
  'TennisSwing/v_TennisSwing_g16_c07.avi',
  'TennisSwing/v_TennisSwing_g08_c06.avi',
  'ApplyLipstick/v_ApplyLipstick_g08_c01.avi',
  'BabyCrawling/v_BabyCrawling_g03_c02.avi',
  'YoYo/v_YoYo_g22_c03.avi',
]);

/** Browsers count processor time in steps of 10 ms, too coarse for one decode. */
const decodesPerRound = 4;

type Prepared = {
  /** Position of the round's clip among the page's files. */
  readonly file: (round: number) => number;
  readonly every: (round: number) => { pixels: Uint8Array; frames: number; seconds: number };
  readonly sampled: (round: number) => ReturnType<typeof decodeNatively>;
  readonly frameCounts: readonly number[];
};

async function prepareClips(browser: BenchBrowser, clips: readonly string[]): Promise<Prepared | string> {
  if (!clips.every((clip) => existsSync(clip)))
    return 'the clips of ../shared/videos/ucf101 are not beside the checkout';
  if (!(await ensureTools()).ffmpeg) return 'native ffmpeg is not installed';
  await browser.setFiles(clips);
  const frameCounts: number[] = [];
  for (const file of clips.keys()) frameCounts.push((await browser.call('probe', { file })).video?.frameCount ?? 0);
  const at = (round: number) => round % clips.length;
  const clip = (round: number) => clips[at(round)] as string;
  const size = [320, 240] as const;
  return {
    file: at,
    frameCounts,
    // The original squeezes whole frames, whatever the app's default is.
    every: (round) => {
      const { pixels, seconds } = decodeNatively(clip(round), { side, fit: 'squeeze', size });
      return { pixels, seconds, frames: pixels.length / (side * side * 3) };
    },
    sampled: (round) => {
      const frames = [...uniformFrameIndices(frameCounts[at(round)] as number, samples)];
      const decoded = decodeNatively(clip(round), { side, fit, size, frames });
      if (decoded.pixels.length !== samples * side * side * 3) throw new Error(`${clip(round)} gave other frames`);
      return decoded;
    },
  };
}

type WithNetwork = Prepared & { readonly network: NativeNetwork; readonly note: string };

/** `copy`: with the 8-bit copy of the network on our side. */
async function prepareNetwork(
  browser: BenchBrowser,
  { copy = false, of = clips }: { copy?: boolean; of?: readonly string[] } = {},
): Promise<WithNetwork | string> {
  const model = resnetFile();
  if (!model) return 'public/models/resnet50.onnx is missing (npm start fetches it)';
  const prepared = await prepareClips(browser, of);
  if (typeof prepared === 'string') return prepared;
  const { backend, threads } = await browser.call('warmUp', { copy });
  if (backend !== 'wasm') throw new Error(`The network runs on ${backend}`);
  const network = await openNativeNetwork(model, threads);
  const count = prepared.frameCounts;
  const note = `WASM and native: ${threads} threads each; clips of ${Math.min(...count)} to ${Math.max(...count)} frames`;
  return { ...prepared, network, note };
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [product, ownA, ownB] = [0, 0, 0];
  for (let i = 0; i < b.length; i++) {
    const [x, y] = [a[i] ?? Number.NaN, b[i] as number];
    product += x * y;
    ownA += x * x;
    ownB += y * y;
  }
  return product / Math.sqrt(ownA * ownB);
}

/** Seconds that `task` takes. */
async function timed(task: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await task();
  return (performance.now() - started) / 1000;
}

/** The whole way of one clip, with the network itself or its 8-bit copy. */
function pipelineRow({
  name,
  copy = false,
  of = meanClips,
}: {
  name: string;
  copy?: boolean;
  of?: readonly string[];
}): Row {
  return {
    name,
    work: `one clip: identity, probe, ${samples} frames (${fit}), ResNet-50${copy ? ' in 8 bits' : ''}, thumbnails, commit to storage; no colour`,
    peerName: 'the original algorithm: native ffmpeg and ONNX Runtime, every frame, batch 1',
    goal: of === meanClips ? { timesFaster: 4 } : undefined,
    rounds: 5,
    async prepare(browser) {
      const prepared = await prepareNetwork(browser, { copy, of });
      if (typeof prepared === 'string') return prepared;
      const { file, every, network, note } = prepared;
      const pictureBytes = side * side * 3;
      return {
        warmUp: async () => {
          await browser.call('index', { file: 0 });
          await network(new Uint8Array(pictureBytes), 1);
        },
        ours: async (round) => (await browser.call('index', { file: file(round) })).whole,
        peer: async (round) => {
          const { pixels, frames, seconds } = every(round);
          const running = await timed(async () => {
            for (let frame = 0; frame < frames; frame++) {
              await network(pixels.subarray(frame * pictureBytes, (frame + 1) * pictureBytes), 1);
            }
          });
          return seconds + running;
        },
        notes: () => [note],
      };
    },
  };
}

/** The network alone, itself or its 8-bit copy. */
function inferenceRow(copy: boolean): Row {
  return {
    name: copy ? 'inference-8-bit' : 'inference',
    work: `one frame, from RGB bytes to vector (normalisation and ResNet-50${copy ? ' in 8 bits' : ''}, batch ${samples})`,
    peerName: 'onnxruntime-node, 32-bit floats',
    goal: { atMost: copy ? 2.3 : 4.5 },
    rounds: 10,
    async prepare(browser) {
      const prepared = await prepareNetwork(browser, { copy });
      if (typeof prepared === 'string') return prepared;
      const { file, sampled, network, note } = prepared;
      return {
        ours: async (round) => {
          const { network: seconds, frames } = await browser.call('index', { file: file(round) });
          return seconds / frames;
        },
        peer: async (round) => {
          const { pixels } = sampled(round);
          return (await timed(() => network(pixels, samples))) / samples;
        },
        notes: () => [note],
      };
    },
  };
}

/** The network alone, itself or its 8-bit copy, beside another library in the same browser. */
function browserInferenceRow(copy: boolean): Row {
  return {
    name: copy ? 'inference-browser-8-bit' : 'inference-browser',
    work: `one frame, from RGB bytes to vector (normalisation and ResNet-50${copy ? ' in 8 bits' : ''}, batch ${samples}), on WASM`,
    peerName: 'transformers.js in the same browser, the same ONNX file, as many threads',
    goal: { timesFaster: 1 },
    rounds: 10,
    async prepare(browser) {
      const prepared = await prepareNetwork(browser, { copy });
      if (typeof prepared === 'string') return prepared;
      const { sampled, note } = prepared;
      const { threads } = await browser.call('warmUp', { copy });
      const pixels = {
        name: 'pixels.rgb',
        mimeType: 'application/octet-stream',
        buffer: Buffer.from(sampled(0).pixels),
      };
      const model = resnetFile() ?? '';
      await browser.setFiles([
        { name: 'clip.avi', mimeType: 'video/x-msvideo', buffer: readFileSync(clips[0] as string) },
        pixels,
        { name: 'resnet50.onnx', mimeType: 'application/octet-stream', buffer: readFileSync(model) },
      ]);
      await browser.call('openTransformers', { network: 2, pixels: 1, threads });
      const native = await prepared.network(pixels.buffer, 1);
      let similarity = Number.NaN;
      return {
        ours: async () => {
          const { network: seconds, frames } = await browser.call('index', { file: 0 });
          return seconds / frames;
        },
        peer: async () => {
          const { seconds, vector } = await browser.call('runTransformers');
          similarity = cosine(vector, native.subarray(0, 2048));
          return seconds / samples;
        },
        notes: () => [note, `the peer's vector beside onnxruntime-node's: cosine ${similarity.toFixed(5)}`],
      };
    },
  };
}

export const clipRows: readonly Row[] = [
  pipelineRow({ name: 'pipeline' }),
  pipelineRow({ name: 'pipeline-8-bit', copy: true }),
  pipelineRow({ name: 'pipeline-short', of: clips }),
  {
    name: 'overlap',
    work: `one clip of ${clips.length}, three under way at a time, as the app indexes`,
    peerName: 'the same, one after the other',
    goal: undefined,
    rounds: 5,
    async prepare(browser) {
      const prepared = await prepareNetwork(browser);
      if (typeof prepared === 'string') return prepared;
      const files = [...clips.keys()];
      return {
        ours: () => browser.call('indexSeveral', { files, atOnce: 3 }),
        peer: () => browser.call('indexSeveral', { files, atOnce: 1 }),
        notes: () => [prepared.note],
      };
    },
  },
  {
    name: 'per-frame',
    work: `one frame of a clip, decode, thumbnails and ResNet-50 included (a clip's ${samples} frames, divided)`,
    peerName: 'native ffmpeg and ONNX Runtime on the same frames, told which they are',
    goal: { atMost: 4.5 },
    rounds: 10,
    async prepare(browser) {
      const prepared = await prepareNetwork(browser);
      if (typeof prepared === 'string') return prepared;
      const { file, sampled, network, note } = prepared;
      return {
        ours: async (round) => {
          const { extract, frames } = await browser.call('index', { file: file(round) });
          return extract / frames;
        },
        peer: async (round) => {
          const { pixels, seconds } = sampled(round);
          return (seconds + (await timed(() => network(pixels, samples)))) / samples;
        },
        notes: () => [note],
      };
    },
  },
  inferenceRow(false),
  inferenceRow(true),
  browserInferenceRow(false),
  browserInferenceRow(true),
  {
    name: 'decode',
    work: `${samples} frames of a clip at ${side}x${side} by ffmpeg.wasm, processor time of all the browser's processes`,
    peerName: 'native ffmpeg, processor time, its start not counted',
    goal: { atMost: 3.5 },
    rounds: 10,
    async prepare(browser) {
      const prepared = await prepareClips(browser, clips);
      if (typeof prepared === 'string') return prepared;
      const { file, sampled } = prepared;
      const wall = { ours: 0, peer: 0 };
      return {
        ours: async (round) => {
          const before = await browser.processorTime();
          for (let time = 0; time < decodesPerRound; time++) {
            const { seconds, frames } = await browser.call('decode', { file: file(round) });
            if (frames !== samples) throw new Error(`${frames} frames were decoded`);
            wall.ours += seconds;
          }
          return ((await browser.processorTime()) - before) / decodesPerRound;
        },
        peer: async (round) => {
          let total = 0;
          for (let time = 0; time < decodesPerRound; time++) {
            const { seconds, processor } = sampled(round);
            wall.peer += seconds;
            total += processor;
          }
          return total / decodesPerRound;
        },
        notes: () => [`by the clock on the wall, all runs together: ${(wall.ours / wall.peer).toFixed(2)}x`],
      };
    },
  },
];
