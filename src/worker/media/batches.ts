import type { FrameBatch } from '../../core/media';
import type { PictureSampling } from '../../core/sampling';
import { place } from './fit';
import { framesPerBatch } from './limits';
import { type PlanarPicture, writeRgb } from './planes';

/** Receives the frames of one sampling, in order of time; awaited, so that decoding waits for whoever uses them. */
export type FrameSink = (samplingIndex: number, batch: FrameBatch) => Promise<void>;

/** Gathers the frames of each sampling into batches of at most 32. */
export function createBatcher(
  samplings: readonly PictureSampling[],
  display: { readonly width: number; readonly height: number },
  onFrames: FrameSink,
): {
  add(samplingIndex: number, picture: PlanarPicture, time: number): Promise<void>;
  flush(): Promise<void>;
} {
  const open = samplings.map((sampling) => ({
    at: place(sampling.fit, sampling, display.width, display.height),
    data: undefined as Uint8Array | undefined,
    times: [] as number[],
    /** What was written last, to repeat it without scaling again. */
    last: undefined as { picture: PlanarPicture; pixels: Uint8Array } | undefined,
  }));

  async function send(index: number): Promise<void> {
    const batch = open[index];
    if (!batch?.data || batch.times.length === 0) return;
    const { at, data, times } = batch;
    const count = times.length;
    batch.data = undefined;
    batch.times = [];
    const { width, height } = at;
    const filled = count === framesPerBatch ? data : data.slice(0, count * width * height * 3);
    await onFrames(index, { data: filled, count, width, height, times: Float64Array.from(times) });
  }

  return {
    async add(index, picture, time) {
      const batch = open[index];
      if (!batch) return;
      const size = batch.at.width * batch.at.height * 3;
      batch.data ??= new Uint8Array(framesPerBatch * size);
      const start = batch.times.length * size;
      if (batch.last?.picture === picture) batch.data.set(batch.last.pixels, start);
      else {
        writeRgb(picture, batch.at, batch.data, start);
        batch.last = { picture, pixels: batch.data.slice(start, start + size) };
      }
      batch.times.push(time);
      if (batch.times.length === framesPerBatch) await send(index);
    },
    async flush() {
      for (const index of open.keys()) await send(index);
    },
  };
}
