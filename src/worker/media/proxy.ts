import { AppError, isAbortError } from '../../core/errors';
import type { CallOptions } from '../../protocol/progress';
import { guardedInput, logged } from './ffmpeg-arguments';
import { createFfmpegHost } from './ffmpeg-core';
import { inputPath } from './ffmpeg-paths';

/** Longest side of a proxy, pixels. */
const longestSide = 640;
const output = '/proxy.mp4';

// A core of its own, so that playback does not wait until indexing lets go of the other.
const ffmpeg = createFfmpegHost();

/** Options of ffmpeg that make an MP4 any `<video>` plays: upright, square pixels, even sides of at most 640. */
function proxyArguments(): readonly string[] {
  const shrink = `min(1,${longestSide}/max(iw*max(sar,1e-3),ih))`;
  const even = (side: string) => `max(2,2*trunc(${side}*${shrink}/2))`;
  return [
    ...logged,
    ...guardedInput,
    '-i',
    inputPath,
    ...['-map', '0:V:0?', '-map', '0:a:0?', '-sn', '-dn'],
    ...['-vf', `scale=w='${even('iw*if(sar,sar,1)')}':h='${even('ih')}':flags=bilinear,setsar=1`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '24', '-pix_fmt', 'yuv420p', '-g', '50'],
    ...['-c:a', 'aac', '-b:a', '96k', '-ac', '2'],
    ...['-map_metadata', '-1', '-movflags', '+faststart', '-f', 'mp4', output],
  ];
}

/** An MP4 that `<video>` can play, from anything that ffmpeg.wasm decodes. Errors: `proxy-failed`. */
export async function makeProxy(file: File, { signal, onProgress }: CallOptions = {}): Promise<Blob> {
  const stage = 'Preparing playback';
  onProgress?.({ stage, fraction: undefined });
  try {
    return await ffmpeg.use(file, signal, async (session) => {
      const outcome = await session.run(proxyArguments(), {
        onFraction: (fraction) => onProgress?.({ stage, fraction }),
      });
      const data = await session.take(output);
      if (outcome.code !== 0 || !data?.length) throw new AppError('proxy-failed', outcome.log.at(-1) ?? 'no output');
      return new Blob([data as Uint8Array<ArrayBuffer>], { type: 'video/mp4' });
    });
  } catch (error) {
    if (isAbortError(error) || !(error instanceof AppError) || error.code === 'proxy-failed') throw error;
    throw new AppError('proxy-failed', error.message, {}, { cause: error });
  }
}
