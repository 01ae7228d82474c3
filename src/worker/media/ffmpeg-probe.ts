import { AppError } from '../../core/errors';
import type { AudioTrackFacts, MediaProbe, VideoTrackFacts } from '../../core/media';
import type { FfmpegSoundStream, FfmpegStream } from './ffmpeg-arguments';
import { countArguments, probeArguments } from './ffmpeg-arguments';
import type { FfmpegSession } from './ffmpeg-core';
import { readFinalStatistics } from './ffmpeg-log';
import { largestSide } from './limits';
import type { Signature } from './signature';

type ProbedStream = {
  readonly index: number;
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly width?: number;
  readonly height?: number;
  readonly sample_aspect_ratio?: string;
  readonly avg_frame_rate?: string;
  readonly r_frame_rate?: string;
  readonly start_time?: string;
  readonly duration?: string;
  readonly nb_frames?: string;
  readonly sample_rate?: string;
  readonly channels?: number;
  readonly color_transfer?: string;
  readonly disposition?: { readonly attached_pic?: number; readonly default?: number };
  readonly tags?: Readonly<Record<string, string>>;
  readonly side_data_list?: readonly { readonly rotation?: number }[];
};

/** Answer of `ffprobe -show_format -show_streams -of json`, as far as it is used. */
export type ProbedFile = {
  readonly format?: { readonly format_name?: string; readonly duration?: string; readonly start_time?: string };
  readonly streams?: readonly ProbedStream[];
};

/** What is decoded of a file: its picture, its sound, or both. */
export type ProbedStreams = {
  readonly probe: MediaProbe;
  readonly stream: FfmpegStream | undefined;
  readonly sound: FfmpegSoundStream | undefined;
};

/** Asks ffprobe what the file is. Errors: `file-not-media`, `file-truncated`, `no-video-track`, `codec-unsupported`,
 * `frame-too-large`, `decode-failed`, `decode-stalled`. */
export async function probeWithFfmpeg(session: FfmpegSession, signature: Signature): Promise<ProbedStreams> {
  const { log, output } = await session.probe(probeArguments);
  const file = parse(output.join('\n'));
  // The core gives no exit code for ffprobe.
  if (!file?.format?.format_name) {
    // Boxes of an mp4 without its index (moov) are how a broken-off recording or download looks.
    if (signature === 'isobmff') throw new AppError('file-truncated', log.at(-1) ?? 'the index of the file is missing');
    throw new AppError('file-not-media', log.at(-1) ?? 'not a media file');
  }
  const { probe, stream, sound } = readProbe(file);
  if (!stream || stream.duration > 0) return { probe, stream, sound };
  const counted = readFinalStatistics((await session.run(countArguments(stream.index, 'packets'))).log);
  if (!counted?.frames) throw new AppError('no-frames', 'the video track is empty');
  const duration = Math.max(counted.seconds, counted.frames * stream.frameDuration);
  const video = { ...(probe.video as VideoTrackFacts), frameCount: counted.frames };
  return { probe: { ...probe, duration, video }, stream: { ...stream, duration }, sound };
}

