import type { SoundBlock } from '../../core/media';
import type { AudioSampling } from '../../core/sampling';

/** Receives the sound of one sampling, block after block; awaited, so that decoding waits for whoever listens. */
export type SoundSink = (samplingIndex: number, block: SoundBlock) => Promise<void>;

/** Samples of a block at most: a second or so. */
const samplesPerBlock = 2 ** 16;

/** Hands over sound that is at hand, in blocks, no further than the sampling's limit. `done`: samples that went before,
 * the first of them at `start` seconds. */
export async function deliverSound(
  samplings: readonly AudioSampling[],
  index: number,
  samples: Float32Array,
  { start, done }: { readonly start: number; readonly done: number },
  onSound: SoundSink,
): Promise<void> {
  const { sampleRate, limit } = samplings[index] as AudioSampling;
  const left = Math.max(0, Math.ceil((limit - start) * sampleRate) - done);
  const length = Math.min(samples.length, left);
  for (let at = 0; at < length; at += samplesPerBlock) {
    const block = samples.subarray(at, Math.min(length, at + samplesPerBlock));
    await onSound(index, { samples: block, sampleRate, time: start + (done + at) / sampleRate });
  }
}
