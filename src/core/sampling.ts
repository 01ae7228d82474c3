import type { Fit } from './media';

/** A part of a video, seconds. */
export type Part = { readonly from: number; readonly to: number };

/** Which instants of a video are looked at. */
export type Instants =
  /** Over the whole video, or over a part of it alone. */
  | { readonly mode: 'uniform'; readonly frames: number; readonly part?: Part }
  | IntervalInstants
  | { readonly mode: 'every' };

/** Further apart in long videos, where `atMost` frames are taken, and in films, where `atMostOfFilms` are: each of them is
 * reached by itself, and half a group of pictures decoded for it. */
type IntervalInstants = {
  readonly mode: 'interval';
  readonly seconds: number;
  readonly atMost?: number;
  readonly atMostOfFilms?: number;
};

/** Duration of the shortest film, seconds: a few hundred frames lie further apart in it than most shots are long. */
const filmDuration = 1800;

/** Which frames of a video an extractor sees, and at what size (pixels). */
export type FrameSampling = {
  readonly instants: Instants;
  readonly width: number;
  readonly height: number;
  readonly fit: Fit;
};

/** Which sound an extractor hears: mono, resampled to `sampleRate` hertz, from the start and for at most `limit` seconds. */
export type AudioSampling = {
  readonly sampleRate: number;
  readonly limit: number;
};

/** Windows of a video: at most `clips`, uniform and apart, each of `frames` frames `spacing` seconds apart; closer in a
 * video that is shorter than a window. */
export type ClipInstants = {
  readonly mode: 'clips';
  readonly clips: number;
  readonly frames: number;
  readonly spacing: number;
};

/** Which clips of a video an extractor of motion sees, and at what size (pixels). */
export type ClipSampling = {
  readonly instants: ClipInstants;
  readonly width: number;
  readonly height: number;
  readonly fit: Fit;
};

/** What is decoded of a video's pictures. */
export type PictureSampling = FrameSampling | ClipSampling;

/** What of a file an extractor gets. The kinds are told apart by their own fields: stored vectors carry no other mark. */
export type Sampling = PictureSampling | AudioSampling;

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

/** Seconds between the frames of an interval sampling in a video of `duration` seconds. */
export function intervalSeconds(
  { seconds, atMost = Infinity, atMostOfFilms = atMost }: Omit<IntervalInstants, 'mode'>,
  duration: number,
): number {
  return Math.max(seconds, duration / (duration < filmDuration ? atMost : atMostOfFilms));
}

export function isOfFrames(sampling: Sampling): sampling is FrameSampling {
  return 'instants' in sampling && sampling.instants.mode !== 'clips';
}

export function isOfClips(sampling: Sampling): sampling is ClipSampling {
  return 'instants' in sampling && sampling.instants.mode === 'clips';
}

/** Where the windows lie in a video of `duration` seconds: window i begins at `offset + i * period`. */
export function clipWindows({ clips, frames, spacing }: ClipInstants, duration: number) {
  const count = Math.max(1, Math.min(clips, Math.floor(duration / (frames * spacing) + 1e-9)));
  const period = duration / count;
  const step = Math.min(spacing, period / frames);
  return { count, period, step, offset: (period - frames * step) / 2 };
}

/** Instants of all frames of all windows, seconds, ascending. */
export function clipTimes(instants: ClipInstants, duration: number): Float64Array {
  const { count, period, step, offset } = clipWindows(instants, duration);
  const { frames } = instants;
  return Float64Array.from(
    { length: count * frames },
    (_, i) => offset + Math.floor(i / frames) * period + (i % frames) * step,
  );
}

const fitWords: Record<Fit, string> = {
  squeeze: 'squeezed',
  'centre-crop': 'centre crop',
  cover: 'centre square',
  inside: 'inside',
};

/** One line for the interface and for exports: `8 uniform frames, 224x224 squeezed`, `sound at 16000 Hz, first 120 min`. */
export function describeSampling(sampling: Sampling): string {
  if ('sampleRate' in sampling) {
    return `sound at ${sampling.sampleRate} Hz, first ${Math.round(sampling.limit / 60)} min`;
  }
  const { width, height, fit } = sampling;
  return `${describeInstants(sampling)}, ${width}x${height} ${fitWords[fit]}`;
}

function describeInstants({ instants }: PictureSampling): string {
  if (instants.mode === 'clips') {
    return `${instants.clips} uniform clips of ${instants.frames} frames, ${instants.spacing} s apart`;
  }
  if (instants.mode === 'every') return 'every frame';
  if (instants.mode === 'uniform') {
    const { frames, part } = instants;
    return `${frames} uniform frames${part ? ` of ${part.from} s to ${part.to} s` : ''}`;
  }
  const { seconds, atMost, atMostOfFilms } = instants;
  const most = atMost === undefined ? '' : `, at most ${atMost}`;
  const ofFilms = atMostOfFilms === undefined ? '' : `, ${atMostOfFilms} of films`;
  return `a frame every ${seconds} s${most}${ofFilms}`;
}

/** Equal keys mean the same frames, or the same sound: such samplings are decoded once. */
export function samplingKey(sampling: Sampling): string {
  if ('sampleRate' in sampling) return `sound${sampling.sampleRate}/${sampling.limit}`;
  const { width, height, fit } = sampling;
  const size = `${width}x${height}/${fit}`;
  const { instants } = sampling;
  if (instants.mode === 'clips') return `clips${instants.clips}x${instants.frames}/${instants.spacing}/${size}`;
  const { mode } = instants;
  const within = mode === 'uniform' && instants.part ? `@${instants.part.from}-${instants.part.to}` : '';
  const amount =
    mode === 'uniform'
      ? instants.frames
      : mode === 'interval'
        ? `${instants.seconds}<${instants.atMost ?? ''}<${instants.atMostOfFilms ?? ''}`
        : '';
  return `${mode}${amount}${within}/${size}`;
}
