import { AppError } from '../core/errors';
import { modelFiles } from '../extractors/model-files';
import { extractors } from '../extractors/registry';
import { serve } from '../protocol/comlink';
import type { ExtractApi } from '../protocol/extract-api';
import { postNotices } from '../protocol/worker-notices';
import { describeMoment } from './extract/describe-moment';
import { findShots } from './extract/find-shots';
import { extractFeatures } from './extract/pipeline';
import { createInference, type NetworkCard } from './inference/inference';
import { createModels } from './inference/models';
import { createTextDescriber } from './inference/text-describer';
import { identify } from './media/identity';
import { makeProxy } from './media/proxy';
import { makeSample } from './media/sample-clips';

const { userAgent, hardwareConcurrency } = navigator;
const { gpu } = navigator as { gpu?: NonNullable<Parameters<typeof createInference>[0]['gpu']> };
const inference = createInference({
  userAgent,
  cores: hardwareConcurrency,
  crossOriginIsolated: globalThis.crossOriginIsolated,
  ...(gpu && { gpu }),
});
const networks = extractors.filter((card): card is typeof card & NetworkCard => card.model !== undefined);
const files = extractors.flatMap(modelFiles);
const models = createModels(files, inference);
const describer = createTextDescriber(extractors, (file, signal) =>
  models.watch(file.id, inference.lend(file, signal)),
);

/** For what a person waits for. */
const lend = (card: NetworkCard, signal: AbortSignal | undefined) =>
  models.watch(card.id, inference.lend(card, signal, true));
const cardOf = (extractor: string) => {
  const card = extractors.find(({ id }) => id === extractor);
  if (!card) throw new Error(`There is no extractor ${extractor}`);
  return card;
};

postNotices();
serve<ExtractApi>({
  identify: ({ file }) => identify(file),
  extract: ({ file, requests, urgent }, options) =>
    extractFeatures(
      {
        file,
        requests,
        cards: extractors,
        lend: (card, signal) => models.watch(card.id, inference.lend(card, signal, urgent)),
        urgent,
      },
      options,
    ),
  describeMoment: (request, options) => describeMoment(cardOf(request.extractor), request, lend, options?.signal),
  findShots: ({ file, request }, options) =>
    findShots({ file, request, card: cardOf(request.extractor), lend }, options),
  makeProxy: ({ file }, options) => makeProxy(file, options),
  makeSample: ({ index }, options) => makeSample(index, options),
  models: () => models.status(),
  addModel: ({ model, file }, options) => models.add(model, file, options),
  downloadModel: ({ model, url }, options) => models.download(model, url, options),
  verifyModel: ({ model }, options) => models.verify(model, options),
  removeModel: ({ model }) => models.remove(model),
  setModelInput: ({ model, input }) => models.setInput(model, input),
  makeModelCopy: ({ model }, options) => models.makeCopy(model, options),
  switchModelCopy: ({ model, inUse }) => models.switchCopy(model, inUse),
  removeModelCopy: ({ model }) => models.removeCopy(model),
  describeText: ({ extractor, text }, options) => describer(extractor, text, options),
  warmUp: async ({ extractors: ids }) => {
    for (const card of networks.filter(({ id }) => ids.includes(id))) {
      await models.watch(card.id, inference.warmUp(card)).catch((error: unknown) => {
        // A model that cannot be warmed up says so when it is used.
        if (!(error instanceof AppError)) throw error;
      });
    }
    return inference.status();
  },
  inference: () => inference.status(),
  setBackend: ({ backend }) => inference.setBackend(backend),
});
