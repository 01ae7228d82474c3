import { AppError } from '../../core/errors';
import type { AudioSampling } from '../../core/sampling';
import { type FfmpegSoundStream, soundArguments, soundOutputs, soundPath } from './ffmpeg-arguments';
import type { FfmpegSession } from './ffmpeg-core';
import { deliverSound, type SoundSink } from './sound';

export type SoundJob = {
  readonly samplings: readonly AudioSampling[];
  readonly stream: FfmpegSoundStream;
  readonly onSound: SoundSink;
};

/** Bytes of sound that one command may leave behind. */
const bytesPerCommand = 64 * 2 ** 20;
/** What a later stretch begins earlier, seconds: decoder and filter have settled when its own time begins. */
const leadIn = 0.5;

/** Seconds of sound that one command may decode. */
function stretch(samplings: readonly AudioSampling[]): number {
  return Math.floor(bytesPerCommand / (4 * samplings.reduce((sum, { sampleRate }) => sum + sampleRate, 0)));
}

/** Outputs for a command that decodes pictures too, where all the sound is short enough for that. */
export function soundBesidePictures({ samplings, stream }: SoundJob): readonly string[] | undefined {
  const { index, duration } = stream;
  return duration !== undefined && duration <= stretch(samplings) ? soundOutputs(index, samplings) : undefined;
}

/** Hands over what a command with {@link soundBesidePictures} wrote. False where it wrote nothing. */
export async function takeSound(session: FfmpegSession, { samplings, stream, onSound }: SoundJob): Promise<boolean> {
  const taken = await Promise.all(samplings.map((_, i) => takeSamples(session, i)));
  for (const [i, samples] of taken.entries()) {
    await deliverSound(samplings, i, samples, { start: stream.startTime, done: 0 }, onSound);
  }
  return taken.some(({ length }) => length > 0);
}

/** Decodes the sound alone, one stretch after the other, so that a film's sound never lies in memory at once. Errors:
 * `sound-unreadable`, `decode-failed`, `decode-stalled`. */
export async function decodeSoundWithFfmpeg(
  session: FfmpegSession,
  { samplings, stream, onSound }: SoundJob,
  onProgress: (fraction: number) => void = () => undefined,
): Promise<void> {
  const seconds = stretch(samplings);
  const limit = Math.max(...samplings.map((sampling) => sampling.limit));
  const end = Math.min(limit, stream.duration ?? Number.POSITIVE_INFINITY);
  const start = stream.startTime;
  const done = samplings.map(() => 0);
  for (let from = 0; from < end; from += seconds) {
    const lead = from === 0 ? 0 : leadIn;
    const { log } = await session.run(soundArguments(stream.index, samplings, from - lead, seconds + lead));
    let ended = true;
    for (const [i, { sampleRate }] of samplings.entries()) {
      const samples = await takeSamples(session, i);
      const before = done[i] as number;
      // Counted from the beginning of the sound, so that no rounding adds up from stretch to stretch.
      const until = Math.round((from + seconds - start) * sampleRate);
      const skip = from === 0 ? 0 : Math.max(0, before - Math.round((from - lead - start) * sampleRate));
      const own = samples.subarray(skip, Math.max(skip, skip + until - before));
      if (own.length === 0 && from === 0) {
        throw new AppError('sound-unreadable', log.at(-1) ?? 'no sound could be decoded');
      }
      await deliverSound(samplings, i, own, { start, done: before }, onSound);
      done[i] = before + own.length;
      if (done[i] === until) ended = false;
    }
    onProgress(Number.isFinite(end) ? Math.min(1, (from + seconds) / end) : 0);
    if (ended) break;
  }
}

async function takeSamples(session: FfmpegSession, output: number): Promise<Float32Array> {
  const bytes = (await session.take(soundPath(output))) ?? new Uint8Array();
  const length = Math.floor(bytes.length / 4);
  return bytes.byteOffset % 4 === 0
    ? new Float32Array(bytes.buffer, bytes.byteOffset, length)
    : new Float32Array(bytes.slice(0, length * 4).buffer);
}
