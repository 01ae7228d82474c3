import { joinClasses, type MomentClasses, momentClasses } from '../../core/classes';
import { AppError, isAbortError, toErrorRecord } from '../../core/errors';
import { type FeatureMatrix, preprocessingOf, spaceKey } from '../../core/feature';
import type { ClipBatch, FrameBatch, SoundBlock } from '../../core/media';
import {
  type AudioSampling,
  type ClipSampling,
  type FrameSampling,
  isOfClips,
  isOfFrames,
  type Sampling,
  samplingKey,
} from '../../core/sampling';
import type {
  ExtractionContext,
  Extractor,
  ExtractorCard,
  Inference,
  Listener,
  Moments,
} from '../../extractors/extractor';
import { meanOfViews, viewsOf } from '../../extractors/picture-options';
import type { Extraction, ExtractionRequest } from '../../protocol/extract-api';
import type { CallOptions } from '../../protocol/progress';
import type { NetworkCard } from '../inference/inference';
import { decodingBytes } from '../media/decoding-memory';
import { identify } from '../media/identity';
import { decodeMedia, probeMedia } from '../media/open';
import { makeThumbnails, thumbnailSampling } from '../media/thumbnails';
import { createWaveform } from '../media/waveform';
import { nextTask } from '../next-task';
import { loadAside } from './aside';
import { type ClipWindows, createClipWindows } from './clip-windows';
import { createCredits } from './credits';
import { aggregate, joinBatches, repeatVectors, withoutRepeats } from './feature-matrix';
import { createRing } from './ring';

type Lend = (card: NetworkCard, signal: AbortSignal | undefined) => Promise<Inference>;

type Common = {
  readonly context: ExtractionContext;
  readonly parts: {
    readonly vectors: Float32Array;
    readonly times: Float64Array;
    readonly classes: MomentClasses | undefined;
  }[];
};

/** An extractor ready to be fed with the frames of one video. */
type FrameJob = Common & {
  readonly kind: 'frame';
  readonly card: ExtractorCard<'frame'>;
  readonly extractor: Extractor<'frame'>;
  readonly sampling: FrameSampling;
  /** Other views of the same frames, whose vectors are added to this one's. */
  readonly otherViews: readonly FrameJob[];
};

/** An extractor ready to be fed with windows of the frames of one video. */
type ClipJob = Common & {
  readonly kind: 'clip';
  readonly card: ExtractorCard<'clip'>;
  readonly extractor: Extractor<'clip'>;
  readonly sampling: ClipSampling;
  readonly windows: ClipWindows;
};

type PictureJob = FrameJob | ClipJob;

/** An extractor that listens to the sound of one video. */
type SoundJob = Common & {
  readonly kind: 'audio';
  readonly card: ExtractorCard<'audio'>;
  readonly listener: Listener;
  readonly sampling: AudioSampling;
};

/** Extractors of this extraction that failed, by id. */
type Failures = Map<string, AppError>;

/** What files under way may take in memory beside the networks, bytes by reckoning, of 512 MB: in decoders, and in batches
 * that wait and are described. One file that asks for more than a share has it alone. */
const decoders = createCredits(288 * 2 ** 20);
const batches = createCredits(192 * 2 ** 20);
/** A batch, copied to where it is described, mostly as floats. */
const copied = 5;
/** Batches of a file that may wait while one is described. */
const batchesAhead = 1;

/** One file to features and thumbnails. Every distinct sampling is decoded once; frames and sound go to the extractors as
 * they come, the next batch decoded while one is described. Several files may be under way. An extractor that fails is listed while others go on; one that finds nothing to
 * look at or listen to gives nothing, which is no failure. `urgent`: a person waits, and it waits for no other file.
 * Errors: the file codes; `sound-only` where nothing listens;
 * with no extractor left, the error of the first. */
