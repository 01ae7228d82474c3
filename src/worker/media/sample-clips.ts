import { AppError } from '../../core/errors';
import type { CallOptions } from '../../protocol/progress';
import { logged } from './ffmpeg-arguments';
import { createFfmpegHost } from './ffmpeg-core';
import { sampleClip } from './sample-arguments';

const output = '/clip.mp4';
const ffmpeg = createFfmpegHost();

/** Makes clip `index` (0..23) of the sample library out of ffmpeg's own picture sources. Errors: `decode-failed`, `decode-stalled`. */
export async function makeSample(
  index: number,
  { signal, onProgress }: CallOptions = {},
): Promise<{ file: File; path: string }> {
  const clip = sampleClip(index);
  return ffmpeg.use(undefined, signal, async (session) => {
    onProgress?.({ stage: 'Drawing', fraction: 0 });
    const outcome = await session.run([...logged, ...clip.arguments, output], {
      onFraction: (fraction) => onProgress?.({ stage: 'Drawing', fraction }),
    });
    const data = await session.take(output);
    if (outcome.code !== 0 || !data?.length) throw new AppError('decode-failed', outcome.log.at(-1) ?? 'no output');
    // A fixed date, so that making the library again gives the same files.
    const file = new File([data as Uint8Array<ArrayBuffer>], clip.name, {
      type: 'video/mp4',
      lastModified: Date.UTC(2026, 0, 1),
    });
    return { file, path: clip.path };
  });
}
