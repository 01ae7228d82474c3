import { AppError, type ErrorRecord, fromErrorRecord, toErrorRecord } from '../core/errors';
import { type FeatureMatrix, spaceKey } from '../core/feature';
import { optionsOfSpace } from '../extractors/options';
import { extractors } from '../extractors/registry';
import type { ExtractApi, Extraction } from '../protocol/extract-api';
import type { SpaceSummary } from '../protocol/library-api';
import type { CallOptions } from '../protocol/progress';

type Known = {
  readonly matrices: Map<string, FeatureMatrix>;
  /** Spaces that were asked for, whether or not a vector came of it. */
  readonly asked: Set<string>;
  readonly failures: Map<string, ErrorRecord>;
};

/** Vectors of query files, by query, outside of any store's state: nothing on a page depends on their values. */
export type QueryFeatures = {
  /** Makes the vectors that a query still lacks in these spaces, each with its space's own sampling. Undefined when
   * there was nothing to do. Errors: those of `extract`. */
  complete(
    query: { readonly key: number; readonly file: File; readonly read: boolean },
    spaces: readonly SpaceSummary[],
    options: CallOptions,
  ): Promise<Extraction | undefined>;
  /** The query's vectors in those of the spaces where it has one. Errors, where it has none: why the first space's
   * extractor failed on it, or `spaces-differ` where its vectors lie in another space. */
  vectorsIn(key: number, spaces: readonly SpaceSummary[]): readonly FeatureMatrix[];
  /** Forgets every query but these. */
  keepOnly(keys: readonly number[]): void;
};

export function createQueryFeatures({ extract }: { extract: ExtractApi }): QueryFeatures {
  const known = new Map<number, Known>();

  return {
    async complete({ key, file, read }, spaces, options) {
      const entry: Known = known.get(key) ?? { matrices: new Map(), asked: new Set(), failures: new Map() };
      const missing = spaces.filter((space) => !entry.asked.has(space.key));
      // Without spaces there are still pictures and facts to be had, and a file that cannot be read says so now.
      if (missing.length === 0 && read) return undefined;
      const requests = missing.map(({ space: { extractor, preprocessing }, sampling }) => {
        const card = extractors.find(({ id }) => id === extractor);
        return { extractor, sampling, options: optionsOfSpace(card ?? {}, preprocessing) };
      });
      const extraction = await extract.extract({ file, requests, urgent: true }, options).catch((error: unknown) => {
        // Asked and answered: a library that keeps changing must not ask for the same failure again and again.
        if (error instanceof AppError) {
          known.set(key, entry);
          for (const { key: space, space: of } of missing) {
            entry.asked.add(space);
            entry.failures.set(of.extractor, toErrorRecord(error));
          }
        }
        throw error;
      });
      options.signal?.throwIfAborted();
      known.set(key, entry);
      for (const space of missing) entry.asked.add(space.key);
      for (const matrix of extraction.features) entry.matrices.set(spaceKey(matrix.space), matrix);
      for (const { extractor, error } of extraction.failures) entry.failures.set(extractor, error);
      const { video, audio } = extraction.probe;
      for (const { space, sampling } of missing) {
        // Nothing to look at, or to listen to, is no failure of the extractor; only a search by it alone has to say so.
        const lacking = 'sampleRate' in sampling ? video && !audio && 'no-sound' : audio && !video && 'sound-only';
        if (lacking) entry.failures.set(space.extractor, { code: lacking, message: 'the query has none', details: {} });
      }
      return extraction;
    },

    vectorsIn(key, spaces) {
      const entry = known.get(key);
      const found = spaces.flatMap((space) => entry?.matrices.get(space.key) ?? []);
      if (found.length > 0) return found;
      const extractor = spaces[0]?.space.extractor ?? '';
      const failure = entry?.failures.get(extractor);
      throw failure
        ? fromErrorRecord(failure)
        : new AppError('spaces-differ', 'the query has no vector in this space', { extractor });
    },

    keepOnly(keys) {
      for (const key of known.keys()) if (!keys.includes(key)) known.delete(key);
    },
  };
}
