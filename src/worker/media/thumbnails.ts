import type { FrameBatch } from '../../core/media';
import type { FrameSampling } from '../../core/sampling';
import type { ThumbnailStrip } from '../../protocol/extract-api';

/** The sampling that a strip is made from. */
export const thumbnailSampling: FrameSampling = {
  instants: { mode: 'uniform', frames: 8 },
  width: 320,
  height: 180,
  fit: 'inside',
};

/** Turns batches of one size into JPEG pictures; they are read, not kept. Without frames the strip is empty. */
export async function makeThumbnails(batches: readonly FrameBatch[]): Promise<ThumbnailStrip> {
  const images: Blob[] = [];
  const times: number[] = [];
  const { width = 0, height = 0 } = batches[0] ?? {};
  for (const batch of batches) {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no 2d canvas');
    for (let frame = 0; frame < batch.count; frame++) {
      context.putImageData(toImageData(batch, frame), 0, 0);
      images.push(await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 }));
      times.push(batch.times[frame] ?? 0);
    }
  }
  return { images, times, width, height };
}

function toImageData({ data, width, height }: FrameBatch, frame: number): ImageData {
  const picture = new ImageData(width, height);
  const size = width * height;
  for (let i = 0, from = frame * size * 3; i < size; i++, from += 3) {
    picture.data[4 * i] = data[from] ?? 0;
    picture.data[4 * i + 1] = data[from + 1] ?? 0;
    picture.data[4 * i + 2] = data[from + 2] ?? 0;
    picture.data[4 * i + 3] = 255;
  }
  return picture;
}
