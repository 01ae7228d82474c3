import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorRecord } from '../core/errors';
import { groupPairs } from '../core/near-duplicates/group-pairs';
import type { DismissedPair, DuplicateGroup, DuplicateReport } from '../protocol/duplicates-api';
import type { LibraryApi } from '../protocol/library-api';
import type { Progress } from '../protocol/progress';
import { toldOf } from './tasks';

export type DuplicatesState = {
  readonly phase: 'idle' | 'searching';
  readonly progress: Progress | undefined;
  readonly error: ErrorRecord | undefined;
  /** Of the last search that came to its end. */
  readonly report: DuplicateReport | undefined;
  /** What the library held when it was searched last, by `duplicatesBasis`; -1 before. */
  readonly basis: number;
  /** Pairs that a person said are no duplicates, in this library. */
  readonly dismissed: number;

  /** Searches the whole library, in place of a search under way. */
  search(basis?: number): Promise<void>;
  cancel(): void;
  /** Remembers that the two of each pair are no duplicates. */
  dismiss(pairs: readonly DismissedPair[]): Promise<void>;
  /** Takes back what was dismissed, of some pairs or of all, and searches anew; gives the pairs, for an undo. */
  allow(pairs: readonly DismissedPair[] | 'all'): Promise<readonly DismissedPair[]>;
};

/** For pages, which see no worker's interface. */
export type { DuplicateGroup, DuplicatePair } from '../protocol/duplicates-api';

export type DuplicatesStore = StoreApi<DuplicatesState>;

export function createDuplicatesStore({ library }: { library: LibraryApi }): DuplicatesStore {
  let control: AbortController | undefined;

  return createStore<DuplicatesState>()((set, get) => {
    const guarded = async (work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        const told = toldOf(error);
        if (told) set({ error: told });
      }
    };

    return {
      phase: 'idle',
      progress: undefined,
      error: undefined,
      report: undefined,
      basis: -1,
      dismissed: 0,

      async search(basis = get().basis) {
        control?.abort();
        const own = new AbortController();
        control = own;
        const { signal } = own;
        set({ phase: 'searching', progress: undefined, error: undefined, basis });
        await guarded(async () => {
          const onProgress = (progress: Progress) => {
            if (!signal.aborted) set({ progress });
          };
          const report = await library.findDuplicates({}, { signal, onProgress });
          const dismissed = await library.dismissedPairs();
          if (!signal.aborted) set({ report, dismissed });
        });
        if (control === own) set({ phase: 'idle', progress: undefined });
      },

      cancel() {
        if (!control) return;
        control.abort();
        control = undefined;
        // The next visit searches again.
        if (get().phase === 'searching') set({ phase: 'idle', progress: undefined, basis: -1 });
      },

      async dismiss(pairs) {
        await guarded(async () => {
          await library.dismissPairs({ pairs });
          const { report } = get();
          set({
            dismissed: await library.dismissedPairs(),
            report: report && { ...report, groups: withoutPairs(report.groups, pairs) },
          });
        });
      },

      async allow(pairs) {
        let allowed: readonly DismissedPair[] = [];
        await guarded(async () => {
          allowed = await library.allowPairs({ pairs });
        });
        await get().search();
        return allowed;
      },
    };
  });
}

function withoutPairs(groups: readonly DuplicateGroup[], dismissed: readonly DismissedPair[]): DuplicateGroup[] {
  const gone = new Set(dismissed.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`]));
  return groups.map((group) => ({ ...group, pairs: group.pairs.filter(({ ids }) => !gone.has(ids.join(' '))) }));
}

/** The groups as they are with those videos alone that are still there: some fall apart, some are none any more. */
export function groupsAmong(groups: readonly DuplicateGroup[], isThere: (id: string) => boolean): DuplicateGroup[] {
  return groups.flatMap((group) => {
    const pairs = group.pairs.filter(({ ids }) => ids.every(isThere));
    return groupPairs(pairs.map(({ ids: [first, second] }) => ({ first, second }))).map((ids) => {
      const inIt = new Set(ids);
      return {
        videos: group.videos.filter((id) => inIt.has(id)),
        pairs: pairs.filter(({ ids: [first] }) => inIt.has(first)),
      };
    });
  });
}
