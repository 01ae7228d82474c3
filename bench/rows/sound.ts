import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { ensureTools } from '../../scripts/ensure-tools.mjs';
import { median, type Row } from '../row';

const shared = join(import.meta.dirname, '../../../shared');
const sounds = join(shared, 'videos/sounds');
const models = {
  spectrogram: join(shared, 'models/yamnet_logmel.onnx'),
  network: join(shared, 'models/yamnet_embed.int8w.onnx'),
};
const rounds = 10;
const [rows, bands, hop] = [96, 64, 48];

/** The peer's way: native ffmpeg, and YAMNet's own front end and network in ONNX Runtime. Seconds, and the moments. */
async function openPeer(threads: number): Promise<(path: string) => Promise<{ seconds: number; moments: number }>> {
  const options = { intraOpNumThreads: threads, interOpNumThreads: 1 };
  const [spectrogram, network] = await Promise.all([
    InferenceSession.create(models.spectrogram, options),
    InferenceSession.create(models.network, options),
  ]);
  const input = (session: InferenceSession) => session.inputNames[0] as string;
  return async (path) => {
    const started = performance.now();
    const sound = ['-map', '0:a:0', '-ac', '1', '-ar', '16000', '-f', 'f32le', '-'];
    const { stdout } = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', '-i', path, ...sound], { maxBuffer: 2 ** 28 });
    const samples = new Float32Array(new Uint8Array(stdout).buffer);
    const padded = new Float32Array(15_600 + Math.ceil(Math.max(0, samples.length - 15_600) / 7680) * 7680);
    padded.set(samples);
    const spectrum = new Tensor('float32', padded, [1, padded.length]);
    const results = await spectrogram.run({ [input(spectrogram)]: spectrum });
    const mel = results[spectrogram.outputNames[0] as string]?.data as Float32Array;
    const moments = Math.floor((mel.length / bands - rows) / hop) + 1;
    const patches = new Float32Array(moments * rows * bands);
    for (let i = 0; i < moments; i++) {
      patches.set(mel.subarray(i * hop * bands, (i * hop + rows) * bands), i * rows * bands);
    }
    await network.run({ [input(network)]: new Tensor('float32', patches, [moments, rows, bands]) });
    return { seconds: (performance.now() - started) / 1000, moments };
  };
}

export const soundRow: Row = {
  name: 'sound',
  work: 'one moment (0.48 s) of a five-second Ogg, decode, log-mel spectrogram and YAMNet included',
  peerName: 'native ffmpeg and ONNX Runtime with the published front end and network',
  goal: { atMost: 4.5 },
  rounds,
  async prepare(browser) {
    if (!existsSync(sounds) || !existsSync(models.network)) return 'the sounds and models of ../shared are not there';
    if (!(await ensureTools()).ffmpeg) return 'native ffmpeg is not installed';
    const files = readdirSync(sounds).map((label) => {
      const [first = ''] = readdirSync(join(sounds, label)).sort();
      return join(sounds, label, first);
    });
    await browser.setFiles([...files, models.network]);
    const { threads } = await browser.call('addModel', { extractor: 'yamnet', file: files.length });
    const peer = await openPeer(threads);
    const at = (round: number) => round % files.length;
    const statistics: number[] = [];
    return {
      ours: async (round) => {
        const { seconds, moments } = await browser.call('hear', { file: at(round), by: 'yamnet' });
        const other = await browser.call('hear', { file: at(round), by: 'audio-statistics' });
        statistics.push(other.seconds / other.moments);
        return seconds / moments;
      },
      peer: async (round) => {
        const { seconds, moments } = await peer(files[at(round)] as string);
        return seconds / moments;
      },
      notes: () => [
        `WASM and native: ${threads} threads each`,
        `the 138 statistics, decode included: ${(1000 * median(statistics)).toFixed(1)} ms a second of sound`,
      ],
    };
  },
};
