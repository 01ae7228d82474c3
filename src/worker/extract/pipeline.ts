import { joinClasses, type MomentClasses, momentClasses } from '../../core/classes';
import { AppError, isAbortError, toErrorRecord } from '../../core/errors';
import { type FeatureMatrix, preprocessingOf, spaceKey } from '../../core/feature';
import type { FrameBatch } from '../../core/media';
import { type FrameSampling, samplingKey } from '../../core/sampling';
import type { ExtractionContext, Extractor, ExtractorCard, Inference } from '../../extractors/extractor';
import type { Extraction, ExtractionRequest } from '../../protocol/extract-api';
import type { CallOptions } from '../../protocol/progress';
import type { NetworkCard } from '../inference/inference';
import { identify } from '../media/identity';
import { decodeFrames, probeMedia } from '../media/open';
import { makeThumbnails, thumbnailSampling } from '../media/thumbnails';
import { nextTask } from '../next-task';
import { aggregate, joinBatches, repeatVectors, withoutRepeats } from './feature-matrix';

type Lend = (card: NetworkCard, signal: AbortSignal | undefined) => Promise<Inference>;

/** An extractor ready to be fed with the frames of one video. */
type Job = {
  readonly card: ExtractorCard<'frame'>;
  readonly extractor: Extractor<'frame'>;
  readonly context: ExtractionContext;
  readonly sampling: FrameSampling;
  readonly parts: { vectors: Float32Array; times: Float64Array; classes: MomentClasses | undefined }[];
  failure?: AppError;
};

/** One file to features and thumbnails. Every distinct sampling is decoded once; frames go to the extractors as they
 * come, at most 32 in memory. An extractor that fails is listed while others go on. Errors: the file codes; with no
 * extractor left, the error of the first. */
export async function extractFeatures(
  args: {
    readonly file: File;
    readonly requests: readonly ExtractionRequest[];
    readonly cards: readonly ExtractorCard<'frame'>[];
    readonly lend: Lend;
  },
  { signal, onProgress }: CallOptions = {},
): Promise<Extraction> {
  const { file, requests, cards, lend } = args;
  const started = performance.now();
  onProgress?.({ stage: 'Reading', fraction: undefined });
  const id = await identify(file);
  const probe = await probeMedia(file, signal);
  const probed = performance.now();

  const jobs: Job[] = [];
  const failures = new Map<string, AppError>();
  const first = () => failures.values().next().value;
  for (const request of requests) {
    await attempt(request.extractor, failures, async () => {
      jobs.push(await prepare(request, cards, lend, signal));
    });
  }
  if (jobs.length === 0 && requests.length > 0) throw first() as AppError;

  const pictures: FrameBatch[] = [];
  const samplings = distinct([thumbnailSampling, ...jobs.map(({ sampling }) => sampling)]);
  let inferring = 0;
  const decodingFrom = performance.now();
  onProgress?.({ stage: 'Decoding', fraction: 0 });
  const { decoder } = await decodeFrames({
    file,
    probe,
    samplings,
    signal,
    onFrames: async (index, batch) => {
      await nextTask();
      signal?.throwIfAborted();
      const began = performance.now();
      const key = samplingKey(samplings[index] as FrameSampling);
      if (key === samplingKey(thumbnailSampling)) pictures.push(batch);
      for (const job of jobs) {
        if (samplingKey(job.sampling) === key && !failures.has(job.card.id)) await feed(job, batch, failures);
      }
      inferring += performance.now() - began;
    },
    onProgress: (fraction) => onProgress?.({ stage: 'Decoding', fraction }),
  });
  const done = jobs.filter(({ card }) => !failures.has(card.id));
  const features = done.map(toMatrix);
  if (features.length === 0 && requests.length > 0) throw first() as AppError;
  const thumbnails = await makeThumbnails(pictures);
  const ended = performance.now();
  return {
    id,
    // The decoder that gave the frames: the one the probe chose may have given up.
    probe: { ...probe, decoder },
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
      decode: ended - decodingFrom - inferring,
      infer: inferring,
      total: ended - started,
    },
  };
}

async function prepare(
  { extractor: id, sampling, options = {} }: ExtractionRequest,
  cards: readonly ExtractorCard<'frame'>[],
  lend: Lend,
  signal: AbortSignal | undefined,
): Promise<Job> {
  const card = cards.find((card) => card.id === id);
  if (!card) throw new Error(`There is no extractor ${id}`);
  if (!('instants' in sampling)) throw new Error(`${id} cannot be sampled so`);
  const { extractor } = await card.load();
  const { model } = card;
  if (!model) return { card, extractor, context: { inference: undefined, signal, options }, sampling, parts: [] };
  const lent = await lend({ ...card, model }, signal);
  const { input } = lent;
  const size = 'width' in input && { width: input.width, height: input.height };
  const context = { inference: lent, signal, options };
  return { card, extractor, context, sampling: { ...sampling, ...size }, parts: [] };
}

async function feed(job: Job, batch: FrameBatch, failures: Map<string, AppError>): Promise<void> {
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

/** Notes an `AppError` of one extractor; anything else ends the whole extraction. */
async function attempt(id: string, failures: Map<string, AppError>, task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (isAbortError(error) || !(error instanceof AppError)) throw error;
    failures.set(id, error);
  }
}

function toMatrix({ card, context, sampling, parts }: Job): FeatureMatrix {
  const { frames, times } = joinBatches(parts);
  const { id, version, aggregation } = card;
  const { inference } = context;
  if (times.length === 0) throw new AppError('no-frames', 'The file holds no picture that can be decoded.');
  const dimensions = frames.length / times.length;
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
    vector: aggregate(
      frames,
      times.length,
      dimensions,
      aggregation,
      sampling.instants.mode === 'uniform' ? sampling.instants.frames : times.length,
    ),
    frames,
    count: times.length,
    dimensions,
    times,
  };
}

function distinct(samplings: readonly FrameSampling[]): readonly FrameSampling[] {
  return [...new Map(samplings.map((sampling) => [samplingKey(sampling), sampling])).values()];
}
