/** How frames become the extractor's input size. `squeeze` ignores the aspect ratio (the original's way);
 * `centre-crop` scales the short side to 256/224 of the target and crops its centre; `cover` scales it to the target itself and crops; `inside` keeps the
 * aspect ratio within the box, so the result may be smaller than asked. */
export type Fit = 'squeeze' | 'centre-crop' | 'cover' | 'inside';

/** `webcodecs` is mediabunny over the browser's decoders, `ffmpeg` is ffmpeg.wasm, `image` a still image. */
export type DecoderName = 'webcodecs' | 'ffmpeg' | 'image';

export type VideoTrackFacts = {
  /** Lower-case codec name as ffprobe writes it: `h264`, `mpeg4`, `vp9`. */
  readonly codec: string;
  /** Displayed size in pixels: rotation and sample aspect ratio obeyed. */
  readonly width: number;
  readonly height: number;
  /** Clockwise degrees the coded picture is turned for display. */
  readonly rotation: 0 | 90 | 180 | 270;
  readonly frameRate: number | undefined;
  /** Exact where the container says it, else undefined. */
  readonly frameCount: number | undefined;
  readonly hdr: boolean;
};

export type AudioTrackFacts = {
  readonly codec: string;
  readonly sampleRate: number;
  readonly channels: number;
};

/** How frames were reached: each by jumping to it, some as the key frame next to their instant, or by decoding the whole
 * file. */
export type Sought = 'exact' | 'key-frames' | 'linear';

/** What a file is, before any frame is decoded. */
export type MediaProbe = {
  /** ffprobe-style name: `avi`, `mp4`, `webm`, `matroska`, `gif`, `image`. */
  readonly container: string;
  /** Seconds; undefined where the container does not say. */
  readonly duration: number | undefined;
  readonly video: VideoTrackFacts | undefined;
  readonly audio: AudioTrackFacts | undefined;
  readonly decoder: DecoderName;
  /** Known once frames were decoded. */
  readonly sought?: Sought;
  /** Whether a `<video>` element can play the file as it is. */
  readonly playable: boolean;
};

/** A stretch of mono sound; stretches of one file follow one another without gap or overlap. */
export type SoundBlock = {
  /** -1..1, of any number. */
  readonly samples: Float32Array;
  /** Samples a second. */
  readonly sampleRate: number;
  /** When the first sample sounds, seconds from the start of the file. */
  readonly time: number;
};

/** Clips of one size. `data` holds `count` clips of `frames` pictures of `height` x `width` x 3 bytes, RGB, rows top to
 * bottom. */
export type ClipBatch = {
  readonly data: Uint8Array;
  readonly count: number;
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  /** Presentation time of each clip's first frame, seconds. Length `count`. */
  readonly times: Float64Array;
};

/** Frames of one size. `data` holds `count` pictures of `height` x `width` x 3 bytes, RGB, rows top to bottom. */
export type FrameBatch = {
  readonly data: Uint8Array;
  readonly count: number;
  readonly width: number;
  readonly height: number;
  /** Presentation time of each frame, seconds. Length `count`. */
  readonly times: Float64Array;
};
