/** Longest side of a picture that is decoded, pixels: beyond it one frame could take the tab's memory. */
export const largestSide = 8192;

/** Bytes of raw frames that one command of ffmpeg may leave behind. */
export const bytesPerCommand = 96 * 2 ** 20;

/** Frames of a batch at most. */
export const framesPerBatch = 32;
