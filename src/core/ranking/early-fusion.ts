/** One descriptor's block of the joined vectors. */
export type Block = {
  readonly weight: number;
  /** Inner products of the standardised query with each candidate, NaN where it has no such vector. */
  readonly scores: Float64Array;
  /** Squared lengths of the standardised candidates, and of the query. */
  readonly squared: Float64Array;
  readonly ownSquared: number;
};

/** What each block's products count: its weight over its spread, the candidates' mean squared length. */
export function blockScales(blocks: readonly Block[]): number[] {
  return blocks.map(({ weight, scores, squared }) => {
    let [sum, count] = [0, 0];
    squared.forEach((value, i) => {
      if (Number.isNaN(scores[i] as number)) return;
      sum += value;
      count++;
    });
    return sum > 0 ? (weight * count) / sum : 0;
  });
}

/** Early fusion: each block standardised over the library and scaled to unit spread, all laid end to end, and the cosine of what
 * results. A missing block is zero. Computed from the blocks' products, so nothing is laid anywhere. */
export function joinedCosines(blocks: readonly Block[], scales: readonly number[]): Float64Array {
  const count = blocks[0]?.scores.length ?? 0;
  const own = blocks.reduce((sum, { ownSquared }, block) => sum + (scales[block] as number) * ownSquared, 0);
  return Float64Array.from({ length: count }, (_, i) => {
    let [product, squared] = [0, 0];
    blocks.forEach((block, at) => {
      const score = block.scores[i] as number;
      if (Number.isNaN(score)) return;
      product += (scales[at] as number) * score;
      squared += (scales[at] as number) * (block.squared[i] as number);
    });
    const scale = Math.sqrt(own * squared);
    return scale > 0 ? Math.max(-1, Math.min(1, product / scale)) : 0;
  });
}

/** The same among some videos: from products [n x n] of each block, NaN beside one that lacks it. */
export function joinedAmong(grams: readonly Float64Array[], scales: readonly number[], count: number): Float64Array {
  const joined = new Float64Array(count * count);
  grams.forEach((gram, block) => {
    gram.forEach((product, at) => {
      if (!Number.isNaN(product)) joined[at] = (joined[at] as number) + (scales[block] as number) * product;
    });
  });
  const lengths = Float64Array.from({ length: count }, (_, i) =>
    Math.sqrt(Math.max(0, joined[i * (count + 1)] as number)),
  );
  return joined.map((product, at) => {
    const scale = (lengths[Math.floor(at / count)] as number) * (lengths[at % count] as number);
    return scale > 0 ? product / scale : 0;
  });
}
