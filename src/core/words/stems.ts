import { stemmer } from 'stemmer';

/** Words of a text, lower case: `v_ApplyLipstick_g01` gives apply, lipstick and the like. Numbers are words. */
export function wordsOf(text: string): string[] {
  const parted = text.replace(/(\p{Ll}|\d)(?=\p{Lu})/gu, '$1 ').replace(/(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1 ');
  return parted.toLowerCase().match(/\p{L}+|\p{N}+/gu) ?? [];
}

/** What forms of a word have in common (Porter 1980): `retrievers` and `retriever` are one. */
export const stemOf = (word: string): string => stemmer(word);
