import type { ErrorRecord } from '../core/errors';
import type { Part } from '../core/sampling';
import type { VideoRecord } from '../core/video';
import type { WeightedSpace } from '../protocol/evaluation-api';
import type { SpaceSummary } from '../protocol/library-api';
import type { Progress } from '../protocol/progress';
import type { PartRead } from './part-features';
import type { Example, Query } from './query';
import type { UnreadFile } from './query-examples';
import type { Meanings } from './query-meanings';
import type { Found } from './query-ranking';

export type ExampleVideo = Pick<VideoRecord, 'id' | 'name' | 'group'>;

export type SearchState = {
  readonly query: Query | undefined;
  /** `reading` while a query's features are being made, `ready` when it can be ranked. */
  readonly phase: 'empty' | 'reading' | 'ready' | 'failed';
  /** Of reading the query, or, once that is done, a part of it or the vectors it is compared with. */
  readonly progress: Progress | undefined;
  /** Files among several that could not be read. */
  readonly unread: readonly UnreadFile[];
  /** Why the query could not be read. */
  readonly error: ErrorRecord | undefined;
  /** What a query of words means to the descriptors that know words; undefined for other queries. */
  readonly meanings: Meanings | undefined;
  /** Why the library could not be ranked by the chosen spaces. */
  readonly rankError: ErrorRecord | undefined;
  readonly spaces: readonly SpaceSummary[];
  /** False until the spaces were read once. */
  readonly loaded: boolean;
  /** What is searched by, from the ranking preferences; empty while the library has no vectors. */
  readonly searched: readonly WeightedSpace[];
  readonly limit: number;
  readonly hideSource: boolean;
  readonly matches: readonly Found[];
  /** Whether `matches` belong to the current query and settings (false until the first ranking is back). */
  readonly ranked: boolean;
  /** What the query's part was searched with, where it is searched by a part. */
  readonly partRead: PartRead | undefined;
  readonly recents: readonly Query[];
  /** The query's examples as they were before each change, the last at the end. */
  readonly undoable: readonly (readonly Example[])[];

  /** Searches with a video or a still image from outside. */
  searchFile(file: File): Promise<void>;
  /** Searches with several files at once: each is an example like the others. One that cannot be read is left out and
   * told in `unread`. */
  searchFiles(files: readonly File[]): Promise<void>;
  /** Searches for what is like several videos of the library, under a name. */
  searchVideos(name: string, videos: readonly ExampleVideo[]): Promise<void>;
  /** Searches with a video of the library. */
  searchVideo(id: string): Promise<void>;
  /** Searches for words: names, titles, tags and what was recognised. */
  searchWords(text: string): Promise<void>;
  /** More, or less, like a video of the library; without a query, or with one of words, a search for what is like it.
   * Nothing where that leaves nothing to be like. */
  addExample(video: ExampleVideo, liked: boolean): Promise<void>;
  /** Turns "more" of an example into "less", and back. */
  flipExample(key: number): void;
  removeExample(key: number): void;
  undoExamples(): void;
  /** Searches with a part of the query alone, or with all of it again. */
  setPart(part: Part | undefined): void;
  /** Goes back to an earlier query; its features are still at hand. */
  searchRecent(key: number): Promise<void>;
  /** Stops reading the query, or what it is compared with, and forgets it; of a part under way, the part alone. */
  cancel(): void;
  clear(): void;
  /** Forgets this and every earlier query: the library was cleared. */
  forgetAll(): void;
  setLimit(limit: number): void;
  setHideSource(hide: boolean): void;
  /** Reads the spaces again and ranks again, keeping the old list until the new one is there. */
  refresh(): Promise<void>;
};
