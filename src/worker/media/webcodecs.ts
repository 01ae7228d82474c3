import {
  ALL_FORMATS,
  BlobSource,
  EncodedPacketSink,
  Input,
  type InputAudioTrack,
  type InputVideoTrack,
  VideoSampleSink,
} from 'mediabunny';
import { AppError } from '../../core/errors';
import type { MediaProbe } from '../../core/media';
import { maxFrames, type PictureSampling } from '../../core/sampling';
import { createBatcher, type FrameSink } from './batches';
import { framesOnScreen, targetsOf } from './instants';
import { snapToKeyFrames } from './key-frames';
import type { Matrix } from './planes';
import { createPictureReader } from './video-frame';

export type OpenedTrack = { readonly input: Input; readonly track: InputVideoTrack };

const leftOpen = new WeakMap<File, OpenedTrack>();

/** Leaves a file to the next who opens it: of a long film, reading the index takes longer than decoding some frames. */
export function leaveOpen(file: File, opened: OpenedTrack): void {
  leftOpen.set(file, opened);
}

/** Opens a file with mediabunny; undefined where it does not know the container or finds no video track it knows. */
export async function openTrack(file: File): Promise<OpenedTrack | undefined> {
  const left = leftOpen.get(file);
  if (left) {
    leftOpen.delete(file);
    return left;
  }
  const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
  try {
    const track = (await input.canRead()) ? await input.getPrimaryVideoTrack() : null;
    if (track) return { input, track };
  } catch {
    // Whatever is wrong with it, ffmpeg has a look next and says why.
  }
  input.dispose();
  return undefined;
}

/** Probing and decoding both need the index of a file: the second time it is at hand. */
const knownTimes = new WeakMap<File, Float64Array>();

/** Presentation times of a track's frames, ascending, seconds, at most `limit`; from the container alone, without decoding.
 * Frames that an edit list cuts off have negative times and are left out. */
export async function readFrameTimes(
  file: File,
  track: InputVideoTrack,
  { limit = Infinity, signal }: { limit?: number; signal?: AbortSignal | undefined } = {},
): Promise<Float64Array> {
  const known = knownTimes.get(file);
  if (known) return known;
  const times: number[] = [];
  let packets = 0;
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) {
    if (packet.timestamp > -1e-6) times.push(packet.timestamp);
    if (times.length >= limit) break;
    if (++packets % 4096 === 0) {
      // Packets come without the event loop turning, and a cancel would not be heard.
      await new Promise((resolve) => setTimeout(resolve));
      signal?.throwIfAborted();
    }
  }
  const sorted = Float64Array.from(times).sort();
  if (limit === Infinity) knownTimes.set(file, sorted);
  return sorted;
}

/** Where a file's clock starts, seconds: transport streams begin anywhere, others are played from 0. */
export async function originOf(container: string, track: InputVideoTrack | InputAudioTrack): Promise<number> {
  return container === 'mpegts' ? track.getFirstTimestamp() : 0;
}

/** Milliseconds without a frame after which the browser's decoder counts as hung. */
const stallAfter = 20_000;

