import type { CallOptions } from './progress';

export type UnusualArgs = {
  readonly space: string;
  /** Ids of the videos that are normal. */
  readonly normal: readonly string[];
  readonly neighbours: number;
};

/** The others, the least usual first; see `core/unusual`. */
export type UnusualFinding = {
  readonly videos: readonly {
    readonly id: string;
    readonly distance: number;
    /** Share of the normal videos that lie no farther from their neighbours. */
    readonly percentile: number;
    /** When it is least usual, seconds; of the first ones alone, and where vectors of their moments are stored. */
    readonly moment?: number;
  }[];
  readonly normal: number;
  /** Neighbours that were compared with. */
  readonly neighbours: number;
  /** Distance of the normal video in the middle. */
  readonly median: number;
};

export type UnusualApi = {
  /** Errors: `features-missing`, `unusual-impossible`. */
  findUnusual(args: UnusualArgs, options?: CallOptions): Promise<UnusualFinding>;
};
