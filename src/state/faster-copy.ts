import type { ExtractorCard } from '../extractors/extractor';
import type { ExtractionRequest, InferenceStatus, ModelStatus } from '../protocol/extract-api';

/** Seconds of indexing from which making a copy first pays for the person too. */
const worthwhile = 20 * 60;

/** The extractors, on the processor and without an 8-bit copy of their network of pictures, that long indexing would be
 * faster with. */
export function helpedByCopies(
  { eta, requests }: { readonly eta: number | undefined; readonly requests: readonly ExtractionRequest[] },
  inference: InferenceStatus | undefined,
  models: readonly ModelStatus[],
  cards: readonly ExtractorCard[],
): readonly ExtractorCard[] {
  if (eta === undefined || eta < worthwhile || inference?.backend !== 'wasm') return [];
  return cards.filter(({ id, model }) => {
    const status = models.find((status) => status.model === id);
    const isOn = requests.some(({ extractor }) => extractor === id);
    // Of small networks a copy is no faster.
    return (
      isOn && model?.url !== undefined && model.accepts.includes('picture') && status?.state === 'ready' && !status.copy
    );
  });
}
