import { ALL_FORMATS, type AudioSample, AudioSampleSink, BlobSource, Input, type InputAudioTrack } from 'mediabunny';
import { AppError } from '../../core/errors';
import type { AudioSampling } from '../../core/sampling';
import { createResampler } from './resampler';
import { deliverSound, type SoundSink } from './sound';
import { originOf } from './webcodecs';

/** A hole in the sound longer than this, seconds, is filled with silence. */
const gap = 0.1;
/** Samples that are gathered before they are resampled. */
const gathered = 2 ** 14;

/** The default sound track, where the browser decodes it and mixing it down is no question of layouts. */
export async function findSoundTrack(input: Input): Promise<InputAudioTrack | undefined> {
  const track = await input.getPrimaryAudioTrack();
  const decodable = track && (await track.getNumberOfChannels()) <= 2 && (await track.canDecode());
  return decodable ? track : undefined;
}

/** Decodes the sound with the browser's decoders, block after block. Times count from where the file's clock starts. Any
 * failure but a cancel means: try ffmpeg. */
export async function decodeSoundWithWebCodecs({
  file,
  samplings,
  container,
  signal,
  onSound,
  onProgress = () => undefined,
}: {
  readonly file: File;
  readonly samplings: readonly AudioSampling[];
  readonly container: string;
  readonly signal: AbortSignal | undefined;
  readonly onSound: SoundSink;
  readonly onProgress?: ((seconds: number) => void) | undefined;
}): Promise<void> {
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  const abort = () => input.dispose();
  signal?.addEventListener('abort', abort);
  try {
    const track = await findSoundTrack(input);
    if (!track) throw new AppError('sound-unreadable', 'the browser does not decode this sound');
    const clock = (container === 'mpegts' && (await input.getPrimaryVideoTrack())) || track;
    const origin = await originOf(container, clock);
    const limit = Math.max(...samplings.map((sampling) => sampling.limit));
    const mixer = createMixer(samplings, onSound);
    for await (const sample of new AudioSampleSink(track).samples()) {
      const time = sample.timestamp - origin;
      const over = time >= limit;
      if (!over) await mixer.add(sample, time);
      sample.close();
      if (over) break;
      await mixer.drain(gathered);
      signal?.throwIfAborted();
      onProgress(time);
    }
    await mixer.end();
    if (mixer.heard() === 0) throw new AppError('sound-unreadable', 'no sound could be decoded');
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
    input.dispose();
  }
}

/** Mixes decoded samples down, sets them one behind the other by their times, and resamples them for each sampling. */
function createMixer(samplings: readonly AudioSampling[], onSound: SoundSink) {
  let waiting: Float32Array[] = [];
  let pending = 0;
  let rate = 0;
  let start = 0;
  let heard = 0;
  let outputs: { readonly resampler: ReturnType<typeof createResampler>; done: number }[] = [];

  function push(samples: Float32Array): void {
    waiting.push(samples);
    pending += samples.length;
    heard += samples.length;
  }

  async function send(of: (resampler: ReturnType<typeof createResampler>) => Float32Array): Promise<void> {
    for (const [i, output] of outputs.entries()) {
      const samples = of(output.resampler);
      await deliverSound(samplings, i, samples, { start, done: output.done }, onSound);
      output.done += samples.length;
    }
  }

  async function drain(least: number): Promise<void> {
    if (pending < least || pending === 0) return;
    const samples = new Float32Array(pending);
    let at = 0;
    for (const part of waiting) {
      samples.set(part, at);
      at += part.length;
    }
    waiting = [];
    pending = 0;
    await send((resampler) => resampler.push(samples));
  }

  return {
    heard: () => heard,
    async add(sample: AudioSample, time: number): Promise<void> {
      const { sampleRate } = sample;
      const mono = mixDown(sample);
      // What lies before the start is the decoder's run-up.
      const early = Math.min(mono.length, Math.max(0, Math.round(-time * sampleRate)));
      if (early === mono.length) return;
      if (rate === 0) {
        rate = sampleRate;
        start = Math.max(0, time);
        outputs = samplings.map((sampling) => ({ resampler: createResampler(rate, sampling.sampleRate), done: 0 }));
      }
      if (sampleRate !== rate) throw new AppError('sound-unreadable', 'the sample rate changes on the way');
      const missing = Math.round((time + early / rate - start) * rate) - heard;
      if (missing > gap * rate) {
        for (let left = missing; left > 0; left -= gathered) {
          push(new Float32Array(Math.min(left, gathered)));
          await drain(gathered);
        }
      }
      push(early > 0 ? mono.slice(early) : mono);
    },
    drain,
    async end(): Promise<void> {
      await drain(1);
      await send((resampler) => resampler.flush());
    },
  };
}

/** The mean of the channels. */
function mixDown(sample: AudioSample): Float32Array {
  const { numberOfFrames, numberOfChannels } = sample;
  const mono = new Float32Array(numberOfFrames);
  sample.copyTo(mono, { planeIndex: 0, format: 'f32-planar' });
  if (numberOfChannels === 1) return mono;
  const other = new Float32Array(numberOfFrames);
  for (let planeIndex = 1; planeIndex < numberOfChannels; planeIndex++) {
    sample.copyTo(other, { planeIndex, format: 'f32-planar' });
    for (let i = 0; i < numberOfFrames; i++) mono[i] = (mono[i] as number) + (other[i] as number);
  }
  for (let i = 0; i < numberOfFrames; i++) mono[i] = (mono[i] as number) / numberOfChannels;
  return mono;
}
