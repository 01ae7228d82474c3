import { AppError } from '../../core/errors';
import type { FrameBatch } from '../../core/media';
import type { PictureSampling } from '../../core/sampling';
import {
  type Branch,
  countArguments,
  decodeArguments,
  type FfmpegStream,
  onScreenExpression,
  outputPath,
  partOf,
  selectExpression,
} from './ffmpeg-arguments';
import type { FfmpegSession } from './ffmpeg-core';
import { jumpsPay } from './ffmpeg-cost';
import { createTimestampReader, readFinalStatistics } from './ffmpeg-log';
import { decodeSoundWithFfmpeg, type SoundJob, soundBesidePictures, takeSound } from './ffmpeg-sound';
import { place } from './fit';
import { framesOnScreen, positionsOfDistinct, type Targets, targetsOf } from './instants';
import { bytesPerCommand, framesPerBatch } from './limits';

/** Frames of one sampling that one command gave; `data` is theirs alone. */
type Taken = {
  readonly data: Uint8Array;
  readonly times: readonly number[];
  readonly width: number;
  readonly height: number;
};

type Sink = (sampling: number, batch: FrameBatch) => Promise<void>;
type Job = {
  readonly samplings: readonly PictureSampling[];
  readonly frameCount: number | undefined;
  readonly stream: FfmpegStream;
  readonly onFrames: Sink;
  readonly onProgress: (fraction: number) => void;
  readonly sound: SoundJob | undefined;
};

/** What ffmpeg says where it knows a codec by name only. */
const undecodable = /decoder .*not found|no decoder|doesn't supp+ort hardware accelerated|not whitelisted/i;

/** What ffmpeg says where it decodes from the start after all. */
const unseekable = /could not seek to position/i;
/** How early one jumps, in frames: those that are shown before a key frame but stored behind it, at most 16, need what lies
 * before it; and ffmpeg rounds where it jumps to. */
const reordered = 18;
/** The same where a jump lands anywhere, in seconds: a key frame has to come before the frame. */
const runUp = 5;

/** Decodes the frames of every sampling, and the sound, with ffmpeg.wasm: by one command where that is little enough.
 * A sound that cannot be decoded does not fail the pictures. Errors: `no-frames`, `decode-failed`, `decode-stalled`. */
export async function decodeWithFfmpeg(
  session: FfmpegSession,
  job: Job,
): Promise<{ sought: 'exact' | 'linear'; soundFailure: AppError | undefined }> {
  const { samplings, stream } = job;
  const plans = samplings.map((sampling, index) => ({
    sampling,
    index,
    targets: targetsOf(sampling, { ...stream, frameCount: job.frameCount }),
  }));
  const small = plans.filter((plan) => expectedBytes(plan, stream) <= bytesPerCommand / plans.length);
  const large = plans.filter((plan) => !small.includes(plan));
  const jumped = small.length > 0 && (await decodeByJumps(session, job, small));
  const heard = small.length > 0 && !jumped && (await decodeTogether(session, job, small));
  for (const plan of large) await decodeInSegments(session, job, plan);
  const soundFailure = job.sound && !heard ? await attemptSound(session, job.sound) : undefined;
  job.onProgress(1);
  return { sought: jumped ? 'exact' : 'linear', soundFailure };
}

