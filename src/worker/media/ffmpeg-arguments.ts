import {
  type AudioSampling,
  type ClipInstants,
  clipWindows,
  intervalSeconds,
  type Part,
  type PictureSampling,
} from '../../core/sampling';
import { inputPath } from './ffmpeg-paths';
import { place } from './fit';
import type { Targets } from './instants';

/** Facts of a video stream that commands are built from. Times are seconds from the start of the file. */
export type FfmpegStream = {
  /** Number of the stream in the file. */
  readonly index: number;
  /** First timestamp of the file; ffmpeg's `t` counts from there. */
  readonly startTime: number;
  readonly duration: number;
  readonly frameDuration: number;
  /** Displayed size, pixels. */
  readonly width: number;
  readonly height: number;
  readonly rotation: 0 | 90 | 180 | 270;
  /** Whether the container tells where key frames are, so that a jump lands on one. */
  readonly indexed: boolean;
};

/** Facts of the sound stream that commands are built from. Seconds from the start of the file. */
export type FfmpegSoundStream = {
  readonly index: number;
  /** When its first sample sounds. */
  readonly startTime: number;
  readonly duration: number | undefined;
};

/** One output of a command: the frames that `select` lets through, at most `limit`, scaled as `sampling` says. */
export type Branch = {
  readonly sampling: Pick<PictureSampling, 'width' | 'height' | 'fit'>;
  readonly select: string;
  readonly limit: number;
};

/** First options of every command: the core remembers the log level of the one before. */
export const logged: readonly string[] = ['-hide_banner', '-v', 'info'];

const demuxers =
  'aiff,apng,asf,avi,dv,flv,gif,h261,h263,h264,hevc,ivf,m4v,matroska,mov,mjpeg,mp3,mpeg,mpegts,mpegvideo,mxf,nut,obu,ogg,rm,' +
  'vc1,wav,webm,wtv,aac,ac3,flac,swf,3gp,av1,amr';
const decoders =
  'h264,hevc,mpeg4,mpeg1video,mpeg2video,msmpeg4v1,msmpeg4v2,msmpeg4,flv,h261,h263,h263i,h263p,vp3,vp4,vp5,vp6,vp6a,vp6f,vp7,vp8,' +
  'vp9,av1,prores,dnxhd,cfhd,mjpeg,mjpegb,gif,apng,png,wmv1,wmv2,wmv3,vc1,theora,dvvideo,cinepak,svq1,svq3,indeo3,indeo4,indeo5,' +
  'rv10,rv20,rv30,rv40,huffyuv,ffvhuff,ffv1,utvideo,rawvideo,qtrle,rpza,smc,msvideo1,msrle,8bps,v210,v410,r210,cscd,tscc,zmbv,' +
  'flashsv,flashsv2,fraps,lagarith,magicyuv,hap,jpeg2000,dirac,cavs,bink,' +
  'aac,aac_latm,mp1,mp1float,mp2,mp2float,mp3,mp3float,ac3,ac3_fixed,eac3,dca,opus,vorbis,flac,alac,wmav1,wmav2,wmapro,wmalossless,' +
  'amrnb,amrwb,cook,nellymoser,speex,truehd,mlp,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,adpcm_swf,adpcm_yamaha,gsm,gsm_ms,' +
  'pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_f32le,pcm_f32be,pcm_f64le,pcm_u8,pcm_s8,pcm_alaw,pcm_mulaw,pcm_dvd,pcm_bluray,qdm2,qdmc,mace3,mace6';

/** Options before `-i` of any command on a person's file: nothing but this file is opened, by parsers that are meant for video. */
export const guardedInput: readonly string[] = [
  '-protocol_whitelist',
  'file',
  '-format_whitelist',
  demuxers,
  '-codec_whitelist',
  decoders,
];

export const probeArguments: readonly string[] = [
  '-v',
  'error',
  ...guardedInput,
  '-show_format',
  '-show_streams',
  '-of',
  'json',
  inputPath,
];

/** Decodes nothing; the last line of the log tells packets and time. */
export function countArguments(stream: number, mode: 'packets' | 'frames'): readonly string[] {
  const codec = mode === 'packets' ? ['-c', 'copy'] : [];
  return [
    ...logged,
    ...guardedInput,
    '-i',
    inputPath,
    '-map',
    `0:${stream}`,
    ...codec,
    '-vsync',
    '0',
    '-f',
    'null',
    '-',
  ];
}

/** Expression of the `select` filter that lets through the frames on screen at the targets, each once. For times, the frame
 * on screen at T is the first with t + frameDuration > T. `done`: how many targets earlier commands served, whose last frame
 * was at `after` seconds. */
export function selectExpression(
  targets: Targets,
  instants: PictureSampling['instants'],
  stream: Pick<FfmpegStream, 'startTime' | 'duration' | 'frameDuration'>,
  { done = 0, after }: { done?: number; after?: number | undefined } = {},
): string {
  const t = stream.startTime === 0 ? 't' : `(t-${number(stream.startTime)})`;
  if (targets.by === 'every') return after === undefined ? '1' : `gt(${t},${number(after)})`;
  if (targets.by === 'index') {
    const samples = targets.indices.length;
    const before = (n: string) => `ceil(${n}*${samples}/${targets.frameCount}-0.5)`;
    return `lt(n,${targets.frameCount})*gt(${before('(n+1)')},${before('n')})`;
  }
  const count = targets.times.length;
  const end = (time: string) => `(${time}+${number(stream.frameDuration - 1e-6)})`;
  const { from, to } = partOf(instants, stream.duration);
  const into = (time: string) => (from === 0 ? end(time) : `(${end(time)}-${number(from)})`);
  const before = (time: string) => {
    if (instants.mode === 'interval') {
      return `min(${count},ceil(${end(time)}/${number(intervalSeconds(instants, stream.duration))}))`;
    }
    if (instants.mode === 'clips') return beforeInClips(end(time), instants, stream.duration);
    return `max(0,min(${count},ceil(${into(time)}*${count}/${number(to - from)}-0.5)))`;
  };
  const previous = t.replace('t', 'prev_t');
  return `gt(${before(t)},if(isnan(prev_t),${done},${before(previous)}))`;
}

