import type { NearDuplicate } from '../core/near-duplicates/judge';
import type { CallOptions } from './progress';

/** Two videos that show the same; `found.first` and `found.second` are where, in the order of `ids`. */
export type DuplicatePair = { readonly ids: readonly [string, string]; readonly found: NearDuplicate };

/** Videos that duplicates connect. */
export type DuplicateGroup = {
  /** The best first: most pixels, then longest, then most bytes. */
  readonly videos: readonly string[];
  /** Every pair of them that was found, as few or as many as there are. */
  readonly pairs: readonly DuplicatePair[];
};

export type DuplicateReport = {
  readonly groups: readonly DuplicateGroup[];
  /** Videos that were compared with one another, and indexed ones with pictures that have no hashes yet. */
  readonly compared: number;
  readonly lacking: number;
};

/** Ids of videos that a person said are no duplicates, in any order. */
export type DismissedPair = readonly [string, string];

export type DuplicatesApi = {
  /** Compares all videos that have hashes of the kind that most have. Runs in slices; other calls are answered meanwhile. */
  findDuplicates(args: Record<never, never>, options?: CallOptions): Promise<DuplicateReport>;
  /** Remembers pairs that are no duplicates: they are not found again. */
  dismissPairs(args: { pairs: readonly DismissedPair[] }): Promise<void>;
  /** Forgets what `dismissPairs` remembered, of these pairs or of all; gives the pairs that it forgot. */
  allowPairs(args: { pairs: readonly DismissedPair[] | 'all' }): Promise<readonly DismissedPair[]>;
  dismissedPairs(): Promise<number>;
};
