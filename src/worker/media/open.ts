import { ALL_FORMATS, BlobSource, Input, type InputVideoTrack } from 'mediabunny';
import { AppError, isAbortError } from '../../core/errors';
import type { DecoderName, MediaProbe, Sought, SoundBlock } from '../../core/media';
import type { AudioSampling, PictureSampling } from '../../core/sampling';
import type { FrameSink } from './batches';
import { decodeWithFfmpeg } from './ffmpeg';
import { createFfmpegHost, type FfmpegSession } from './ffmpeg-core';
import { createFfmpegPool, ffmpegHosts } from './ffmpeg-pool';
import { type ProbedStreams, probeWithFfmpeg } from './ffmpeg-probe';
import { decodeSoundWithFfmpeg } from './ffmpeg-sound';
import { readRange } from './identity';
import { decodeImageFrames, probeImage } from './image';
import { largestSide } from './limits';
import { imageCodec, type Signature, signatureBytes, sniff } from './signature';
import type { SoundSink } from './sound';
import { decodeWithWebCodecs, leaveOpen, openTrack, originOf, readFrameTimes } from './webcodecs';
import { decodeSoundWithWebCodecs, findSoundTrack } from './webcodecs-sound';

export type { FrameSink } from './batches';

/** Beyond this many frames, counting them in the index of an mp4 costs more than decoding those that are asked for (10 s in
 * two hours), and fractions of the duration do as well. */
const countedFrames = 5000;

const ffmpeg = createFfmpegPool(
  Array.from({ length: ffmpegHosts(globalThis.navigator?.hardwareConcurrency ?? 1) }, () => createFfmpegHost()),
);

/** What a file is and which decoder takes it, found without decoding. Errors: the file codes, `image-unreadable`. */
export async function probeMedia(file: File, signal?: AbortSignal): Promise<MediaProbe> {
  signal?.throwIfAborted();
  const signature = await readSignature(file);
  if (signature === 'text') throw new AppError('file-not-media', 'the file is text', { name: file.name });
  if (signature === 'image') return probeImage(file, imageCodec(await readHead(file)));
  const probe = signature === 'isobmff' || signature === 'other' ? await probeWithMediabunny(file, signal) : undefined;
  signal?.throwIfAborted();
  if (probe) return probe;
  const { probe: found } = await ffmpeg.use(file, signal, (session) => probedStream(session, file, signature));
  return found.video ? found : { ...found, ...(await soundDecoder(file)) };
}

/** Whether the browser decodes a file of sound alone. ffprobe has told that there is no picture: the browser's demuxer
 * passes over pictures that it does not know. */
async function soundDecoder(file: File): Promise<Pick<MediaProbe, 'decoder' | 'playable'>> {
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  try {
    const track = (await input.canRead()) ? await input.getPrimaryAudioTrack() : null;
    const playable = track !== null && (await track.canDecode());
    return { decoder: playable && (await findSoundTrack(input)) ? 'webcodecs' : 'ffmpeg', playable };
  } catch {
    return { decoder: 'ffmpeg', playable: false };
  } finally {
    input.dispose();
  }
}

/** Probing and decoding both need ffprobe's answer: the second time it is at hand. */
const probed = new WeakMap<File, ProbedStreams>();

async function probedStream(session: FfmpegSession, file: File, signature: Signature) {
  const known = probed.get(file) ?? (await probeWithFfmpeg(session, signature));
  probed.set(file, known);
  return known;
}

/** Decodes every sampling's frames and sound, in one run where ffmpeg decodes. `onFrames` gets frames in order of time, at
 * most 32 at once, owns the bytes, and is awaited before more are decoded; so is `onSound`, which gets its blocks for
 * reading. `sought` tells how instants were reached: each frame by jumping to it, the key frame next to it, or by decoding
 * the whole file; undefined where there are no pictures. Sound that cannot be decoded beside pictures that can is told by
 * `soundFailure`. Errors: the file codes; a cancel rejects with an `AbortError`. */
