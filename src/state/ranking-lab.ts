import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorRecord, isAbortError, toErrorRecord } from '../core/errors';
import { type AblationRow, ablationPlan, ablationRows } from '../core/evaluation/ablation';
import type { WeightFit } from '../core/evaluation/fit-weights';
import type { Metric } from '../core/feature';
import type { EvaluationBasis } from '../protocol/evaluation-api';
import type { LibraryApi } from '../protocol/library-api';
import type { Progress } from '../protocol/progress';
import type { RankingPreferencesStore } from './ranking-preferences';

/** A space that is compared or weighed, with what tells it to a person and to the plan. */
export type LabSpace = {
  readonly key: string;
  readonly extractor: string;
  readonly label: string;
  readonly metric: Metric;
  readonly weight: number;
};

export type RankingLabState = {
  readonly running: Progress | undefined;
  readonly error: ErrorRecord | undefined;
  /** Rows of the comparison as they come. */
  readonly rows: readonly AblationRow[];
  readonly fit: (WeightFit & { readonly spaces: readonly LabSpace[] }) | undefined;
  /** The weights in search before the fitted ones, for undo. */
  readonly before: Readonly<Record<string, number>> | undefined;

  /** Ranks the labelled videos by each descriptor alone, all fused, and stage upon stage. */
  compare(truth: EvaluationBasis['truth'], spaces: readonly LabSpace[]): Promise<void>;
  /** Fits the descriptors' weights and searches by them from then on. */
  fitWeights(truth: EvaluationBasis['truth'], spaces: readonly LabSpace[]): Promise<void>;
  undo(): void;
  cancel(): void;
};
export type RankingLabStore = StoreApi<RankingLabState>;

type Surroundings = { readonly library: LibraryApi; readonly ranking: RankingPreferencesStore };

/** Experiments with the ranking on labelled videos. */
export function createRankingLabStore({ library, ranking }: Surroundings): RankingLabStore {
  return createStore<RankingLabState>()((set, get) => {
    let control: AbortController | undefined;

    /** One experiment at a time; a cancelled one leaves what it has found so far. */
    const run = async (work: (signal: AbortSignal, progress: (now: Progress) => void) => Promise<void>) => {
      control?.abort();
      const own = new AbortController();
      control = own;
      set({ running: { stage: 'Starting', fraction: undefined }, error: undefined });
      try {
        await work(own.signal, (running) => {
          if (control === own && !own.signal.aborted) set({ running });
        });
      } catch (error) {
        if (isAbortError(error)) return;
        if (!(error instanceof AppError)) throw error;
        set({ error: toErrorRecord(error) });
      } finally {
        if (control === own) set({ running: undefined });
      }
    };

    return {
      running: undefined,
      error: undefined,
      rows: [],
      fit: undefined,
      before: undefined,

      compare: (truth, spaces) =>
        run(async (signal, progress) => {
          set({ rows: [] });
          const weighed = [...spaces.keys()].filter((i) => (spaces[i]?.weight ?? 0) > 0);
          const plan = ablationPlan(
            spaces.map(({ metric }) => metric),
            weighed.length > 1 ? weighed : [...spaces.keys()],
          );
          const grouped = truth.some(({ group }) => group !== undefined);
          for (const [i, one] of plan.entries()) {
            const used = one.descriptors.flatMap((at) => spaces[at] ?? []);
            const name = used.map(({ label }) => label).join(' + ');
            const stage = `${name}, ${one.stages} (${i + 1} of ${plan.length})`;
            progress({ stage, fraction: i / plan.length });
            try {
              const report = await library.evaluate(
                {
                  name,
                  truth,
                  spaces: used.map(({ key, weight }) => ({
                    key,
                    weight: weighed.length > 1 && weight > 0 ? weight : 1,
                  })),
                  protocol: { name: grouped ? 'group-excluded' : 'leave-one-out' },
                  scorer: { name: 'ranked', recipe: one.recipe },
                  settings: { ks: [1, 5], topK: 5, confusionK: 5, replicates: 1000, seed: 1 },
                  leakage: grouped,
                  original: false,
                },
                {
                  signal,
                  onProgress: ({ fraction = 0 }) => progress({ stage, fraction: (i + fraction) / plan.length }),
                },
              );
              signal.throwIfAborted();
              set({ rows: [...get().rows, ...ablationRows(one, name, report)] });
            } catch (error) {
              // No labelled video may have this descriptor; the others are compared all the same.
              if (!(error instanceof AppError) || error.code !== 'evaluation-empty' || plan.length === 1) throw error;
            }
          }
        }),

      fitWeights: (truth, spaces) =>
        run(async (signal, onProgress) => {
          const { recipe, weights } = ranking.getState();
          const basis = { truth, spaces: spaces.map(({ key }) => ({ key, weight: 1 })) };
          const fit = await library.fitWeights({ ...basis, recipe }, { signal, onProgress });
          signal.throwIfAborted();
          set({ fit: { ...fit, spaces }, before: weights });
          const fitted = spaces.map(({ extractor }, i) => [extractor, fit.weights[i] ?? 0] as const);
          ranking.getState().set({ weights: { ...weights, ...Object.fromEntries(fitted) } });
        }),

      undo() {
        const { before } = get();
        if (before) ranking.getState().set({ weights: before });
        set({ before: undefined });
      },

      cancel() {
        control?.abort();
        set({ running: undefined });
      },
    };
  });
}
