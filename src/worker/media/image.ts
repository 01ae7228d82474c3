import { AppError } from '../../core/errors';
import type { MediaProbe } from '../../core/media';
import type { PictureSampling } from '../../core/sampling';
import { createBatcher, type FrameSink } from './batches';
import { largestSide } from './limits';
import { readDrawable } from './video-frame';

/** A still image counts as a video of one frame at time 0. Errors: `image-unreadable`, `frame-too-large`. */
export async function probeImage(file: File, codec: string): Promise<MediaProbe> {
  const bitmap = await decodeImage(file);
  const { width, height } = bitmap;
  bitmap.close();
  if (Math.max(width, height) > largestSide) {
    throw new AppError('frame-too-large', 'the picture is too large', { width, height, limit: largestSide });
  }
  return {
    container: 'image',
    duration: undefined,
    video: { codec, width, height, rotation: 0, frameRate: undefined, frameCount: 1, hdr: false },
    audio: undefined,
    decoder: 'image',
    playable: false,
  };
}

/** Gives the image once to every sampling, whatever number of frames it asks for. Errors: `image-unreadable`. */
export async function decodeImageFrames(
  file: File,
  samplings: readonly PictureSampling[],
  onFrames: FrameSink,
): Promise<void> {
  const bitmap = await decodeImage(file);
  const picture = readDrawable(bitmap, bitmap.width, bitmap.height, 0);
  const batcher = createBatcher(samplings, bitmap, onFrames);
  bitmap.close();
  for (const index of samplings.keys()) await batcher.add(index, picture, 0);
  await batcher.flush();
}

async function decodeImage(file: File): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file);
  } catch (cause) {
    throw new AppError('image-unreadable', 'the image cannot be read', { name: file.name }, { cause });
  }
}