export async function decodeMedia({
  file,
  probe,
  samplings,
  soundSamplings = [],
  signal,
  onFrames,
  onSound = async () => undefined,
  onProgress = () => undefined,
}: {
  readonly file: File;
  readonly probe: MediaProbe;
  readonly samplings: readonly PictureSampling[];
  readonly soundSamplings?: readonly AudioSampling[];
  readonly signal?: AbortSignal | undefined;
  readonly onFrames: FrameSink;
  readonly onSound?: SoundSink;
  readonly onProgress?: (fraction: number) => void;
}): Promise<{
  decoder: DecoderName;
  sought: Sought | undefined;
  soundFailure?: AppError | undefined;
}> {
  signal?.throwIfAborted();
  if (probe.decoder === 'image') {
    await decodeImageFrames(file, samplings, onFrames);
    return { decoder: 'image', sought: 'exact' };
  }
  const wanted = probe.audio ? soundSamplings : [];
  const sound = wanted.length > 0 ? createSoundDecoder({ file, probe, samplings: wanted, signal, onSound }) : undefined;
  if (!probe.video) {
    if (sound) return { decoder: await sound.alone(onProgress), sought: undefined };
    return { decoder: probe.decoder, sought: undefined };
  }
  const delivered = samplings.map(() => 0);
  if (probe.decoder === 'ffmpeg') return { decoder: 'ffmpeg', ...(await run(onFrames)) };
  const counting: FrameSink = async (sampling, batch) => {
    await deliver(() => onFrames(sampling, batch));
    delivered[sampling] = (delivered[sampling] ?? 0) + batch.count;
  };
  let sought: 'exact' | 'key-frames';
  try {
    sought = await decodeWithWebCodecs({ file, probe, samplings, signal, onFrames: counting, onProgress });
  } catch (error) {
    if (isAbortError(error)) throw error;
    if (error instanceof Undelivered) throw error.cause;
    return { decoder: 'ffmpeg', ...(await decodeRest(error)) };
  }
  const soundFailure = await sound?.alone().then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof AppError) return error;
      throw error;
    },
  );
  return { decoder: 'webcodecs', sought, soundFailure };

  function run(sink: FrameSink) {
    return ffmpeg.use(file, signal, async (session) => {
      const { probe: found, stream, sound: track } = await probedStream(session, file, await readSignature(file));
      if (!stream) throw new AppError('no-frames', 'ffmpeg finds no picture');
      const frameCount = probe.video?.frameCount ?? found.video?.frameCount;
      const job = sound && track && { samplings: wanted, stream: track, onSound };
      return decodeWithFfmpeg(session, { samplings, stream, frameCount, onFrames: sink, onProgress, sound: job });
    });
  }

  /** The browser's decoder gave up: ffmpeg decodes again, and what was delivered before is not delivered twice. */
  async function decodeRest(cause: unknown) {
    const skip = [...delivered];
    try {
      return await run(async (sampling, batch) => {
        const skipped = Math.min(skip[sampling] ?? 0, batch.count);
        skip[sampling] = (skip[sampling] ?? 0) - skipped;
        if (skipped === batch.count) return;
        const size = batch.width * batch.height * 3;
        const data = batch.data.slice(skipped * size);
        await onFrames(sampling, { ...batch, data, count: batch.count - skipped, times: batch.times.slice(skipped) });
      });
    } catch (error) {
      if (isAbortError(error) || !(error instanceof AppError)) throw error;
      throw new AppError('decode-failed', reasonOf(cause), {}, { cause });
    }
  }
}

/** Decodes sound without pictures: by the browser, else by ffmpeg, which does not deliver again what was delivered. */
function createSoundDecoder(job: {
  readonly file: File;
  readonly probe: MediaProbe;
  readonly samplings: readonly AudioSampling[];
  readonly signal: AbortSignal | undefined;
  readonly onSound: SoundSink;
}) {
  const { file, probe, samplings, signal, onSound } = job;
  const delivered = samplings.map(() => 0);

  async function byFfmpeg(onProgress: (fraction: number) => void): Promise<void> {
    const skip = [...delivered];
    const rest: SoundSink = async (sampling, block) => {
      const skipped = Math.min(skip[sampling] ?? 0, block.samples.length);
      skip[sampling] = (skip[sampling] ?? 0) - skipped;
      if (skipped < block.samples.length) await onSound(sampling, laterPart(block, skipped));
    };
    await ffmpeg.use(file, signal, async (session) => {
      const { sound } = await probedStream(session, file, await readSignature(file));
      if (!sound) throw new AppError('sound-unreadable', 'ffmpeg finds no sound');
      await decodeSoundWithFfmpeg(session, { samplings, stream: sound, onSound: rest }, onProgress);
    });
  }

  return {
    /** Errors: `sound-unreadable`, `decode-failed`, `decode-stalled`. */
    async alone(onProgress: (fraction: number) => void = () => undefined): Promise<DecoderName> {
      try {
        await decodeSoundWithWebCodecs({
          file,
          samplings,
          container: probe.container,
          signal,
          onSound: async (sampling, block) => {
            await deliver(() => onSound(sampling, block));
            delivered[sampling] = (delivered[sampling] ?? 0) + block.samples.length;
          },
          onProgress: (seconds) => probe.duration !== undefined && onProgress(Math.min(1, seconds / probe.duration)),
        });
        return 'webcodecs';
      } catch (error) {
        if (isAbortError(error)) throw error;
        if (error instanceof Undelivered) throw error.cause;
      }
      await byFfmpeg(onProgress);
      return 'ffmpeg';
    },
  };
}

