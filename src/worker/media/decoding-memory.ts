import type { MediaProbe } from '../../core/media';
import type { PictureSampling } from '../../core/sampling';
import { place } from './fit';
import { targetsOf } from './instants';
import { bytesPerCommand, framesPerBatch } from './limits';

/** Pictures of full size that are in memory at once: what a decoder refers to (6 at 3840x2160; more where they are small), 8
 * that it is ahead, and the copy that is being scaled. */
const picturesHeld = 16;

/** Bytes that decoding a file takes at most, by reckoning, before its batches are handed over: pictures of full size, and
 * what is gathered of every sampling, by batches or by commands of ffmpeg. Sound adds a quarter of a megabyte, or lies in
 * what ffmpeg gathers. */
export function decodingBytes(
  { video, duration, decoder }: Pick<MediaProbe, 'video' | 'duration' | 'decoder'>,
  samplings: readonly PictureSampling[],
): number {
  const commands = decoder === 'ffmpeg';
  if (!video) return commands ? bytesPerCommand : 0;
  const { width, height, hdr, frameCount } = video;
  const gathered = samplings.reduce((sum, sampling) => {
    const targets = duration === undefined ? undefined : targetsOf(sampling, { frameCount, duration });
    const frames =
      targets === undefined || targets.by === 'every'
        ? Number.POSITIVE_INFINITY
        : targets.by === 'index'
          ? targets.indices.length
          : targets.times.length;
    const at = place(sampling.fit, sampling, width, height);
    return sum + Math.min(commands ? frames : framesPerBatch, frames) * at.width * at.height * 3;
  }, 0);
  return picturesHeld * width * height * (hdr ? 3 : 1.5) + Math.min(bytesPerCommand, gathered);
}
