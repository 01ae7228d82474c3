import type { Recognised } from './classes';
import type { ErrorRecord } from './errors';
import type { MediaProbe } from './media';
import { pathSegments } from './path-suffix';

/** Where a video was found. Path and modified time only say when to hash again: the content decides identity. */
export type VideoLocation = {
  /** Id of a kept folder, or null for a file added on its own. */
  readonly folder: string | null;
  /** Path with `/` from the folder's own name on: `UCF101/YoYo/v_YoYo_g01_c01.avi`; the bare name for a single file. */
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
};

/** The part of a published split that a video belongs to. */
export type Split = 'train' | 'test';

export type VideoState = 'waiting' | 'indexed' | 'failed';

/** One video of the library, whatever the number of places it lies in. */
export type VideoRecord = {
  /** Size and sampled content hash; see `worker/media/identity.ts`. */
  readonly id: string;
  readonly name: string;
  /** Path of the first known location; unique enough to sort ties and to match ground truth. */
  readonly path: string;
  readonly bytes: number;
  readonly locations: readonly VideoLocation[];
  /** Milliseconds since 1970. */
  readonly added: number;
  readonly state: VideoState;
  /** Present when `state` is `failed`, or when one extractor failed and others did not. */
  readonly error?: ErrorRecord;
  readonly probe?: MediaProbe;
  /** Keys of the spaces this video has vectors in. */
  readonly spaces: readonly string[];
  readonly labels: readonly string[];
  /** Videos of one group are cut from one source, and may be hidden from one another's results. */
  readonly group?: string;
  readonly split?: Split;
  readonly title?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  /** Of each vocabulary what one network saw or heard, the likeliest on average first. */
  readonly recognised?: readonly Recognised[];
};

/** Order of videos by when they were added, the last first; those added together in the order of their paths. */
export function newestFirst(a: VideoRecord, b: VideoRecord): number {
  return b.added - a.added || byPath(a, b);
}

/** Order by path, by code point: a collator takes a second for 10,000 of them. */
export function byPath(a: VideoRecord, b: VideoRecord): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/** UCF101's naming, `v_<Class>_g<NN>_c<NN>`: class and group, or undefined for other names. Where the folder has the class's
 * name in other cases, it counts: the lists' `HandstandPushups` holds `v_HandStandPushups_…`. */
export function parseUcf101Name(path: string): { label: string; group: string } | undefined {
  const segments = pathSegments(path);
  const match = /^v_([A-Za-z0-9]+)_g(\d+)_c\d+\.[^.]+$/.exec(segments.at(-1) ?? '');
  const [, name, group] = match ?? [];
  if (!name || !group) return undefined;
  const folder = segments.at(-2);
  const label = folder?.toLowerCase() === name.toLowerCase() ? folder : name;
  return { label, group: `${name}_g${group}` };
}

/** Folder name of the clips that the app makes itself. */
export const sampleLibrary = 'Sample library';

/** Clips of the sample library lie nowhere but in the library itself, as their own playback copies. */
export function isSampleClip({ path }: Pick<VideoRecord, 'path'>): boolean {
  return path.startsWith(`${sampleLibrary}/`);
}