function laterPart({ samples, sampleRate, time }: SoundBlock, from: number): SoundBlock {
  return { samples: samples.subarray(from), sampleRate, time: time + from / sampleRate };
}

/** Marks an error of the receiver, which is no reason to decode again. */
class Undelivered extends Error {}

async function deliver(take: () => Promise<void>): Promise<void> {
  try {
    await take();
  } catch (cause) {
    if (isAbortError(cause)) throw cause;
    throw new Undelivered('what was decoded was not taken', { cause });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function readHead(file: File): Promise<Uint8Array> {
  return new Uint8Array(await readRange(file, 0, Math.min(file.size, signatureBytes)));
}

async function readSignature(file: File): Promise<Signature> {
  if (file.size === 0) throw new AppError('file-empty', 'the file is empty', { name: file.name });
  return sniff(await readHead(file));
}

async function probeWithMediabunny(file: File, signal: AbortSignal | undefined): Promise<MediaProbe | undefined> {
  const opened = await openTrack(file);
  if (!opened) return undefined;
  try {
    const probe = await readFacts(file, opened.input, opened.track, signal);
    if (probe) leaveOpen(file, opened);
    else opened.input.dispose();
    return probe;
  } catch (error) {
    opened.input.dispose();
    if (error instanceof AppError || isAbortError(error)) throw error;
    return undefined;
  }
}

/** Undefined where the browser cannot decode the track. */
async function readFacts(
  file: File,
  input: Input,
  track: InputVideoTrack,
  signal: AbortSignal | undefined,
): Promise<MediaProbe | undefined> {
  const codec = await track.getCodec();
  if (!codec || !(await track.canDecode())) return undefined;
  const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
  if (Math.max(width, height, await track.getCodedWidth(), await track.getCodedHeight()) > largestSide) {
    throw new AppError('frame-too-large', 'the picture is too large', { width, height, limit: largestSide });
  }
  const container = containers[(await input.getFormat()).name] ?? 'unknown';
  const stats = await track.computePacketStats(100, { metadataOnly: true });
  const duration = (await readEnd(track)) - (await originOf(container, track));
  const indexed = container === 'mp4' || container === 'mov';
  const countable = indexed && duration * stats.averagePacketRate < countedFrames;
  const frameCount = countable ? (await readFrameTimes(file, track, { signal })).length : undefined;
  if (frameCount === 0) throw new AppError('no-frames', 'the video track is empty');
  const sound = await input.getPrimaryAudioTrack();
  return {
    container,
    duration: duration > 0 ? duration : undefined,
    video: {
      codec: ffprobeNames[codec] ?? codec,
      width,
      height,
      rotation: await track.getRotation(),
      frameRate: stats.averagePacketRate > 0 ? stats.averagePacketRate : undefined,
      frameCount,
      hdr: await track.hasHighDynamicRange(),
    },
    audio: sound
      ? {
          codec: ffprobeNames[(await sound.getCodec()) ?? ''] ?? (await sound.getCodec()) ?? 'unknown',
          sampleRate: await sound.getSampleRate(),
          channels: await sound.getNumberOfChannels(),
        }
      : undefined,
    decoder: 'webcodecs',
    playable: indexed || container === 'webm' || container === 'matroska',
  };
}

/** When the track ends by the file's own clock, seconds: as its header says, unless the file breaks off well before. */
async function readEnd(track: InputVideoTrack): Promise<number> {
  const said = await track.getDurationFromMetadata();
  const found = await track.computeDuration({ metadataOnly: true });
  return said !== null && found > 0.9 * said ? said : found;
}

const containers: Readonly<Record<string, string>> = {
  MP4: 'mp4',
  'QuickTime File Format': 'mov',
  WebM: 'webm',
  Matroska: 'matroska',
  'MPEG Transport Stream': 'mpegts',
  Ogg: 'ogg',
};

const ffprobeNames: Readonly<Record<string, string>> = { avc: 'h264', 'pcm-s16': 'pcm_s16le' };
