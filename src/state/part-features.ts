import { AppError, isAbortError } from '../core/errors';
import { type FeatureMatrix, spaceKey } from '../core/feature';
import { partOfFeatures } from '../core/part-of-features';
import type { Part, Sampling } from '../core/sampling';
import { optionsOfSpace } from '../extractors/options';
import { extractors } from '../extractors/registry';
import type { ExtractApi } from '../protocol/extract-api';
import type { LibraryApi, SpaceSummary } from '../protocol/library-api';
import type { CallOptions } from '../protocol/progress';
import type { Query } from './query';
import type { QueryFeatures } from './query-features';

/** Stored moments of a part that serve instead of reading it again. */
const denseEnough = 4;
/** Frames that are read again of a part, where the descriptor does not say how many. */
const framesOfPart = 8;

/** What a part was searched with: moments that were known already, or frames read again from the part. */
export type PartRead = { readonly moments: number; readonly again: boolean };

type PartFeatures = {
  /** A query's vectors of its part alone. Errors: `part-empty` where none can be had. */
  of(
    query: Query,
    part: Part,
    spaces: readonly SpaceSummary[],
    options: CallOptions,
  ): Promise<readonly FeatureMatrix[]>;
};

type Surroundings = {
  readonly extract: ExtractApi;
  readonly library: LibraryApi;
  readonly features: QueryFeatures;
  /** The file of a library's video, or undefined while it is not at hand. */
  readonly fileOf: (videoId: string) => Promise<File | undefined>;
};

export function createPartFeatures({ extract, library, features, fileOf }: Surroundings): PartFeatures {
  let known = { of: '', matrices: new Map<string, FeatureMatrix | undefined>() };
  // The library may change while a part is read: ranking again waits for it instead of reading it twice.
  let last: Promise<unknown> = Promise.resolve();

  const whole = ({ id, inLibrary, key }: Query, spaces: readonly SpaceSummary[]) =>
    inLibrary && id !== undefined
      ? library.features({ id, spaces: spaces.map((space) => space.key) })
      : features.vectorsIn(key, spaces);

  const readAgain = async (query: Query, part: Part, spaces: readonly SpaceSummary[], options: CallOptions) => {
    const file = query.file ?? (query.id === undefined ? undefined : await fileOf(query.id));
    if (!file) return [];
    const requests = spaces.map(({ space: { extractor, preprocessing }, sampling }) => ({
      extractor,
      sampling: inPart(sampling, part),
      options: optionsOfSpace(cardOf(extractor) ?? {}, preprocessing),
    }));
    try {
      return (await extract.extract({ file, requests, urgent: true }, options)).features;
    } catch (error) {
      // What is stored of the part still serves.
      if (!(error instanceof AppError) || isAbortError(error)) throw error;
      return [];
    }
  };

  const complete = async (query: Query, part: Part, spaces: readonly SpaceSummary[], options: CallOptions) => {
    options.signal?.throwIfAborted();
    const of = `${query.key} ${part.from} ${part.to}`;
    if (known.of !== of) known = { of, matrices: new Map() };
    const { matrices } = known;
    const missing = spaces.filter(({ key }) => !matrices.has(key));
    if (missing.length === 0) return matrices;
    const cut = new Map<string, FeatureMatrix>();
    for (const matrix of await whole(query, missing)) {
      const found = partOfFeatures(matrix, part, cardOf(matrix.space.extractor)?.aggregation ?? 'mean');
      if (found) cut.set(spaceKey(matrix.space), found);
    }
    const sparse = missing.filter(
      ({ key, sampling }) => 'instants' in sampling && (cut.get(key)?.count ?? 0) < denseEnough,
    );
    const again = sparse.length > 0 ? await readAgain(query, part, sparse, options) : [];
    options.signal?.throwIfAborted();
    for (const { key } of missing) {
      matrices.set(key, again.find(({ space }) => spaceKey(space) === key) ?? cut.get(key));
    }
    return matrices;
  };

  return {
    async of(query, part, spaces, options) {
      const completing = last.then(() => complete(query, part, spaces, options));
      last = completing.catch(() => undefined);
      const matrices = await completing;
      const found = spaces.flatMap(({ key }) => matrices.get(key) ?? []);
      if (found.length === 0) throw new AppError('part-empty', 'nothing is stored of this part, nor can it be read');
      return found;
    },
  };
}

/** What the first of the vectors is made of. */
export function partRead([first]: readonly FeatureMatrix[]): PartRead | undefined {
  if (!first) return undefined;
  const { sampling, count } = first;
  const again = 'instants' in sampling && sampling.instants.mode === 'uniform' && sampling.instants.part !== undefined;
  return { moments: count, again };
}

function cardOf(extractor: string) {
  return extractors.find(({ id }) => id === extractor);
}

function inPart(sampling: Sampling, part: Part): Sampling {
  if (!('instants' in sampling)) return sampling;
  const { instants } = sampling;
  const frames = instants.mode === 'uniform' ? instants.frames : framesOfPart;
  return { ...sampling, instants: { mode: 'uniform', frames, part } };
}
