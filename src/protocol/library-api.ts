import type { ErrorRecord } from '../core/errors';
import type { Split } from '../core/evaluation/ground-truth';
import type { FeatureMatrix, Space } from '../core/feature';
import type { Match } from '../core/ranking/match';
import type { Probability } from '../core/ranking/probability';
import type { RankingRecipe } from '../core/ranking/recipe';
import type { Sampling } from '../core/sampling';
import type { VideoLocation, VideoRecord } from '../core/video';
import type { Reason, SeenMoments } from '../core/words/word-query';
import type { ClassifyApi } from './classify-api';
import type { DuplicatesApi } from './duplicates-api';
import type { EvaluationApi, WeightedSpace } from './evaluation-api';
import type { DescribedText, Extraction, ThumbnailStrip } from './extract-api';
import type { MapsApi } from './map-api';
import type { MomentsApi } from './moments-api';
import type { CallOptions } from './progress';
import type { ShotsApi } from './shots-api';
import type { UnusualApi } from './unusual-api';

export type StorageStatus = {
  readonly usage: number;
  readonly quota: number;
};

/** A folder the user added, kept so that one click reconnects it. */
export type KeptFolder = { readonly id: string; readonly name: string; readonly handle: FileSystemDirectoryHandle };

/** Vectors of one space that the library holds. */
export type SpaceSummary = {
  readonly key: string;
  readonly space: Space;
  readonly videos: number;
  readonly sampling: Sampling;
  /** Dimensions of a video's vector. */
  readonly dimensions: number;
  /** True for an import that no re-extracted video has confirmed. */
  readonly imported: boolean;
};

/** A video of the library, or what was made of one from outside; `exclude` is its content id, where the library may know
 * it too. */
export type RankExample =
  | { readonly kind: 'video'; readonly id: string }
  | { readonly kind: 'features'; readonly features: readonly FeatureMatrix[]; readonly exclude?: string };

/** One example, or several: `more` and `less` move the original query, where there is one, towards and away from them;
 * without it `more` holds at least one. No example is ever among the matches. */
export type RankQuery =
  | RankExample
  | {
      readonly kind: 'examples';
      readonly original: RankExample | undefined;
      readonly more: readonly RankExample[];
      readonly less: readonly RankExample[];
    };

export type RankArgs = {
  readonly query: RankQuery;
  /** The spaces that are searched together, with weights above 0. What the query lacks of them is left out. */
  readonly spaces: readonly WeightedSpace[];
  readonly ranking: RankingRecipe;
  /** Asks for each match's probability of similarity among all that are ranked. */
  readonly probability?: Probability;
  readonly limit: number;
  /** Leave out videos of these groups (`hide clips of the same source`). */
  readonly excludeGroups?: readonly string[];
  /** Where the vectors do not fit into the memory for them, search them by seven bits a value; the best are compared in full. */
  readonly compact?: boolean;
};

/** A search by words: everything that a person wrote of a video, its names, and what networks recognised in it;
 * `meanings` are the whole text in spaces that know words, each compared with the vectors there. */
export type WordsArgs = {
  readonly text: string;
  readonly meanings: readonly (DescribedText & { readonly space: string })[];
  readonly limit: number;
  readonly excludeGroup?: string;
};

/** `similarity` is the mean of what the words are found by (1 for those that stand in a text, else the probability of
 * what was recognised, averaged over what was looked for) and of each meaning that the video has a vector for; `moment`
 * is where the likeliest of them is. */
export type WordMatch = Match & { readonly reasons: readonly Reason[] };

export type ImportSummary = {
  readonly space: string;
  readonly imported: number;
  /** Rows that were not taken, with the reason. */
  readonly skipped: readonly { readonly row: number; readonly reason: string }[];
};

/** New values of what is said of a video; an empty text takes it away, as null does the split. */
export type VideoEdit = {
  readonly id: string;
  readonly changes: Partial<Pick<VideoRecord, 'labels' | 'group' | 'title' | 'description' | 'tags'>> & {
    readonly split?: Split | null;
  };
};

/** Long work over the whole library. */
type WorkApi = EvaluationApi & DuplicatesApi & ClassifyApi & MomentsApi & MapsApi & UnusualApi & ShotsApi;

