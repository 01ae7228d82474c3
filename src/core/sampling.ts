import type { Fit } from './media';

/** Which instants of a video are looked at. */
export type Instants =
  | { readonly mode: 'uniform'; readonly frames: number }
  | { readonly mode: 'interval'; readonly seconds: number }
  | { readonly mode: 'every' };

/** Which frames of a video an extractor sees, and at what size (pixels). */
export type FrameSampling = {
  readonly instants: Instants;
  readonly width: number;
  readonly height: number;
  readonly fit: Fit;
};

/** At most this many frames are taken from one video, whatever the sampling: memory and time stay bounded. */
export const maxFrames = 20_000;

/** Index of frame i of N uniform samples out of `frameCount`: floor((i + 0.5) n / N). Repeats where n < N. */
export function uniformFrameIndices(frameCount: number, samples: number): Int32Array {
  return Int32Array.from({ length: samples }, (_, i) => Math.floor(((i + 0.5) * frameCount) / samples));
}

/** The same fractions of a duration, seconds, for media whose frame count is unknown. */
export function uniformTimes(duration: number, samples: number): Float64Array {
  return Float64Array.from({ length: samples }, (_, i) => ((i + 0.5) * duration) / samples);
}

/** Instants 0, s, 2s, … before `duration`, seconds, at most `maxFrames`. A video shorter than s gives its first frame. */
export function intervalTimes(duration: number, seconds: number): Float64Array {
  const count = Math.min(maxFrames, Math.max(1, Math.ceil(duration / seconds - 1e-9)));
  return Float64Array.from({ length: count }, (_, i) => i * seconds);
}

/** One line for the interface and for exports: `8 uniform frames, 224x224 squeezed`. */
export function describeSampling({ instants, width, height, fit }: FrameSampling): string {
  const when =
    instants.mode === 'uniform'
      ? `${instants.frames} uniform frames`
      : instants.mode === 'interval'
        ? `a frame every ${instants.seconds} s`
        : 'every frame';
  const how = fit === 'squeeze' ? 'squeezed' : fit === 'centre-crop' ? 'centre crop' : 'inside';
  return `${when}, ${width}x${height} ${how}`;
}

/** Equal keys mean the same frames: such samplings are decoded once. */
export function samplingKey(sampling: FrameSampling): string {
  const { instants, width, height, fit } = sampling;
  const amount = instants.mode === 'uniform' ? instants.frames : instants.mode === 'interval' ? instants.seconds : '';
  return `${instants.mode}${amount}/${width}x${height}/${fit}`;
}
