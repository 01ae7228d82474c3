import { AppError, type ErrorRecord, toErrorRecord } from '../core/errors';
import { extractors } from '../extractors/registry';
import type { ExtractApi } from '../protocol/extract-api';
import type { SpaceSummary, WordsArgs } from '../protocol/library-api';
import type { CallOptions } from '../protocol/progress';

type Meaning = WordsArgs['meanings'][number];
type Failure = { readonly space: string; readonly extractor: string; readonly error: ErrorRecord };

/** What a text means in the library's spaces, and why in some of them it could not be told. */
export type Meanings = {
  readonly found: readonly Meaning[];
  readonly failures: readonly Failure[];
};

/** Extractors that can be searched by free text. */
const knowingWords = new Set(extractors.filter(({ words }) => words !== undefined).map(({ id }) => id));

/** Describes a text in those of the spaces whose extractor knows words. Errors that concern one extractor are among the
 * failures; others pass. */
export async function describeText(
  extract: ExtractApi,
  text: string,
  spaces: readonly SpaceSummary[],
  options: CallOptions,
): Promise<Meanings> {
  const [found, failures]: [Meaning[], Failure[]] = [[], []];
  for (const { key, space, dimensions } of spaces) {
    const { extractor } = space;
    if (!knowingWords.has(extractor)) continue;
    try {
      const described = await extract.describeText({ extractor, text }, options);
      if (described.vector.length !== dimensions) {
        throw new AppError('spaces-differ', 'the text has other dimensions than the pictures', { extractor });
      }
      found.push({ ...described, space: key });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      failures.push({ space: key, extractor, error: toErrorRecord(error) });
    }
  }
  return { found, failures };
}