/** The same for one instant alone, of frames from shortly before it on. */
export function onScreenExpression(
  instant: number,
  { startTime, frameDuration }: Pick<FfmpegStream, 'startTime' | 'frameDuration'>,
): string {
  return `gt(t,${number(startTime + instant - frameDuration + 1e-6)})`;
}

/** How many of the windows' instants lie before `end`. */
function beforeInClips(end: string, instants: ClipInstants, duration: number): string {
  const { count, period, step, offset } = clipWindows(instants, duration);
  const window = `max(0,min(${count - 1},floor(${end}/${number(period)})))`;
  const into = `(${end}-${window}*${number(period)}-${number(offset)})`;
  return `(${window}*${instants.frames}+max(0,min(${instants.frames},ceil(${into}/${number(step)}))))`;
}

/** What of a stream a sampling looks at, seconds. */
export function partOf(instants: PictureSampling['instants'], duration: number): Part {
  return (instants.mode === 'uniform' ? instants.part : undefined) ?? { from: 0, to: duration };
}

/** One run of ffmpeg over the file: frames are picked, then split to every branch, turned and scaled there; raw RGB to
 * `outputPath(i)`. `from`: where to begin, seconds from the start of the file; frames keep their timestamps. `sound`:
 * outputs of `soundOutputs`, of the same run. */
export function decodeArguments(
  stream: FfmpegStream,
  branches: readonly Branch[],
  from?: number,
  sound: readonly string[] = [],
): readonly string[] {
  const pads = branches.map((_, i) => `[p${i}]`);
  const graph = [
    `[0:${stream.index}]split=${branches.length}${pads.join('')}`,
    ...branches.map(({ sampling, select }, i) => {
      const chain = [
        `select='${select}'`,
        `showinfo@s${i}=checksum=0`,
        ...turn(stream.rotation),
        ...scale(sampling, stream),
      ];
      return `[p${i}]${chain.join(',')}[o${i}]`;
    }),
  ];
  const outputs = branches.flatMap(({ limit }, i) => [
    '-map',
    `[o${i}]`,
    '-frames:v',
    String(limit),
    '-vsync',
    '0',
    '-f',
    'rawvideo',
    outputPath(i),
  ]);
  const seek = from === undefined ? [] : ['-ss', number(from)];
  const input = [...logged, '-copyts', ...guardedInput, '-noautorotate', ...seek, '-i', inputPath];
  return [...input, '-filter_complex', graph.join(';'), ...outputs, ...sound];
}

/** Outputs with the sound, for each sampling one: mono at its rate, little-endian floats, to `soundPath(i)`. Channels are
 * mixed by their mean: without a bound swresample would add up what comes as floats. */
export function soundOutputs(index: number, samplings: readonly AudioSampling[]): readonly string[] {
  return samplings.flatMap(({ sampleRate }, i) => [
    ...['-map', `0:${index}`, '-ac', '1', '-af', `aresample=${sampleRate}:ocl=mono:rematrix_maxval=1`],
    ...['-f', 'f32le', soundPath(i)],
  ]);
}

/** One run of ffmpeg for the sound alone, `seconds` of it from `from` on, seconds from the start of the file. */
export function soundArguments(
  index: number,
  samplings: readonly AudioSampling[],
  from: number,
  seconds: number,
): readonly string[] {
  const outputs = soundOutputs(index, samplings);
  const bounded = outputs.flatMap((option) => (option === '-map' ? ['-t', number(seconds), option] : [option]));
  const seek = from > 0 ? ['-ss', number(from)] : [];
  return [...logged, ...guardedInput, ...seek, '-i', inputPath, ...bounded];
}

export function soundPath(output: number): string {
  return `/sound${output}.f32`;
}

export function outputPath(branch: number): string {
  return `/frames${branch}.rgb`;
}

// Turned by hand after `select`: ffmpeg's own rotation would turn every frame of the file.
function turn(rotation: FfmpegStream['rotation']): readonly string[] {
  if (rotation === 90) return ['transpose=clock'];
  if (rotation === 270) return ['transpose=cclock'];
  return rotation === 180 ? ['hflip', 'vflip'] : [];
}

function scale(sampling: Branch['sampling'], { width, height }: FfmpegStream): readonly string[] {
  const at = place(sampling.fit, sampling, width, height);
  const scaled = [`scale=${at.scaledWidth}:${at.scaledHeight}:flags=bilinear`, 'format=rgb24'];
  const whole = at.width === at.scaledWidth && at.height === at.scaledHeight;
  return whole ? scaled : [...scaled, `crop=${at.width}:${at.height}:${at.left}:${at.top}`];
}

/** Decimal notation: ffmpeg's expressions take no exponent of JavaScript's kind below 1e-6. */
function number(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(9).replace(/0+$/, '');
}
