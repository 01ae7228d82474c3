/** Where a person's file lies for ffmpeg: a fixed name, whatever its own is. */
export const inputPath = '/in/media';
