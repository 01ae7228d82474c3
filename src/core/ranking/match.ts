/** Where in a matched video the query's look is found best. */
export type MatchedMoment = {
  /** Seconds into the match, and into the query. */
  readonly time: number;
  readonly queryTime: number;
  /** Similarity of that pair of frames. */
  readonly similarity: number;
  /** Distance between neighbouring sampled frames of the match, seconds: how exact `time` is. */
  readonly resolution: number;
};

/** One ranked video. */
export type Match = {
  readonly id: string;
  /** 1 for the best. */
  readonly rank: number;
  readonly similarity: number;
  /** Share of the library, 0..100, that is less similar to the query than this. */
  readonly percentile: number;
  readonly moment: MatchedMoment | undefined;
};
