import type { MediaProbe } from '../core/media';
import type { Part } from '../core/sampling';
import { parseUcf101Name, type VideoRecord } from '../core/video';
import type { ThumbnailStrip } from '../protocol/extract-api';

/** A video of the library, or a file from outside, that matches should be like, or not. */
export type Example = {
  readonly key: number;
  readonly name: string;
  /** Undefined for a video of the library. */
  readonly file: File | undefined;
  /** Content id; undefined until a dropped file has been read. */
  readonly id: string | undefined;
  readonly group: string | undefined;
  /** More like this, or less. */
  readonly liked: boolean;
};

/** What is searched with: a file from outside, a video of the library (then `inLibrary`), words, or nothing but
 * examples (then `several`). */
export type Query = {
  /** Changes with every new query. */
  readonly key: number;
  readonly name: string;
  /** What was typed, where words are searched for. */
  readonly words: string | undefined;
  /** The dropped file; undefined for a query that came from the library. */
  readonly file: File | undefined;
  /** Content id; undefined until a dropped file has been read. */
  readonly id: string | undefined;
  readonly inLibrary: boolean;
  /** Source group, where known: clips of it can be hidden from the results. */
  readonly group: string | undefined;
  readonly probe: MediaProbe | undefined;
  readonly thumbnails: ThumbnailStrip | undefined;
  /** Searched with this part alone. */
  readonly part: Part | undefined;
  readonly several: boolean;
  /** What matches should be like, or not, beside the query itself. */
  readonly examples: readonly Example[];
};

export function newQuery(changes: Partial<Query> & Pick<Query, 'key' | 'name'>): Query {
  return {
    words: undefined,
    file: undefined,
    id: undefined,
    inLibrary: false,
    group: undefined,
    probe: undefined,
    thumbnails: undefined,
    part: undefined,
    several: false,
    examples: [],
    ...changes,
  };
}

export function videoExample(
  key: number,
  { id, name, group }: Pick<VideoRecord, 'id' | 'name' | 'group'>,
  liked: boolean,
): Example {
  return { key, name, file: undefined, id, group, liked };
}

export function fileExample(key: number, file: File): Example {
  return { key, name: file.name, file, id: undefined, group: parseUcf101Name(file.name)?.group, liked: true };
}

/** Whether a query is an earlier one again, as far as its examples leave it what it was. */
export function isSameQuery(one: Query, other: Query): boolean {
  if (one.key === other.key) return true;
  if (one.words !== undefined) return one.words === other.words;
  const plain = (query: Query) => query.examples.length === 0 && query.part === undefined;
  return plain(one) && plain(other) && one.id !== undefined && one.id === other.id && !one.file === !other.file;
}

/** Sources of the query and of its examples. */
export function groupsOf({ group, examples }: Query): readonly string[] {
  return [...new Set([group, ...examples.map((example) => example.group)])].filter((one) => one !== undefined);
}

/** Keys under which vectors of its files are kept. */
export function featureKeys({ key, examples }: Query): readonly number[] {
  return [key, ...examples.map((example) => example.key)];
}