async function attemptSound(session: FfmpegSession, sound: SoundJob): Promise<AppError | undefined> {
  try {
    await decodeSoundWithFfmpeg(session, sound);
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

type Plan = { readonly sampling: PictureSampling; readonly index: number; readonly targets: Targets };

function expectedBytes({ sampling, targets }: Plan, stream: FfmpegStream): number {
  const frames =
    targets.by === 'every'
      ? Math.min(targets.limit, Math.ceil(stream.duration / stream.frameDuration) + 1)
      : targets.by === 'index'
        ? targets.indices.length
        : targets.times.length;
  const { width, height } = place(sampling.fit, sampling, stream.width, stream.height);
  return frames * width * height * 3;
}

/** One command for all the samplings, and for the sound where that is short. Tells whether the sound was delivered. */
async function decodeTogether(session: FfmpegSession, job: Job, plans: readonly Plan[]): Promise<boolean> {
  const { stream, sound } = job;
  const branchesOf = (list: readonly Plan[]) =>
    list.map(({ sampling, targets }) => ({
      sampling,
      select: selectExpression(targets, sampling.instants, stream),
      limit: expectedFrames(targets),
    }));
  const outputs = sound && soundBesidePictures(sound);
  let { taken } = await runCommand(session, job, branchesOf(plans), { sound: outputs });
  const heard = sound && outputs ? await takeSound(session, sound) : false;
  // Sound without a decoder ends the whole command.
  const spoilt = outputs && !heard && taken.every(({ times }) => times.length === 0);
  if (spoilt) ({ taken } = await runCommand(session, job, branchesOf(plans)));
  let used = plans;
  if (plans.some(({ sampling, targets }, i) => fallsShort(sampling, targets, taken[i]?.times.length ?? 0, stream))) {
    // The header promises more than can be decoded: count the frames, and take the instants from the true number.
    const counted = readFinalStatistics((await session.run(countArguments(stream.index, 'frames'))).log);
    if (!counted?.frames) throw new AppError('no-frames', 'no frame could be decoded');
    used = plans.map((plan) => ({
      ...plan,
      targets: targetsOf(plan.sampling, { duration: stream.duration, frameCount: counted.frames }),
    }));
    ({ taken } = await runCommand(session, job, branchesOf(used)));
  }
  for (const [i, plan] of used.entries()) {
    const frames = taken[i];
    if (!frames || frames.times.length === 0) throw new AppError('no-frames', 'no frame could be decoded');
    await deliver(job, plan, frames);
  }
  return heard;
}

/** Whether a uniform sampling got fewer frames than the header had led to expect. */
function fallsShort({ instants }: PictureSampling, targets: Targets, got: number, stream: FfmpegStream): boolean {
  if (targets.by === 'index') return got < expectedFrames(targets);
  if (instants.mode !== 'uniform') return got === 0;
  // By time, frames of unequal duration may serve several instants: only a clear lack counts.
  const { from, to } = partOf(instants, stream.duration);
  return got < 0.9 * Math.min(instants.frames, Math.floor((to - from) / stream.frameDuration));
}

function expectedFrames(targets: Targets): number {
  if (targets.by === 'every') return targets.limit;
  return targets.by === 'index' ? new Set(targets.indices).size : targets.times.length;
}

/** A sampling with more frames than memory should hold at once: segment after segment, each begun where the last ended. */
async function decodeInSegments(session: FfmpegSession, job: Job, plan: Plan): Promise<void> {
  const { sampling, index } = plan;
  const { stream } = job;
  const targets =
    plan.targets.by === 'index'
      ? { by: 'time' as const, times: Float64Array.from(plan.targets.indices, (i) => (i + 0.5) * stream.frameDuration) }
      : plan.targets;
  const size = place(sampling.fit, sampling, stream.width, stream.height);
  const limit = Math.max(1, Math.floor(bytesPerCommand / (size.width * size.height * 3)));
  const total = targets.by === 'every' ? targets.limit : targets.times.length;
  let done = 0;
  let after: number | undefined;
  while (done < total) {
    const select = selectExpression(targets, sampling.instants, stream, { done, after });
    const from = after === undefined ? undefined : Math.max(0, after + stream.frameDuration / 2);
    const wanted = Math.min(limit, total - done);
    const { taken } = await runCommand(session, job, [{ sampling, select, limit: wanted }], { from });
    const [frames] = taken;
    const last = frames?.times.at(-1);
    if (!frames || last === undefined) break;
    const ended = frames.times.length < wanted;
    if (targets.by === 'every') {
      await emit(job, index, frames, Int32Array.from(frames.times.keys()));
      done += frames.times.length;
    } else {
      // Targets that the last frame of the segment covers belong to it; later ones to the next segment.
      const covered = ended ? total : upTo(targets.times, last + stream.frameDuration - 1e-6);
      await emit(job, index, frames, framesOnScreen(targets.times.subarray(done, covered), frames.times));
      done = covered;
    }
    after = last;
    if (ended) break;
  }
  if (done === 0) throw new AppError('no-frames', 'no frame could be decoded');
}

function upTo(times: Float64Array, end: number): number {
  const found = times.findIndex((time) => time >= end);
  return found < 0 ? times.length : found;
}

/** Jumps to each instant of a long file. False, with nothing delivered, where that would not pay or did not work. */
async function decodeByJumps(session: FfmpegSession, job: Job, plans: readonly Plan[]): Promise<boolean> {
  const { stream } = job;
  const step = stream.frameDuration;
  if (plans.some(({ targets }) => targets.by === 'every')) return false;
  const count = plans.reduce((sum, { targets }) => sum + expectedFrames(targets), 0);
  const early = stream.indexed ? reordered * step : runUp;
  if (!jumpsPay({ ...stream, frames: stream.duration / step, instants: count, early: early / step })) return false;
  // Frames that are counted need not begin where the file's clock does.
  const counted = plans.find(({ targets }) => targets.by === 'index');
  const [opening] = counted
    ? (await runCommand(session, job, [{ sampling: counted.sampling, select: '1', limit: 1 }])).taken
    : [];
  const first = opening?.times[0] ?? 0;
  const lists = plans.map(({ targets }) => {
    if (targets.by === 'index') return Float64Array.from(targets.indices, (i) => first + (i + 0.5) * step);
    return targets.by === 'time' ? targets.times : new Float64Array();
  });
  // The last first: where ffmpeg cannot jump to it, it would decode the whole file for every other.
  const instants = [...new Set(lists.flatMap((times) => [...times]))].sort((a, b) => b - a);
  const found = plans.map(() => new Map<number, Taken>());
  for (const [k, instant] of instants.entries()) {
    const asking = plans.flatMap((_, i) => (lists[i]?.includes(instant) ? [i] : []));
    const select = onScreenExpression(instant, stream);
    const branches = asking.map((i) => ({ sampling: (plans[i] as Plan).sampling, select, limit: 1 }));
    // A jump next to the start may land before it, from where frames of an AVI are numbered otherwise.
    const from = instant > 2 * early ? instant - early : undefined;
    const { taken, log } = await runCommand(session, job, branches, { from });
    if (k === 0 && log.some((line) => unseekable.test(line))) return false;
    if (taken.some(({ times }) => times.length === 0)) return false;
    for (const [j, i] of asking.entries()) found[i]?.set(instant, taken[j] as Taken);
    job.onProgress((k + 1) / instants.length);
  }
  for (const [i, { index }] of plans.entries()) {
    for (const instant of lists[i] ?? []) await emit(job, index, found[i]?.get(instant) as Taken, Int32Array.of(0));
  }
  return true;
}

/** Runs one command and reads what it wrote, and said; a branch that gave nothing has no times. */
async function runCommand(
  session: FfmpegSession,
  job: Job,
  branches: readonly Branch[],
  { from, sound }: { readonly from?: number | undefined; readonly sound?: readonly string[] | undefined } = {},
): Promise<{ readonly taken: readonly Taken[]; readonly log: readonly string[] }> {
  const { stream } = job;
  let reader = createTimestampReader(branches.length);
  let best = 0;
  const { log } = await session.run(decodeArguments(stream, branches, from, sound), {
    onLine: (line) => {
      // A command that is tried again starts over.
      if (line.startsWith('Input #0')) reader = createTimestampReader(branches.length);
      reader.read(line);
      const time = Math.max(0, ...reader.times.map((times) => (times.at(-1) ?? 0) - stream.startTime));
      if (from === undefined && stream.duration > 0 && time > best) {
        best = time;
        job.onProgress(Math.min(1, best / stream.duration));
      }
    },
  });
  if (!sound && log.some((line) => undecodable.test(line)) && reader.times.every((times) => times.length === 0)) {
    throw new AppError('codec-unsupported', 'there is no decoder for this codec');
  }
  const taken: Taken[] = [];
  for (const [i, { sampling }] of branches.entries()) {
    const data = (await session.take(outputPath(i))) ?? new Uint8Array();
    const { width, height } = place(sampling.fit, sampling, stream.width, stream.height);
    const count = Math.floor(data.length / (width * height * 3));
    const times = (reader.times[i] ?? [])
      .slice(0, count)
      .map((time) => (Number.isNaN(time) ? 0 : time - stream.startTime));
    taken.push({ data, times, width, height });
  }
  return { taken, log };
}

async function deliver(job: Job, { targets, index }: Plan, frames: Taken): Promise<void> {
  const order =
    targets.by === 'every'
      ? Int32Array.from(frames.times.keys())
      : targets.by === 'index'
        ? positionsOfDistinct(targets.indices)
        : framesOnScreen(targets.times, frames.times);
  await emit(job, index, frames, order);
}

/** Hands over frames in the order asked, repeats included, in batches that own their bytes. */
async function emit({ onFrames }: Job, sampling: number, frames: Taken, order: Int32Array): Promise<void> {
  const { width, height, times } = frames;
  const size = width * height * 3;
  for (let start = 0; start < order.length; start += framesPerBatch) {
    const part = order.subarray(start, start + framesPerBatch);
    const data = new Uint8Array(part.length * size);
    // A frame that never came is stood in for by the last that did.
    const existing = part.map((frame) => Math.min(frame, times.length - 1));
    for (const [i, frame] of existing.entries())
      data.set(frames.data.subarray(frame * size, (frame + 1) * size), i * size);
    await onFrames(sampling, {
      data,
      count: part.length,
      width,
      height,
      times: Float64Array.from(existing, (f) => times[f] ?? 0),
    });
  }
}