export async function extractFeatures(
  args: {
    readonly file: File;
    readonly requests: readonly ExtractionRequest[];
    readonly cards: readonly ExtractorCard[];
    readonly lend: Lend;
    readonly urgent?: boolean | undefined;
  },
  { signal, onProgress }: CallOptions = {},
): Promise<Extraction> {
  const { file, requests, cards, lend, urgent } = args;
  const started = performance.now();
  onProgress?.({ stage: 'Reading', fraction: undefined });
  const id = await identify(file);
  const probe = await probeMedia(file, signal);
  const probed = performance.now();

  const pictureJobs: PictureJob[] = [];
  const soundJobs: SoundJob[] = [];
  const failures: Failures = new Map();
  const first = () => failures.values().next().value;
  for (const request of requests) {
    const { extractor } = request;
    const card = cards.find((card) => card.id === extractor);
    if (!card) throw new Error(`There is no extractor ${extractor}`);
    if (!(card.kind === 'audio' ? probe.audio : probe.video)) continue;
    await attempt(extractor, failures, async () => {
      const job = await prepare(card, request, lend, signal);
      if (job.kind === 'audio') soundJobs.push(job);
      else pictureJobs.push(job, ...(job.kind === 'frame' ? job.otherViews : []));
    });
  }
  const failed = () => failures.size > 0 && [...pictureJobs, ...soundJobs].every(({ card }) => failures.has(card.id));
  if (failed()) throw first() as AppError;
  if (!probe.video && soundJobs.length === 0) throw new AppError('sound-only', 'nothing that is asked for listens');

  const pictures: FrameBatch[] = [];
  const waveform = createWaveform();
  const samplings = probe.video ? distinct([thumbnailSampling, ...pictureJobs.map(({ sampling }) => sampling)]) : [];
  const soundSamplings = distinct(soundJobs.map(({ sampling }) => sampling));
  let inferring = 0;
  let waiting = 0;
  const ring = createRing(batches, batchesAhead);
  const letDecode = urgent ? () => undefined : await decoders.take(decodingBytes(probe, samplings));
  const decodingFrom = performance.now();
  onProgress?.({ stage: 'Decoding', fraction: 0 });
  const timed = async (task: () => Promise<void>) => {
    await nextTask();
    signal?.throwIfAborted();
    const began = performance.now();
    await task();
    inferring += performance.now() - began;
  };
  /** What the decoder waits for others does not count as decoding. */
  const handOver = async (bytes: number, task: () => Promise<void>) => {
    const from = performance.now();
    await ring.push(copied * bytes, () => timed(task));
    waiting += performance.now() - from;
  };
  const { decoder, sought, soundFailure } = await decodeMedia({
    file,
    probe,
    samplings,
    soundSamplings,
    signal,
    onFrames: (index, batch) =>
      handOver(batch.data.byteLength, async () => {
        const key = keyAt(samplings, index);
        if (key === samplingKey(thumbnailSampling)) pictures.push(batch);
        for (const job of pictureJobs) {
          if (samplingKey(job.sampling) !== key || failures.has(job.card.id)) continue;
          if (job.kind === 'frame') await feed(job, batch, failures);
          else for (const clip of job.windows.add(batch)) await describeClip(job, clip, failures);
        }
      }),
    onSound: async (index, block) => {
      // The block is lent for the length of this call.
      await ring.drained();
      const from = performance.now();
      await timed(async () => {
        const key = keyAt(soundSamplings, index);
        if (index === 0) waveform.add(block);
        for (const job of soundJobs) {
          if (samplingKey(job.sampling) === key && !failures.has(job.card.id)) await hear(job, block, failures);
        }
      });
      waiting += performance.now() - from;
    },
    onProgress: (fraction) => onProgress?.({ stage: 'Decoding', fraction }),
  }).finally(letDecode);
  const decoded = performance.now();
  await ring.drained();
  await timed(async () => {
    for (const job of pictureJobs) {
      if (job.kind === 'clip' && !failures.has(job.card.id)) await describeClip(job, job.windows.rest(), failures);
    }
    for (const job of soundJobs) {
      if (soundFailure && !failures.has(job.card.id)) failures.set(job.card.id, soundFailure);
      if (!failures.has(job.card.id)) await finish(job, failures);
    }
  });
  if (failed()) throw first() as AppError;
  const added = new Set(pictureJobs.flatMap((job) => (job.kind === 'frame' ? job.otherViews : [])));
  const done = [...pictureJobs.filter((job) => !(job.kind === 'frame' && added.has(job))), ...soundJobs].filter(
    ({ card }) => !failures.has(card.id),
  );
  const features = done.map(toMatrix);
  const thumbnails = probe.video ? await makeThumbnails(pictures) : await waveform.draw();
  const ended = performance.now();
  return {
    id,
    // The decoder that gave the frames: the one the probe chose may have given up.
    probe: { ...probe, decoder, ...(sought && { sought }) },
    features,
    classes: done.flatMap(({ parts }, i) => {
      const classes = joinClasses(parts.map((part) => part.classes));
      const { space, times } = features[i] as FeatureMatrix;
      return classes ? [{ ...classes, space: spaceKey(space), times }] : [];
    }),
    failures: Array.from(failures, ([extractor, error]) => ({ extractor, error: toErrorRecord(error) })),
    thumbnails,
    timings: {
      probe: probed - started,
      decode: Math.max(0, decoded - decodingFrom - waiting),
      infer: inferring,
      total: ended - started,
    },
  };
}

function distinct<S extends Sampling>(samplings: readonly S[]): readonly S[] {
  return [...new Map(samplings.map((sampling) => [samplingKey(sampling), sampling])).values()];
}

function keyAt(samplings: readonly Sampling[], index: number): string {
  return samplingKey(samplings[index] as Sampling);
}

