import {
  clipTimes,
  intervalSeconds,
  intervalTimes,
  maxFrames,
  type PictureSampling,
  uniformFrameIndices,
  uniformTimes,
} from '../../core/sampling';

/** The instants of one sampling in one video: frame numbers where the video's frame count is known and the sampling is
 * uniform over the whole, else seconds; `every` has no list. Ascending, with repeats where a sampling asks for more than there is. */
export type Targets =
  | { readonly by: 'index'; readonly indices: Int32Array; readonly frameCount: number }
  | { readonly by: 'time'; readonly times: Float64Array }
  | { readonly by: 'every'; readonly limit: number };

/** `frameCount` and `duration` (seconds) as far as they are known; one of them must be for a uniform sampling. */
export function targetsOf(
  { instants }: Pick<PictureSampling, 'instants'>,
  { frameCount, duration }: { readonly frameCount: number | undefined; readonly duration: number },
): Targets {
  if (instants.mode === 'every') return { by: 'every', limit: maxFrames };
  if (instants.mode === 'interval') {
    return { by: 'time', times: intervalTimes(duration, intervalSeconds(instants, duration)) };
  }
  if (instants.mode === 'clips') return { by: 'time', times: clipTimes(instants, duration) };
  const frames = Math.min(instants.frames, maxFrames);
  const { part } = instants;
  if (part) return { by: 'time', times: uniformTimes(part.to - part.from, frames).map((time) => part.from + time) };
  return frameCount === undefined
    ? { by: 'time', times: uniformTimes(duration, frames) }
    : { by: 'index', indices: uniformFrameIndices(frameCount, frames), frameCount };
}

/** For each target the number of the frame that is on screen then, out of frames at `frameTimes` (ascending, seconds);
 * targets before the first frame get the first. */
export function framesOnScreen(targets: Float64Array, frameTimes: ArrayLike<number>): Int32Array {
  let frame = 0;
  return Int32Array.from(targets, (target) => {
    while (frame + 1 < frameTimes.length && (frameTimes[frame + 1] as number) <= target + 1e-6) frame++;
    return frame;
  });
}

/** Position of each index in the ascending list of distinct ones. */
export function positionsOfDistinct(indices: Int32Array): Int32Array {
  let position = -1;
  let last = -1;
  return indices.map((index) => {
    if (index !== last) position++;
    last = index;
    return position;
  });
}
