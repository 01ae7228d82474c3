import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, type ErrorRecord, isAbortError, toErrorRecord } from '../core/errors';
import type { ReportComparison } from '../core/evaluation/compare-reports';
import type { Protocol } from '../core/evaluation/protocols';
import type { EvaluationReport } from '../core/evaluation/report';
import { originalRecipe } from '../core/ranking/recipe';
import type { EvaluateArgs, ReportEntry, WeightedSpace } from '../protocol/evaluation-api';
import { createGate } from '../protocol/gate';
import type { LibraryApi } from '../protocol/library-api';
import type { Progress } from '../protocol/progress';
import { turn } from '../protocol/turn';

export type { ReportEntry };

/** What is chosen before a run. */
export type EvaluationChoices = {
  /** Key of the space, or the page's word for several; undefined for the best there is. */
  readonly space: string | undefined;
  /** Undefined for the one that suits the ground truth. */
  readonly protocol: Protocol['name'] | undefined;
  readonly share: number;
  readonly groupAware: boolean;
  readonly seed: number;
  readonly k: number;
  readonly scorer: 'ranked' | 'frame-knn';
  readonly neighbours: number;
};

export type EvaluationRun = Progress & {
  readonly paused: boolean;
  /** Seconds that are left, once they can be told. */
  readonly left: number | undefined;
};

export type EvaluationState = {
  readonly choices: EvaluationChoices;
  /** Present while a run is under way. */
  readonly running: EvaluationRun | undefined;
  /** Why the last run, or the opening of a report, failed. */
  readonly error: ErrorRecord | undefined;
  /** The report on screen. */
  readonly report: EvaluationReport | undefined;
  /** Id under which the report on screen is kept. */
  readonly savedAs: string | undefined;
  readonly reports: readonly ReportEntry[];
  readonly comparison: (ReportComparison & { readonly with: ReportEntry }) | undefined;
  /** A report that was run again from its JSON, and how far its numbers moved. */
  readonly reproduction: Reproduction | undefined;

  set(changes: Partial<EvaluationChoices>): void;
  run(args: EvaluateArgs): Promise<void>;
  pause(paused: boolean): void;
  cancel(): void;
  loadReports(): Promise<void>;
  save(name: string): Promise<void>;
  /** Shows a report from a file; it is not kept until it is saved. */
  openFile(file: File): Promise<void>;
  openSaved(id: string): Promise<void>;
  /** Takes a report off the list; it is kept until it is forgotten. */
  remove(id: string): void;
  restore(id: string): Promise<void>;
  forget(id: string): Promise<void>;
  compareWith(id: string): Promise<void>;
  closeComparison(): void;
  /** Runs the report on screen again on the library's vectors, as its JSON says. */
  reproduce(spaces: readonly WeightedSpace[]): Promise<void>;
};

export type Reproduction = {
  readonly missing: readonly string[];
  /** Largest difference of a number of the summary; undefined where videos are missing or other metrics came out. */
  readonly difference: number | undefined;
  readonly sameData: boolean;
};

export type EvaluationStore = StoreApi<EvaluationState>;

const initial: EvaluationChoices = {
  space: undefined,
  protocol: undefined,
  share: 0.7,
  groupAware: true,
  seed: 1,
  k: 5,
  scorer: 'ranked',
  neighbours: 3,
};

