import type { ClipBatch, FrameBatch } from '../../core/media';

/** Parts the frames of a video, which come in batches, into windows. */
export type ClipWindows = {
  /** The windows that a batch completes. The batch is not kept. */
  add(batch: FrameBatch): ClipBatch[];
  /** What there is of a video with too few frames for one window, the last frame repeated: a still image stands still. */
  rest(): ClipBatch | undefined;
};

export function createClipWindows(frames: number): ClipWindows {
  let open: ClipBatch | undefined;
  let filled = 0;
  let complete = 0;

  return {
    add({ data, count, width, height, times }) {
      const size = width * height * 3;
      const made: ClipBatch[] = [];
      for (let i = 0; i < count; i++) {
        open ??= { data: new Uint8Array(frames * size), count: 1, frames, width, height, times: times.slice(i, i + 1) };
        open.data.set(data.subarray(i * size, (i + 1) * size), filled * size);
        filled++;
        if (filled < frames) continue;
        made.push(open);
        open = undefined;
        filled = 0;
        complete++;
      }
      return made;
    },
    rest() {
      if (!open || complete > 0) return undefined;
      const size = open.data.length / frames;
      for (let i = filled; i < frames; i++) open.data.copyWithin(i * size, (filled - 1) * size, filled * size);
      return open;
    },
  };
}
