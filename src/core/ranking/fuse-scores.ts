import type { Fusion } from './recipe';

/** Similarities of one descriptor to every candidate, NaN where the candidate has no such vector. */
export type ScoredPart = { readonly weight: number; readonly scores: Float64Array };

/** What brings a descriptor's similarity s to the common scale: `scale * s + offset`. */
export type ScoreScale = {
  readonly scale: number;
  readonly offset: number;
  /** On the common scale, the mean over the library: what counts for a video without the descriptor, which is
   * neither similar nor dissimilar by it. */
  readonly neutral: number;
};

type Normalisation = Extract<Fusion, { name: 'late' }>['normalisation'];

/**
 * Scales of the parts, from their similarities to the library. `z-score` brings every part to the parts' weighted mean and
 * weighted mean deviation, so that the sum still reads as a similarity; `min-max` to 0..1. A single part stays as it is.
 */
export function scoreScales(parts: readonly ScoredPart[], normalisation: Normalisation): ScoreScale[] {
  const facts = parts.map(({ scores }) => spread(scores));
  if (parts.length <= 1 || normalisation === 'none') {
    return facts.map(({ mean }) => ({ scale: 1, offset: 0, neutral: mean }));
  }
  if (normalisation === 'min-max') {
    return facts.map(({ mean, least, most }) => {
      if (most <= least) return { scale: 0, offset: 0.5, neutral: 0.5 };
      const scale = 1 / (most - least);
      return { scale, offset: -least * scale, neutral: (mean - least) * scale };
    });
  }
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const weighted = (of: 'mean' | 'deviation') =>
    parts.reduce((sum, { weight }, i) => sum + weight * (facts[i]?.[of] ?? 0), 0) / total;
  const [mean, deviation] = [weighted('mean'), weighted('deviation')];
  return facts.map((own) => {
    const scale = own.deviation > 0 ? deviation / own.deviation : 0;
    return { scale, offset: mean - scale * own.mean, neutral: mean };
  });
}

/** Late fusion: the weighted mean of the parts on their common scale. Weights sum up to more than 0. */
export function fuseScores(parts: readonly ScoredPart[], scales: readonly ScoreScale[]): Float64Array {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const fused = new Float64Array(parts[0]?.scores.length ?? 0);
  parts.forEach(({ weight, scores }, part) => {
    const { scale, offset, neutral } = scales[part] as ScoreScale;
    const share = weight / total;
    for (let i = 0; i < fused.length; i++) {
      const score = scores[i] as number;
      fused[i] = (fused[i] as number) + share * (Number.isNaN(score) ? neutral : scale * score + offset);
    }
  });
  return fused;
}

function spread(scores: Float64Array): { mean: number; deviation: number; least: number; most: number } {
  let [count, sum, least, most] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const score of scores) {
    if (Number.isNaN(score)) continue;
    count++;
    sum += score;
    least = Math.min(least, score);
    most = Math.max(most, score);
  }
  if (count === 0) return { mean: 0, deviation: 0, least: 0, most: 0 };
  const mean = sum / count;
  let squares = 0;
  for (const score of scores) if (!Number.isNaN(score)) squares += (score - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / count), least, most };
}