export function createEvaluationStore({ library }: { library: LibraryApi }): EvaluationStore {
  return createStore<EvaluationState>()((set, get) => {
    let control: AbortController | undefined;
    let gate = createGate();
    let clock: ReturnType<typeof stopwatch> | undefined;
    const removed = new Set<string>();
    const listed = async () => (await library.reports()).filter(({ id }) => !removed.has(id));

    const guarded = async (work: () => Promise<void>) => {
      set({ error: undefined });
      try {
        await work();
      } catch (error) {
        if (isAbortError(error)) return;
        if (!(error instanceof AppError)) throw error;
        set({ error: toErrorRecord(error) });
      }
    };
    const shown = (report: EvaluationReport, savedAs?: string) => ({
      report,
      savedAs,
      comparison: undefined,
      reproduction: undefined,
    });
    /** What the report changes is set as the run ends, at once: the page is drawn for each. */
    const evaluate = async (args: EvaluateArgs, changesBy: (report: EvaluationReport) => Partial<EvaluationState>) => {
      control?.abort();
      const own = new AbortController();
      control = own;
      gate = createGate();
      set({ running: { stage: 'Starting', fraction: undefined, left: undefined, paused: false } });
      const watch = stopwatch();
      clock = watch;
      try {
        // Copying the labels of thousands of videos takes a task of its own, and so does reading their report.
        await turn();
        own.signal.throwIfAborted();
        const report = await library.evaluate(args, {
          signal: own.signal,
          gate,
          onProgress: (progress) => {
            const { running } = get();
            if (control === own && running)
              set({ running: { ...running, ...progress, left: watch.left(progress.fraction) } });
          },
        });
        await turn();
        own.signal.throwIfAborted();
        set({ running: undefined, ...changesBy(report) });
      } catch (error) {
        if (control === own) set({ running: undefined });
        throw error;
      }
    };

    return {
      choices: initial,
      running: undefined,
      error: undefined,
      report: undefined,
      savedAs: undefined,
      reports: [],
      comparison: undefined,
      reproduction: undefined,

      set: (changes) => set({ choices: { ...get().choices, ...changes } }),
      run: (args) => guarded(() => evaluate(args, shown)),
      pause(paused) {
        const { running } = get();
        if (!running || running.paused === paused) return;
        clock?.hold(paused);
        set({ running: { ...running, paused } });
        if (paused) gate.close();
        else gate.open();
      },
      cancel() {
        control?.abort();
        set({ running: undefined });
      },

      loadReports: () =>
        guarded(async () => {
          set({ reports: await listed() });
        }),
      save: (name) =>
        guarded(async () => {
          const { report } = get();
          if (!report) return;
          const entry = await library.saveReport({ name, report });
          set({
            report: name === report.name ? report : { ...report, name },
            savedAs: entry.id,
            reports: await listed(),
          });
        }),
      openFile: (file) => guarded(async () => set(shown(await library.readReport({ file })))),
      openSaved: (id) => guarded(async () => set(shown(await library.savedReport({ id }), id))),
      remove(id) {
        removed.add(id);
        set({ reports: get().reports.filter((entry) => entry.id !== id) });
        if (get().savedAs === id) set({ savedAs: undefined });
        if (get().comparison?.with.id === id) set({ comparison: undefined });
      },
      restore(id) {
        removed.delete(id);
        return get().loadReports();
      },
      forget: (id) => guarded(() => library.removeReport({ id })),

      compareWith: (id) =>
        guarded(async () => {
          const { report, reports } = get();
          const entry = reports.find((each) => each.id === id);
          if (!report || !entry) return;
          const comparison = await library.compareReports({ first: report, second: await library.savedReport({ id }) });
          set({ comparison: { ...comparison, with: entry } });
        }),
      closeComparison: () => set({ comparison: undefined }),

      reproduce: (spaces) =>
        guarded(async () => {
          const { report } = get();
          if (!report) return;
          const { truth, missing } = await library.truthOfReport({ report });
          const { name, protocol, settings, scorer, leakage, original } = report;
          await evaluate(
            {
              name,
              truth,
              spaces,
              protocol,
              scorer:
                scorer.name === 'frame-knn' ? scorer : { name: 'ranked', recipe: scorer.recipe ?? originalRecipe },
              settings,
              leakage: leakage !== undefined,
              original: original !== undefined,
            },
            (again) => ({
              reproduction: {
                missing,
                difference: largestDifference(report, again),
                sameData: again.dataSet.hash === report.dataSet.hash,
              },
            }),
          );
        }),
    };
  });
}

/** Share of the work from which on its pace tells when it ends. */
const tellingFrom = 0.02;

/** Counts the time in which work goes on. */
function stopwatch() {
  let before = 0;
  let since: number | undefined = performance.now();
  const spent = () => before + (since === undefined ? 0 : performance.now() - since);
  return {
    hold(held: boolean): void {
      before = spent();
      since = held ? undefined : performance.now();
    },
    /** Seconds left, where this share of the work is done. */
    left: (fraction: number | undefined) =>
      fraction === undefined || fraction < tellingFrom ? undefined : (spent() / 1000) * (1 / fraction - 1),
  };
}

/** Over every number of both reports but times; where paths differ, over those that do not tell of single videos.
 * Undefined where the reports are not built alike. */
function largestDifference(first: EvaluationReport, second: EvaluationReport): number | undefined {
  const { summary, leakage, original, classes, macroScores, confusion, curves, queries, ties, excluded, counts } =
    first;
  const means = { summary, leakage, original, classes, macroScores, counts };
  const alike = first.dataSet.hash === second.dataSet.hash;
  return differenceOf(alike ? { ...means, confusion, curves, queries, ties, excluded } : means, second);
}

function differenceOf(first: unknown, second: unknown): number | undefined {
  if (typeof first === 'number' && typeof second === 'number') return Math.abs(first - second);
  if (typeof first !== 'object' || first === null) return first === second ? 0 : undefined;
  if (typeof second !== 'object' || second === null) return undefined;
  let most = 0;
  for (const [key, value] of Object.entries(first)) {
    const difference = differenceOf(value, Reflect.get(second, key));
    if (difference === undefined) return undefined;
    most = Math.max(most, difference);
  }
  return most;
}
