import type { ExtractorCard, ModelEntry, PublishedFile } from './extractor';

/** One file that an extractor needs, as the model manager knows it. */
export type ModelFile = {
  /** The extractor's own id for its network, `clip/words` and `clip/tokenizer` for what finds words. */
  readonly id: string;
  readonly label: string;
  /** One sentence: what it is for. */
  readonly summary: string;
  readonly dimensions: number | undefined;
} & (
  | { readonly kind: 'network'; readonly model: ModelEntry }
  | { readonly kind: 'tokenizer'; readonly model: PublishedFile }
);

export const wordsFileId = (extractor: string): string => `${extractor}/words`;
const tokenizerFileId = (extractor: string): string => `${extractor}/tokenizer`;

/** The files of one extractor, its own network first. */
export function modelFiles({ id, label, summary, dimensions, model, words }: ExtractorCard): ModelFile[] {
  const files: ModelFile[] = [];
  if (model) files.push({ id, label, summary, dimensions, kind: 'network', model });
  if (words) {
    files.push({
      id: wordsFileId(id),
      label: `${label} for words`,
      summary: `Reads free text, so that videos described by ${label} are found by it.`,
      dimensions,
      kind: 'network',
      model: words.model,
    });
    files.push({
      id: tokenizerFileId(id),
      label: `${label}'s tokenizer`,
      summary: `Parts a text into what ${label} for words reads.`,
      dimensions,
      kind: 'tokenizer',
      model: words.tokenizer,
    });
  }
  return files;
}
