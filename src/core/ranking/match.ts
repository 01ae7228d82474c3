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

/** What one descriptor says of a match. */
export type MatchPart = {
  /** Key of the space. */
  readonly space: string;
  /** As the descriptor compares, after the recipe's vector stages. */
  readonly similarity: number;
  /** The same on the scale that the descriptors share; equal where there is but one. */
  readonly score: number;
  readonly weight: number;
};

/** One ranked video. */
export type Match = {
  readonly id: string;
  /** 1 for the best. */
  readonly rank: number;
  /** The score that ranks: the parts' weighted mean, or what re-ranking made of it. */
  readonly similarity: number;
  /** Share of the library, 0..100, that is less similar to the query than this. */
  readonly percentile: number;
  /** Probability of similarity among all that were ranked; see `probabilities`. */
  readonly probability?: number;
  /** One a descriptor that both videos have: without one, a video is neither similar nor dissimilar by it. */
  readonly parts: readonly MatchPart[];
  /** Of the descriptor with the largest weight that has one. */
  readonly moment: MatchedMoment | undefined;
};
