import type { Input, InputVideoTrack } from 'mediabunny';
import { AppError, isAbortError } from '../../core/errors';
import type { DecoderName, MediaProbe } from '../../core/media';
import type { FrameSampling } from '../../core/sampling';
import type { FrameSink } from './batches';
import { decodeWithFfmpeg } from './ffmpeg';
import { createFfmpegHost, type FfmpegSession } from './ffmpeg-core';
import { probeWithFfmpeg } from './ffmpeg-probe';
import { readRange } from './identity';
import { decodeImageFrames, probeImage } from './image';
import { largestSide } from './limits';
import { imageCodec, type Signature, signatureBytes, sniff } from './signature';
import { decodeWithWebCodecs, openTrack, originOf, readFrameTimes } from './webcodecs';

export type { FrameSink } from './batches';

/** Beyond this many frames, counting them in the index of an mp4 takes seconds, and fractions of the duration will do. */
const countedFrames = 300_000;

const ffmpeg = createFfmpegHost();

/** What a file is and which decoder takes it, found without decoding. Errors: the file codes, `image-unreadable`. */
export async function probeMedia(file: File, signal?: AbortSignal): Promise<MediaProbe> {
  signal?.throwIfAborted();
  const signature = await readSignature(file);
  if (signature === 'text') throw new AppError('file-not-media', 'the file is text', { name: file.name });
  if (signature === 'image') return probeImage(file, imageCodec(await readHead(file)));
  const probe = signature === 'isobmff' || signature === 'other' ? await probeWithMediabunny(file, signal) : undefined;
  signal?.throwIfAborted();
  return probe ?? (await ffmpeg.use(file, signal, (session) => probedStream(session, file, signature))).probe;
}

/** Probing and decoding both need ffprobe's answer: the second time it is at hand. */
const probed = new WeakMap<File, Awaited<ReturnType<typeof probeWithFfmpeg>>>();

async function probedStream(session: FfmpegSession, file: File, signature: Signature) {
  const known = probed.get(file) ?? (await probeWithFfmpeg(session, signature));
  probed.set(file, known);
  return known;
}

/** Decodes every sampling's frames in one run. `onFrames` gets them in order of time, at most 32 at once, owns the bytes,
 * and is awaited before more are decoded. `sought` tells how instants were reached: each frame by jumping to it, the key
 * frame next to it, or by decoding the whole file. Errors: the file codes; a cancel rejects with an `AbortError`. */
export async function decodeFrames({
  file,
  probe,
  samplings,
  signal,
  onFrames,
  onProgress = () => undefined,
}: {
  readonly file: File;
  readonly probe: MediaProbe;
  readonly samplings: readonly FrameSampling[];
  readonly signal?: AbortSignal | undefined;
  readonly onFrames: FrameSink;
  readonly onProgress?: (fraction: number) => void;
}): Promise<{ decoder: DecoderName; sought: 'exact' | 'key-frames' | 'linear' }> {
  signal?.throwIfAborted();
  if (probe.decoder === 'image') {
    await decodeImageFrames(file, samplings, onFrames);
    return { decoder: 'image', sought: 'exact' };
  }
  const delivered = samplings.map(() => 0);
  if (probe.decoder === 'webcodecs') {
    const counting: FrameSink = async (sampling, batch) => {
      await deliver(onFrames, sampling, batch);
      delivered[sampling] = (delivered[sampling] ?? 0) + batch.count;
    };
    try {
      const sought = await decodeWithWebCodecs({ file, probe, samplings, signal, onFrames: counting, onProgress });
      return { decoder: 'webcodecs', sought };
    } catch (error) {
      if (isAbortError(error)) throw error;
      if (error instanceof Undelivered) throw error.cause;
      const sought = await decodeRest(error);
      return { decoder: 'ffmpeg', sought };
    }
  }
  return { decoder: 'ffmpeg', sought: await run(onFrames) };

  function run(sink: FrameSink) {
    return ffmpeg.use(file, signal, async (session) => {
      const { probe: found, stream } = await probedStream(session, file, await readSignature(file));
      const frameCount = probe.video?.frameCount ?? found.video?.frameCount;
      return decodeWithFfmpeg(session, { samplings, stream, frameCount, onFrames: sink, onProgress });
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

/** Marks an error of the receiver, which is no reason to decode again. */
class Undelivered extends Error {}

async function deliver(sink: FrameSink, sampling: number, batch: Parameters<FrameSink>[1]): Promise<void> {
  try {
    await sink(sampling, batch);
  } catch (cause) {
    if (isAbortError(cause)) throw cause;
    throw new Undelivered('frames were not taken', { cause });
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
    return await readFacts(file, opened.input, opened.track, signal);
  } catch (error) {
    if (error instanceof AppError || isAbortError(error)) throw error;
    return undefined;
  } finally {
    opened.input.dispose();
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
