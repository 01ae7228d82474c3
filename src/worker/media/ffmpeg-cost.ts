/** Measured with ffmpeg.wasm on H.264 and XviD: seconds to decode a pixel, and to begin a command. */
const secondsPerPixel = 4.3e-9;
const secondsPerCommand = 0.06;
/** Frames from the key frame before where one jumps to: XviD and x264 set one at least every 250. */
const framesToInstant = 125;
/** Below so many seconds a file is decoded as a whole: numbers of frames are exact then, whatever their durations. */
const worthwhile = 4;
/** What is certain must be beaten clearly by what depends on key frames. */
const margin = 1.5;

/** Whether jumping to `early` frames before each instant costs less than decoding the whole file, so that the cost does not
 * grow with its length. */
export function jumpsPay({
  frames,
  instants,
  early,
  width,
  height,
}: {
  readonly frames: number;
  readonly instants: number;
  readonly early: number;
  readonly width: number;
  readonly height: number;
}): boolean {
  const perFrame = width * height * secondsPerPixel;
  const whole = frames * perFrame;
  const jumps = instants * (secondsPerCommand + Math.min(framesToInstant + early, frames / 2) * perFrame);
  return whole >= worthwhile && whole > margin * jumps;
}
