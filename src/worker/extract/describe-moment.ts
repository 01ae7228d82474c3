import { AppError } from '../../core/errors';
import { preprocessingOf, spaceKey } from '../../core/feature';
import type { FrameBatch, SoundBlock } from '../../core/media';
import type { FrameSampling, Sampling } from '../../core/sampling';
import type { ExtractionContext, ExtractorCard, Inference, Moments } from '../../extractors/extractor';
import { meanOfViews, viewsOf } from '../../extractors/picture-options';
import type { DescribedMoment, LiveMoment, LiveRequest } from '../../protocol/live-api';
import type { NetworkCard } from '../inference/inference';
import { place } from '../media/fit';
import { writeRgb } from '../media/planes';
import { createResampler } from '../media/resampler';
import { readDrawable } from '../media/video-frame';

/** See `LiveApi.describeMoment`. */
export async function describeMoment(
  card: ExtractorCard,
  { moment, fit, options }: LiveRequest,
  lend: (card: NetworkCard, signal: AbortSignal | undefined) => Promise<Inference>,
  signal: AbortSignal | undefined,
): Promise<DescribedMoment> {
  try {
    const { model } = card;
    const inference = model && (await lend({ ...card, model }, signal));
    const context: ExtractionContext = { inference, signal, options };
    if (moment.kind === 'frame' && card.kind === 'frame') {
      const input = inference?.input;
      const size = input && 'width' in input && { width: input.width, height: input.height };
      const sampling: FrameSampling = { ...card.sampling, ...size, fit: fit ?? card.sampling.fit };
      const { extractor } = await card.load();
      const vectorsOf = async (view: FrameSampling) => {
        const made = await extractor.extract(toBatch(moment.picture, view), context);
        return made instanceof Float32Array ? { vectors: made, scores: undefined } : made;
      };
      const [first, ...others] = viewsOf(sampling, options);
      const { vectors: own, scores } = await vectorsOf(first);
      const added: Float32Array[] = [];
      for (const view of others) added.push((await vectorsOf(view)).vectors);
      return { space: spaceOf(card, sampling, context), vector: meanOfViews(own, added), scores };
    }
    if (moment.kind === 'sound' && card.kind === 'audio') {
      const { extractor } = await card.load();
      const listener = extractor.listen(context);
      const heard = await listener.hear(toBlock(moment, card.sampling.sampleRate));
      const { vectors, scores } = last([heard, await listener.finish()]);
      return { space: spaceOf(card, card.sampling, context), vector: vectors, scores };
    }
    throw new AppError('spaces-differ', `${card.id} does not describe a ${moment.kind}`, { extractor: card.id });
  } finally {
    if (moment.kind === 'frame') moment.picture.close();
  }
}

function spaceOf(
  { id, version }: ExtractorCard,
  sampling: Sampling,
  { inference, options }: ExtractionContext,
): string {
  const input = inference && 'channels' in inference.input ? inference.input : undefined;
  const preprocessing = preprocessingOf(sampling, input, options);
  return spaceKey({ extractor: id, version, modelHash: inference?.modelHash ?? null, preprocessing });
}

function toBatch(picture: ImageBitmap, sampling: FrameSampling): FrameBatch {
  const at = place(sampling.fit, sampling, picture.width, picture.height);
  const data = new Uint8Array(at.width * at.height * 3);
  writeRgb(readDrawable(picture, picture.width, picture.height, 0), at, data, 0);
  return { data, count: 1, width: at.width, height: at.height, times: new Float64Array(1) };
}

/** Seconds that a network of the VGGish family looks at: more would begin a second window, most of it silence. */
const window = 0.975;

function toBlock({ samples, sampleRate }: LiveMoment & { kind: 'sound' }, wanted: number): SoundBlock {
  const resampler = createResampler(sampleRate, wanted);
  const [body, rest] = [resampler.push(samples), resampler.flush()];
  const joined = new Float32Array(body.length + rest.length);
  joined.set(body);
  joined.set(rest, body.length);
  return {
    samples: joined.subarray(Math.max(0, joined.length - Math.round(window * wanted))),
    sampleRate: wanted,
    time: 0,
  };
}

/** The last of all moments, alone. */
function last(parts: readonly Moments[]): Pick<Moments, 'vectors' | 'scores'> {
  const { vectors, scores, times } = parts.findLast((part) => part.times.length > 0) ?? {};
  if (!vectors || !times) throw new AppError('sound-unreadable', 'no moment came out of the sound');
  const row = (all: Float32Array) => all.slice(all.length - all.length / times.length);
  return { vectors: row(vectors), scores: scores && { ...scores, probabilities: row(scores.probabilities) } };
}
