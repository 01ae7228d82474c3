import type { FeatureMatrix } from '../core/feature';
import { intervalSeconds, type Sampling } from '../core/sampling';
import type { ExtractorCard } from '../extractors/extractor';
import { optionsOfSpace } from '../extractors/options';
import { extractors } from '../extractors/registry';
import type { ExtractApi } from '../protocol/extract-api';
import type { LibraryApi } from '../protocol/library-api';
import type { CallOptions } from '../protocol/progress';

/** Of what a timeline is wanted: a video of the library, or a file from outside. */
export type TimelineOf = {
  readonly videoId: string | undefined;
  readonly file: File | undefined;
  /** Seconds, where known. */
  readonly duration: number | undefined;
};

const hashes = extractors.find(({ metric }) => metric === 'hamming') as ExtractorCard<'frame'>;
/** Frames further apart than this, seconds, are read once more from the file where it is at hand. */
const coarse = 0.5;
/** Four frames a second for ten minutes, further apart in longer videos. */
const timelineSampling: Sampling = {
  ...hashes.sampling,
  instants: { mode: 'interval', seconds: 0.25, atMost: 2400 },
};
/** Timelines kept of those that were read, 1.2 MB each at most. */
const mostKept = 8;

export type Timelines = {
  /** The hashes of a video's frames: as stored, or read from its file where they are missing or far apart. Undefined where
   * there are none and the file is not at hand. Errors: those of `extract`. */
  of(video: TimelineOf, options: CallOptions): Promise<FeatureMatrix | undefined>;
};

type Surroundings = {
  readonly extract: ExtractApi;
  readonly library: LibraryApi;
  /** The file of a library's video, or undefined while it is not at hand. */
  readonly fileOf: (videoId: string) => Promise<File | undefined>;
};

export function createTimelines({ extract, library, fileOf }: Surroundings): Timelines {
  const kept = new Map<string, { readonly file: File; readonly features: FeatureMatrix }>();

  /** The space of hashes that most videos have, or that of the card. */
  const fullest = async () => {
    const [space] = (await library.spaces())
      .filter(({ space: { extractor, version } }) => extractor === hashes.id && version === hashes.version)
      .sort((a, b) => b.videos - a.videos);
    return { key: space?.key, options: space ? optionsOfSpace(hashes, space.space.preprocessing) : {} };
  };

  return {
    async of({ videoId, file: given, duration }, options) {
      const { key, options: chosen } = await fullest();
      const stored =
        videoId !== undefined && key !== undefined
          ? (await library.features({ id: videoId, spaces: [key] }))[0]
          : undefined;
      if (stored && isFine(stored, duration)) return stored;
      const file = given ?? (videoId === undefined ? undefined : await fileOf(videoId));
      options.signal?.throwIfAborted();
      if (!file) return stored;
      const name = JSON.stringify([videoId ?? [file.name, file.size, file.lastModified], chosen]);
      const known = kept.get(name);
      if (known && (videoId !== undefined || known.file === file)) return known.features;
      const request = { extractor: hashes.id, sampling: timelineSampling, options: chosen };
      const [features] = (await extract.extract({ file, requests: [request], urgent: true }, options)).features;
      options.signal?.throwIfAborted();
      if (!features) return stored;
      kept.set(name, { file, features });
      const [oldest] = kept.keys();
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
      return features;
    },
  };
}

function isFine({ sampling }: FeatureMatrix, duration: number | undefined): boolean {
  if (duration === undefined || !('instants' in sampling) || sampling.instants.mode !== 'interval') return true;
  return intervalSeconds(sampling.instants, duration) <= coarse;
}
