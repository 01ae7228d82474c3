import type { ExtractorCard, Inference, PublishedFile } from '../../extractors/extractor';
import { modelFiles, wordsFileId } from '../../extractors/model-files';
import type { DescribedText } from '../../protocol/extract-api';
import type { CallOptions } from '../../protocol/progress';
import type { NetworkCard } from './inference';
import { loadModelFile } from './model-files';
import { parseTokenizer } from './models';

/** Turns texts into vectors of the extractors that know words; see `ExtractApi.describeText`. */
export function createTextDescriber(
  cards: readonly ExtractorCard[],
  lend: (card: NetworkCard, signal: AbortSignal | undefined) => Promise<Inference>,
) {
  let kept: { readonly sha256: string; readonly parsed: object } | undefined;

  /** Parsed once: that takes longer than to read the file, which may be another one by now. */
  async function readTokenizer(file: PublishedFile, signal: AbortSignal | undefined): Promise<object> {
    const { content, sha256 } = await loadModelFile(file, signal);
    if (kept?.sha256 !== sha256) kept = { sha256, parsed: parseTokenizer(content) };
    return kept.parsed;
  }

  return async (extractor: string, text: string, { signal }: CallOptions = {}): Promise<DescribedText> => {
    const card = cards.find(({ id }) => id === extractor);
    const files = card ? modelFiles(card) : [];
    const network = files.find(({ id }) => id === wordsFileId(extractor));
    if (!card?.words || network?.kind !== 'network') throw new Error(`${extractor} knows no words`);
    const [inference, parsed] = await Promise.all([lend(network, signal), readTokenizer(card.words.tokenizer, signal)]);
    const { describeText } = await card.words.load();
    const context = { inference, tokenizer: parsed };
    const { scale, neutral } = card.words;
    const [vector, ...others] = await Promise.all([text, ...neutral].map((each) => describeText(each, context)));
    return { vector: vector as Float32Array, neutral: others, scale };
  };
}