/** Loads an extractor's code and model. Errors: the model codes, `spaces-differ` for the sampling of another kind. */
async function prepare(
  card: ExtractorCard,
  { sampling, options = {} }: ExtractionRequest,
  lend: Lend,
  signal: AbortSignal | undefined,
): Promise<PictureJob | SoundJob> {
  const { model } = card;
  const inference = model && (await lend({ ...card, model }, signal));
  const context = { inference, signal, options };
  if (card.kind === 'audio' && 'sampleRate' in sampling) {
    const { extractor } = await card.load();
    return { kind: 'audio', card, context, listener: extractor.listen(context), sampling, parts: [] };
  }
  const input = inference?.input;
  const size = input && 'width' in input && { width: input.width, height: input.height };
  if (card.kind === 'frame' && isOfFrames(sampling)) {
    const load = async () => (await card.load()).extractor;
    const extractor = await (model ? load() : loadAside(card, load));
    const [first, ...others] = viewsOf({ ...sampling, ...size }, options);
    const jobOf = (view: FrameSampling, otherViews: readonly FrameJob[]): FrameJob => ({
      kind: 'frame',
      card,
      context,
      extractor,
      sampling: view,
      otherViews,
      parts: [],
    });
    return jobOf(
      first,
      others.map((view) => jobOf(view, [])),
    );
  }
  if (card.kind === 'clip' && isOfClips(sampling)) {
    const load = async () => (await card.load()).extractor;
    const extractor = await (model ? load() : loadAside(card, load));
    const frames = (input?.kind === 'clip' && input.frames) || sampling.instants.frames;
    const instants = { ...sampling.instants, frames };
    const windows = createClipWindows(frames);
    return { kind: 'clip', card, context, extractor, sampling: { ...sampling, ...size, instants }, windows, parts: [] };
  }
  throw new AppError('spaces-differ', 'the vectors were made of something else', { extractor: card.id });
}

/** One window to one vector, where there is one. */
async function describeClip(job: ClipJob, clip: ClipBatch | undefined, failures: Failures): Promise<void> {
  if (!clip || failures.has(job.card.id)) return;
  await attempt(job.card.id, failures, async () => {
    const made = await job.extractor.extract(clip, job.context);
    const { vectors, scores } = made instanceof Float32Array ? { vectors: made, scores: undefined } : made;
    job.parts.push({ classes: scores && momentClasses(scores, [0]), vectors, times: clip.times });
  });
}

async function feed(job: FrameJob, batch: FrameBatch, failures: Failures): Promise<void> {
  await attempt(job.card.id, failures, async () => {
    const { batch: distinct, places } = withoutRepeats(batch);
    const made = await job.extractor.extract(distinct, job.context);
    const vectors = made instanceof Float32Array ? made : made.vectors;
    const scores = made instanceof Float32Array ? undefined : made.scores;
    job.parts.push({
      classes: scores && momentClasses(scores, places),
      vectors: repeatVectors(vectors, places, vectors.length / distinct.count),
      times: batch.times.slice(0, batch.count),
    });
  });
}

async function hear(job: SoundJob, block: SoundBlock, failures: Failures): Promise<void> {
  await attempt(job.card.id, failures, async () => {
    keep(job, await job.listener.hear(block));
  });
}

function keep({ parts }: SoundJob, { vectors, scores, times }: Moments): void {
  if (times.length === 0) return;
  parts.push({ classes: scores && momentClasses(scores, Array.from(times.keys())), vectors, times });
}

/** The sound has ended. */
async function finish(job: SoundJob, failures: Failures): Promise<void> {
  await attempt(job.card.id, failures, async () => {
    keep(job, await job.listener.finish());
    if (job.parts.length === 0) {
      throw new AppError('sound-unreadable', 'no sound came out of the track');
    }
  });
}

/** Notes an `AppError` of one extractor; anything else ends the whole extraction. */
async function attempt(id: string, failures: Failures, task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (isAbortError(error) || !(error instanceof AppError)) throw error;
    failures.set(id, error);
  }
}

function toMatrix(job: PictureJob | SoundJob): FeatureMatrix {
  const { card, context, sampling, parts } = job;
  const { frames: own, times } = joinBatches(parts);
  const others = job.kind === 'frame' ? job.otherViews.map((view) => joinBatches(view.parts).frames) : [];
  const frames = meanOfViews(own, others);
  const { id, version, aggregation } = card;
  const { inference } = context;
  if (times.length === 0) throw new AppError('no-frames', 'The file holds no picture that can be decoded.');
  const dimensions = frames.length / times.length;
  const uniform = 'instants' in sampling && sampling.instants.mode === 'uniform' ? sampling.instants.frames : undefined;
  return {
    space: {
      extractor: id,
      version,
      modelHash: inference?.modelHash ?? null,
      preprocessing: preprocessingOf(
        sampling,
        inference && 'channels' in inference.input ? inference.input : undefined,
        context.options,
      ),
    },
    sampling,
    vector: aggregate(frames, times.length, dimensions, aggregation, uniform ?? times.length),
    frames,
    count: times.length,
    dimensions,
    times,
  };
}
