import type { ReportComparison } from '../core/evaluation/compare-reports';
import type { WeightFit } from '../core/evaluation/fit-weights';
import type { Split } from '../core/evaluation/ground-truth';
import type { Protocol } from '../core/evaluation/protocols';
import type { EvaluationReport, ReportDescriptor, ReportScorer, ReportSettings } from '../core/evaluation/report';
import type { RankingRecipe } from '../core/ranking/recipe';
import type { VideoRecord } from '../core/video';
import type { CallOptions } from './progress';

/** Ground truth of one library video. */
export type TruthRow = {
  readonly id: string;
  readonly labels: readonly string[];
  readonly group?: string;
  readonly split?: Split;
};

/** Where ground truth comes from: labels kept in the library, folder and file names, or labels files. */
export type TruthSource =
  | { readonly from: 'library' }
  | { readonly from: 'names' }
  | { readonly from: 'files'; readonly files: readonly File[] };

export type TruthProblem = {
  /** `missing`: no video of that name. `ambiguous`: several. `contested`: another row names the same video. `file`: the row itself. */
  readonly kind: 'missing' | 'ambiguous' | 'contested' | 'file';
  /** Line of the file, from 1. */
  readonly line: number;
  /** Path as written, or the file's name. */
  readonly path: string;
  readonly reason: string;
};

export type GroundTruthReading = {
  /** Rows read, those that are listed as problems included. */
  readonly rows: number;
  /** Videos found, with their labels. */
  readonly truth: readonly TruthRow[];
  /** Videos found whose row has no label. */
  readonly unlabelled: number;
  readonly counts: Readonly<Record<TruthProblem['kind'], number>>;
  /** The first of each kind; `listing` is a CSV of all. */
  readonly problems: readonly TruthProblem[];
  readonly listing: Blob;
  /** Paths of the first 20,000 missing rows. */
  readonly missingPaths: readonly string[];
  readonly ignoredColumns: readonly string[];
};

/** A space and how much it counts beside others. */
export type WeightedSpace = { readonly key: string; readonly weight: number };

/** What a report is made from, but for the protocol. */
export type EvaluationBasis = {
  readonly truth: readonly TruthRow[];
  /** Spaces that rank together; one for `frame-knn`. */
  readonly spaces: readonly WeightedSpace[];
};

export type EvaluateArgs = EvaluationBasis & {
  readonly name: string;
  readonly protocol: Protocol;
  readonly scorer:
    | { readonly name: 'ranked'; readonly recipe: RankingRecipe }
    | Extract<ReportScorer, { name: 'frame-knn' }>;
  readonly settings: ReportSettings;
  /** Also rank under `leave-one-out`, where the protocol is `group-excluded` and groups are known. */
  readonly leakage: boolean;
  /** Also rank by mean vectors and their own distance, where the recipe is another. */
  readonly original: boolean;
};

export type ReportEntry = {
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly created: string;
  readonly protocol: string;
  readonly scorer: string;
  readonly videos: number;
  readonly bytes: number;
  readonly headline: readonly { readonly metric: string; readonly value: number }[];
};

/** The part of the library's worker that evaluates. Long calls run in slices, so that searching stays live. */
export type EvaluationApi = {
  readGroundTruth(args: TruthSource, options?: CallOptions): Promise<GroundTruthReading>;
  /** Writes what labels files say to the videos they name. */
  applyGroundTruth(args: { files: readonly File[] }): Promise<readonly VideoRecord[]>;
  /** `Video File,Label,Group,…` of every labelled or described video. */
  exportLabels(): Promise<Blob>;
  /** Errors: `evaluation-empty`, `evaluation-too-large`, `features-missing`. */
  evaluate(args: EvaluateArgs, options?: CallOptions): Promise<EvaluationReport>;
  /** Weights of the spaces for late fusion, fitted on the labelled videos; of more than 1,000, on groups drawn from them.
   * Errors: `evaluation-empty`, `features-missing`. */
  fitWeights(args: EvaluationBasis & { readonly recipe: RankingRecipe }, options?: CallOptions): Promise<WeightFit>;
  /** What a report made now would be made from. */
  evaluationState(args: EvaluationBasis): Promise<{
    readonly descriptors: ReportDescriptor[];
    readonly dataSetHash: string;
    /** Of the videos, in the order of a report's. */
    readonly ids: readonly string[];
  }>;
  /** Ground truth as a report has it, for the videos that are in the library; `missing` paths are not. */
  truthOfReport(args: { report: EvaluationReport }): Promise<{
    readonly truth: readonly TruthRow[];
    readonly missing: readonly string[];
  }>;
  /** Checks a report file. Errors: `report-invalid`, naming place and reason. */
  readReport(args: { file: Blob }): Promise<EvaluationReport>;
  /** Newest first. */
  reports(): Promise<readonly ReportEntry[]>;
  saveReport(args: { name: string; report: EvaluationReport }): Promise<ReportEntry>;
  /** Errors: `report-missing`. */
  savedReport(args: { id: string }): Promise<EvaluationReport>;
  removeReport(args: { id: string }): Promise<void>;
  compareReports(args: { first: EvaluationReport; second: EvaluationReport }): Promise<ReportComparison>;
};