/** The stored library. The worker behind it is the only owner of IndexedDB. */
export type LibraryApi = WorkApi & {
  /** All records, those added last first. */
  videos(): Promise<readonly VideoRecord[]>;
  /** The records of those of the videos that are in the library, in the order of `ids`. */
  someVideos(args: { ids: readonly string[] }): Promise<readonly VideoRecord[]>;
  /** Adds files as `waiting`, or a new location to a video that is known by content. One transaction. Errors: `storage-full`. */
  enqueue(args: {
    files: readonly { readonly id: string; readonly location: VideoLocation; readonly labels?: readonly string[] }[];
  }): Promise<readonly VideoRecord[]>;
  /** Stores features, thumbnails, probe and state of one video in one transaction. Errors: `storage-full`, `video-missing`. */
  put(args: { id: string; extraction: Extraction }): Promise<VideoRecord>;
  /** Says of a video what failed; one that is described already stays so. */
  fail(args: { id: string; error: ErrorRecord }): Promise<VideoRecord>;
  /** Back to `waiting`, for a retry; one that is described already only has no error any more. */
  requeue(args: { ids: readonly string[] }): Promise<readonly VideoRecord[]>;
  /** Changes what is said of videos, in one transaction. Errors: `video-missing`. */
  edit(args: { edits: readonly VideoEdit[] }): Promise<readonly VideoRecord[]>;
  /** Hides videos; `restore` brings them back until `purge` or the next start of the last open tab. */
  remove(args: { ids: readonly string[] }): Promise<void>;
  restore(args: { ids: readonly string[] }): Promise<readonly VideoRecord[]>;
  /** Deletes for good those of the videos that are removed. */
  purge(args: { ids: readonly string[] }): Promise<void>;
  thumbnails(args: { id: string }): Promise<ThumbnailStrip | undefined>;
  /** What each network recognised in a video, moment by moment. */
  seenMoments(args: { id: string }): Promise<readonly SeenMoments[]>;
  spaces(): Promise<readonly SpaceSummary[]>;
  /** What is stored of a video in those of the spaces that have vectors of its moments. Errors: `video-missing`. */
  features(args: { id: string; spaces: readonly string[] }): Promise<readonly FeatureMatrix[]>;
  /** Exact ranking of the whole library, its head re-ranked as the recipe says. Errors: `features-missing`, `spaces-differ`,
   * `video-missing`, `library-too-large`. */
  rank(args: RankArgs, options?: CallOptions): Promise<readonly Match[]>;
  /** Reads what {@link LibraryApi.rank} needs, so that it answers at once. Errors: as there. */
  prepare(args: Pick<RankArgs, 'spaces' | 'ranking' | 'compact'>): Promise<void>;
  /** Videos that answer some of the words, the best first. */
  findWords(args: WordsArgs, options?: CallOptions): Promise<readonly WordMatch[]>;
  folders(): Promise<readonly KeptFolder[]>;
  keepFolder(args: { folder: KeptFolder }): Promise<void>;
  forgetFolder(args: { id: string }): Promise<void>;
  proxy(args: { id: string }): Promise<Blob | undefined>;
  putProxy(args: { id: string; proxy: Blob }): Promise<void>;
  /** `.npz` of one space: `features`, `video_paths`, `space`, `labels` where known; frame vectors on request. */
  exportFeatures(args: { space: string; frames: boolean }, options?: CallOptions): Promise<Blob>;
  /** Errors: `import-invalid` with the reason. Nothing is stored unless the whole file is sound. */
  importFeatures(args: { file: File }, options?: CallOptions): Promise<ImportSummary>;
  storage(): Promise<StorageStatus>;
  /** How many bytes vectors may take in memory; by default half of what the device has, as far as the browser tells. */
  setMemory(args: { bytes: number | undefined }): Promise<void>;
  /** Frees playback proxies, which can be made again; the sample library's clips, which are nowhere else, stay. */
  freeProxies(): Promise<void>;
  clear(): Promise<void>;
  /** Calls back whenever another tab, or this one, changed the library. */
  subscribe(onChange: (change: LibraryChange) => void): Promise<void>;
};

/** Ids of the videos that were added, changed or deleted, or so much that all has to be read again. */
export type LibraryChange = { readonly videos: readonly string[] } | 'everything';
