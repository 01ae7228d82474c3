import { AppError } from '../../core/errors';
import { preprocessingOf, spaceKey } from '../../core/feature';
import type { FrameBatch, MediaProbe } from '../../core/media';
import { type FrameSampling, isOfFrames, maxFrames, type Part } from '../../core/sampling';
import { detectCuts } from '../../core/shots/detect-cuts';
import { detectDissolves } from '../../core/shots/detect-dissolves';
import { type FrameSignature, frameSignatures } from '../../core/shots/frame-difference';
import { shotsBetween } from '../../core/shots/shot';
import type { ExtractionContext, ExtractorCard, Inference } from '../../extractors/extractor';
import { meanOfViews, viewsOf } from '../../extractors/picture-options';
import type { ExtractionRequest, FoundShots } from '../../protocol/extract-api';
import type { CallOptions } from '../../protocol/progress';
import type { NetworkCard } from '../inference/inference';
import { decodeMedia, probeMedia } from '../media/open';
import { makeThumbnails, thumbnailSampling } from '../media/thumbnails';
import { aggregate } from './feature-matrix';

type Task = {
  readonly file: File;
  readonly request: ExtractionRequest;
  readonly card: ExtractorCard;
  readonly lend: (card: NetworkCard, signal: AbortSignal | undefined) => Promise<Inference>;
};

/** Frames of a shot that its vector is made of. */
const framesPerShot = 3;
/** Shots that are described in one run over the file: each is a branch of its own. */
const shotsPerRun = 8;

/** See `ExtractApi.findShots`. */
export async function findShots(task: Task, options: CallOptions = {}): Promise<FoundShots> {
  const { signal, onProgress, gate } = options;
  const { file, request, card } = task;
  if (card.kind !== 'frame' || !isOfFrames(request.sampling)) throw new Error(`${card.id} does not look at frames`);
  onProgress?.({ stage: 'Reading', fraction: undefined });
  const probe = await probeMedia(file, signal);
  if (!probe.video) throw new AppError('sound-only', 'there are no pictures');
  const model = card.model && (await task.lend({ ...card, model: card.model }, signal));
  const context: ExtractionContext = { inference: model, signal, options: request.options ?? {} };
  const { shots, resolution } = await cutAtDifferences(file, probe, options);

  const input = model?.input;
  const size = input && 'width' in input && { width: input.width, height: input.height };
  const sampling: FrameSampling = { ...request.sampling, ...size };
  const views = viewsOf(sampling, request.options ?? {});
  const { extractor } = await card.load();
  const rows: Float32Array[] = [];
  const pictures: FrameBatch[] = [];
  for (let from = 0; from < shots.length; from += shotsPerRun) {
    await gate?.pass(signal);
    onProgress?.({ stage: 'Describing shots', fraction: from / shots.length });
    const some = shots.slice(from, from + shotsPerRun);
    const within = (of: FrameSampling, part: Part, frames: number): FrameSampling => ({
      ...of,
      instants: { mode: 'uniform', frames, part },
    });
    const samplings = some.flatMap((part) => [
      ...views.map((view) => within(view, part, framesPerShot)),
      within(thumbnailSampling, part, 1),
    ]);
    const found: FrameBatch[] = [];
    await decodeMedia({
      file,
      probe,
      samplings,
      signal,
      // At most three frames a shot: each sampling comes in one batch.
      onFrames: async (index, batch) => {
        found[index] ??= batch;
      },
    });
    const each = views.length + 1;
    for (const i of some.keys()) {
      const batches = found.slice(i * each, (i + 1) * each);
      const picture = batches[views.length];
      const vectors: Float32Array[] = [];
      for (const frames of batches.slice(0, views.length)) {
        const made = await extractor.extract(frames, context);
        vectors.push(made instanceof Float32Array ? made : made.vectors);
      }
      const [own, ...others] = vectors;
      if (!own || !picture || others.length < views.length - 1)
        throw new AppError('no-frames', 'a shot has no frame that can be decoded');
      rows.push(shotVector(meanOfViews(own, others), batches[0]?.count ?? 1, card));
      pictures.push(picture);
      signal?.throwIfAborted();
    }
  }
  const preprocessing = preprocessingOf(sampling, input && 'channels' in input ? input : undefined, context.options);
  const vectors = new Float32Array(rows.reduce((sum, { length }) => sum + length, 0));
  rows.forEach((row, i) => {
    vectors.set(row, i * row.length);
  });
  return {
    shots,
    pictures: await makeThumbnails(pictures),
    resolution,
    space: spaceKey({ extractor: card.id, version: card.version, modelHash: model?.modelHash ?? null, preprocessing }),
    metric: card.metric,
    vectors,
  };
}

async function cutAtDifferences(file: File, probe: MediaProbe, { signal, onProgress, gate }: CallOptions) {
  const { duration = 0, video } = probe;
  const count = video?.frameCount ?? Math.ceil(duration * (video?.frameRate ?? 30));
  const instants =
    count > maxFrames ? ({ mode: 'interval', seconds: duration / maxFrames } as const) : ({ mode: 'every' } as const);
  const signatures: FrameSignature[] = [];
  const times: number[] = [];
  await decodeMedia({
    file,
    probe,
    samplings: [{ instants, width: 64, height: 48, fit: 'squeeze' }],
    signal,
    onFrames: async (_, batch) => {
      await gate?.pass(signal);
      signatures.push(...frameSignatures(batch));
      times.push(...batch.times.slice(0, batch.count));
    },
    onProgress: (fraction) => onProgress?.({ stage: 'Comparing frames', fraction }),
  });
  if (times.length === 0) throw new AppError('no-frames', 'no frame could be decoded');
  const resolution = times.length > 1 ? ((times.at(-1) as number) - (times[0] as number)) / (times.length - 1) : 0;
  const end = Math.max(duration, (times.at(-1) as number) + resolution);
  const cuts = detectCuts(signatures);
  const bounds = [...cuts, ...detectDissolves(signatures, cuts)].sort((a, b) => a - b);
  return { shots: shotsBetween(bounds, times, end), resolution };
}

function shotVector(frames: Float32Array, count: number, { aggregation }: ExtractorCard): Float32Array {
  const dimensions = frames.length / count;
  if (aggregation === 'mean') return aggregate(frames, count, dimensions, 'mean');
  const middle = Math.floor(count / 2) * dimensions;
  return frames.slice(middle, middle + dimensions);
}