/** Turns ffprobe's answer into facts. `stream.duration` is 0 where nothing tells it. Errors: `no-video-track`, `codec-unsupported`, `frame-too-large`. */
export function readProbe(file: ProbedFile): ProbedStreams {
  const streams = file.streams ?? [];
  const video = streams.find((s) => s.codec_type === 'video' && !s.disposition?.attached_pic);
  const tracks = streams.filter((s) => s.codec_type === 'audio');
  const audio = tracks.find((s) => s.disposition?.default) ?? tracks[0];
  const sound = audio && soundStream(audio, file);
  if (!video) {
    if (!audio || !sound) throw new AppError('no-video-track', 'the file has no track of pictures or sound');
    const facts = {
      container: containerOf(file),
      duration: sound.duration,
      video: undefined,
      audio: audioFacts(audio),
    };
    return { probe: { ...facts, decoder: 'ffmpeg', playable: false }, stream: undefined, sound };
  }
  const codec = video.codec_name;
  if (!codec || codec === 'unknown' || codec === 'none') {
    throw new AppError('codec-unsupported', 'the video codec is not known', { codec: 'unknown' });
  }
  const { width: codedWidth = 0, height: codedHeight = 0 } = video;
  if (!codedWidth || !codedHeight)
    throw new AppError('codec-unsupported', 'the size of the video is not known', { codec });
  const pixelAspect = ratio(video.sample_aspect_ratio?.replace(':', '/')) ?? 1;
  const squareWidth = Math.max(1, Math.round(codedWidth * pixelAspect));
  const clockwise = -(video.side_data_list?.find((d) => d.rotation !== undefined)?.rotation ?? 0);
  const rotation = ((((Math.round(clockwise / 90) * 90) % 360) + 360) % 360) as 0 | 90 | 180 | 270;
  const upright = rotation % 180 === 0;
  const [width, height] = upright ? [squareWidth, codedHeight] : [codedHeight, squareWidth];
  const largest = Math.max(codedWidth, codedHeight);
  if (largest > largestSide)
    throw new AppError('frame-too-large', 'the picture is too large', { width, height, limit: largestSide });
  const frameRate = ratio(video.avg_frame_rate) ?? ratio(video.r_frame_rate);
  const counted = positive(video.nb_frames);
  // A broken header may hold any number.
  const frameCount = counted !== undefined && counted < 2 ** 31 ? counted : undefined;
  const frameDuration = 1 / (frameRate ?? 25);
  const duration =
    positive(video.duration) ??
    clock(video.tags?.DURATION) ??
    positive(file.format?.duration) ??
    (frameCount === undefined ? undefined : frameCount * frameDuration);
  return {
    probe: {
      container: containerOf(file),
      duration,
      video: {
        codec,
        width,
        height,
        rotation,
        frameRate,
        frameCount,
        hdr: video.color_transfer === 'smpte2084' || video.color_transfer === 'arib-std-b67',
      },
      audio: audio && audioFacts(audio),
      decoder: 'ffmpeg',
      playable: false,
    },
    stream: {
      index: video.index,
      startTime: Number(file.format?.start_time ?? 0) || 0,
      duration: duration ?? 0,
      frameDuration,
      width,
      height,
      rotation,
      indexed: !unindexed.includes(containerOf(file)),
    },
    sound,
  };
}

/** Containers in which ffmpeg finds an instant by looking at packets here and there. */
const unindexed: readonly string[] = ['mpegts', 'mpeg', 'ogg'];

function containerOf({ format }: ProbedFile): string {
  const name = format?.format_name ?? '';
  return name.startsWith('mov,') ? 'mp4' : (name.split(',')[0] ?? '');
}

function audioFacts({ codec_name, sample_rate, channels }: ProbedStream): AudioTrackFacts {
  return { codec: codec_name ?? 'unknown', sampleRate: Number(sample_rate ?? 0), channels: channels ?? 0 };
}

function soundStream({ index, start_time, duration, tags }: ProbedStream, { format }: ProbedFile): FfmpegSoundStream {
  const began = Number(format?.start_time ?? 0) || 0;
  const start = Number(start_time ?? began);
  return {
    index,
    startTime: Number.isFinite(start) ? Math.max(0, start - began) : 0,
    duration: positive(duration) ?? clock(tags?.DURATION) ?? positive(format?.duration),
  };
}

function parse(json: string): ProbedFile | undefined {
  try {
    return JSON.parse(json) as ProbedFile;
  } catch {
    return undefined;
  }
}

function ratio(text: string | undefined): number | undefined {
  const [numerator, denominator] = (text ?? '').split('/').map(Number);
  const value = (numerator ?? 0) / (denominator ?? 0);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** `00:00:03.136000000`, Matroska's tag. */
function clock(text: string | undefined): number | undefined {
  const [hours, minutes, seconds] = (text ?? '').split(':').map(Number);
  return positive(String((hours ?? 0) * 3600 + (minutes ?? Number.NaN) * 60 + (seconds ?? 0)));
}