/** Decodes the frames of every sampling with the browser's decoders. Any failure but a cancel means: try ffmpeg. */
export async function decodeWithWebCodecs(job: {
  readonly file: File;
  readonly probe: MediaProbe;
  readonly samplings: readonly PictureSampling[];
  readonly signal: AbortSignal | undefined;
  readonly onFrames: FrameSink;
  readonly onProgress: (fraction: number) => void;
}): Promise<'exact' | 'key-frames'> {
  const { file, probe, samplings, signal } = job;
  const opened = await openTrack(file);
  const video = probe.video;
  if (!opened || !video) throw new AppError('decode-failed', 'the file could not be opened again');
  const { input, track } = opened;
  const abort = () => input.dispose();
  signal?.addEventListener('abort', abort);
  try {
    const origin = await originOf(probe.container, track);
    const plan = await planTimes(file, track, probe, samplings, origin, signal);
    const space = await track.getColorSpace();
    const colours = { matrix: matrixOf(space.matrix), fullRange: space.fullRange ?? false, hdr: video.hdr };
    const wanted = new Map<number, number[]>();
    for (const [sampling, times] of plan.times.entries()) {
      for (const time of times) wanted.set(time, [...(wanted.get(time) ?? []), sampling]);
    }
    const instants = [...wanted.keys()].sort((a, b) => a - b);
    const batcher = createBatcher(samplings, video, job.onFrames);
    const readPicture = createPictureReader(video.rotation, colours);
    const frames = new VideoSampleSink(track).samplesAtTimestamps(instants)[Symbol.asyncIterator]();
    try {
      for (const [done, instant] of instants.entries()) {
        const { value: sample } = await within(stallAfter, frames.next(), signal);
        if (!sample) throw new AppError('decode-failed', 'a frame is missing', { time: instant });
        const time = Math.max(0, sample.timestamp - origin);
        const frame = sample.toVideoFrame();
        sample.close();
        const picture = await readPicture(frame).finally(() => frame.close());
        for (const sampling of wanted.get(instant) ?? []) await batcher.add(sampling, picture, time);
        signal?.throwIfAborted();
        job.onProgress((done + 1) / instants.length);
      }
    } finally {
      // Not awaited: a hung decoder would hold it forever.
      frames.return?.(undefined)?.catch?.(() => undefined);
    }
    await batcher.flush();
    return plan.sought;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
    input.dispose();
  }
}

/** Times to ask for, per sampling: exact frames, or the key frames beside them where that is near enough. Of each sampling
 * by itself: its vectors are the same whatever else is asked for. */
async function planTimes(
  file: File,
  track: InputVideoTrack,
  probe: MediaProbe,
  samplings: readonly PictureSampling[],
  origin: number,
  signal: AbortSignal | undefined,
): Promise<{ times: readonly Float64Array[]; sought: 'exact' | 'key-frames' }> {
  const first = Math.max(0, await track.getFirstTimestamp());
  const every = samplings.some(({ instants }) => instants.mode === 'every');
  const frameCount = probe.video?.frameCount;
  const frameTimes =
    frameCount !== undefined || every
      ? await readFrameTimes(file, track, { limit: frameCount === undefined ? maxFrames * 2 : Infinity, signal })
      : undefined;
  const duration = probe.duration ?? 0;
  const times = samplings.map((sampling) => {
    const targets = targetsOf(sampling, {
      frameCount: frameCount === undefined ? undefined : frameTimes?.length,
      duration,
    });
    if (targets.by === 'every') return (frameTimes ?? new Float64Array([first])).slice(0, targets.limit);
    if (targets.by === 'index') return Float64Array.from(targets.indices, (i) => frameTimes?.[i] ?? first);
    const shifted = targets.times.map((time) => Math.max(first, origin + time));
    if (!frameTimes) return shifted;
    const shown = framesOnScreen(shifted, frameTimes);
    return Float64Array.from(shown, (frame) => frameTimes[frame] ?? first);
  });
  const snapped = await Promise.all(
    samplings.map(({ instants }, i) => {
      const whole = instants.mode === 'uniform' && !instants.part;
      return whole ? snapToKeyFrames(track, duration, times[i] as Float64Array) : undefined;
    }),
  );
  return {
    times: times.map((exact, i) => snapped[i] ?? exact),
    sought: snapped.some((list) => list !== undefined) ? 'key-frames' : 'exact',
  };
}

function matrixOf(name: string | null | undefined): Matrix {
  if (name === 'bt709') return 'bt709';
  return name === 'bt2020-ncl' ? 'bt2020' : 'bt601';
}

/** Rejects when the promise takes too long or the signal fires, whichever is first. */
async function within<T>(milliseconds: number, promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort: () => void = () => undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('decode-stalled', 'the decoder gives no frames')), milliseconds);
    abort = () => reject(new DOMException('cancelled', 'AbortError'));
    signal?.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
