import type { ExtractorCard, Inference } from '../../extractors/extractor';
import { modelFiles, tokenizerFileId, wordsFileId } from '../../extractors/model-files';
import type { DescribedText } from '../../protocol/extract-api';
import type { CallOptions } from '../../protocol/progress';
import type { NetworkCard } from './inference';
import { readTokenizer } from './models';

/** Turns texts into vectors of the extractors that know words; see `ExtractApi.describeText`. */
export function createTextDescriber(
  cards: readonly ExtractorCard[],
  lend: (card: NetworkCard, signal: AbortSignal | undefined) => Promise<Inference>,
) {
  return async (extractor: string, text: string, { signal }: CallOptions = {}): Promise<DescribedText> => {
    const card = cards.find(({ id }) => id === extractor);
    const files = card ? modelFiles(card) : [];
    const network = files.find(({ id }) => id === wordsFileId(extractor));
    const tokenizer = files.find(({ id }) => id === tokenizerFileId(extractor));
    if (!card?.words || network?.kind !== 'network' || !tokenizer) throw new Error(`${extractor} knows no words`);
    // Small enough to be read for each text; another file may have been put in its place since.
    const [inference, parsed] = await Promise.all([lend(network, signal), readTokenizer(tokenizer, signal)]);
    const { describeText } = await card.words.load();
    const context = { inference, tokenizer: parsed };
    const { scale, neutral } = card.words;
    const [vector, ...others] = await Promise.all([text, ...neutral].map((each) => describeText(each, context)));
    return { vector: vector as Float32Array, neutral: others, scale };
  };
}
