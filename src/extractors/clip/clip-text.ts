import { Tokenizer } from '@huggingface/tokenizers';
import type { TextDescriber } from '../extractor';
import { lentNetwork } from '../lent-network';
import { unitRows } from './unit-rows';

const tokenizers = new WeakMap<object, Tokenizer>();

/** A text as CLIP's encoder reads it: its tokens between start and end, cut to `length` with the end kept, and padded
 * with ends, as the published tokenizer does. */
export function clipTokens(text: string, tokenizer: object, length: number): Float32Array {
  const known = tokenizers.get(tokenizer) ?? new Tokenizer(tokenizer, {});
  tokenizers.set(tokenizer, known);
  const { ids } = known.encode(text);
  const end = ids.at(-1) as number;
  const tokens = new Float32Array(length).fill(end);
  tokens.set(ids.slice(0, length - 1));
  return tokens;
}

export const describeText: TextDescriber = async (text, { inference, tokenizer }) => {
  const network = lentNetwork(inference, 'tokens');
  const { features } = await network.run(clipTokens(text, tokenizer, network.input.length), 1);
  return unitRows(features, network.dimensions);
};
