import { expect, test } from 'vitest';
import { seededRandom } from '../../core/random';
import { comparisonOf } from '../../core/ranking/comparison';
import { improvedRecipe } from '../../core/ranking/recipe';
import { topK } from '../../core/ranking/top-k';
import { SpaceIndex } from './space-index';
import { viewSpace } from './space-view';

test('the best beside what the library is like are those of floats, with bytes that find the candidates', () => {
  const [count, dimensions] = [16_000, 256];
  const random = seededRandom(11);
  const sources = Array.from({ length: 200 }, () => Float32Array.from({ length: dimensions }, random));
  // Frames of a source more or less lost in noise; most values are 0, and the first is most of each vector's length.
  const vectors = Array.from({ length: count }, (_, i) => {
    const noise = random() ** 2;
    return Float32Array.from({ length: dimensions }, (_, d) => {
      const value = (1 - noise) * (sources[i % 200]?.[d] as number) + noise * random();
      return d === 0 ? 400 * random() ** 2 : Math.max(0, value - 0.5);
    });
  });
  const comparison = comparisonOf('cosine', improvedRecipe, 1);
  const geometry = { metric: 'cosine', aggregation: 'mean', frameDimensions: dimensions } as const;
  const keepings = [{ bytesFrom: Number.POSITIVE_INFINITY }, { bytesFrom: 0 }];
  const [floats, both] = keepings.map((keeping) => {
    const index = new SpaceIndex(geometry, comparison, { ...keeping, exactUpTo: 0 });
    vectors.forEach((vector, i) => {
      index.put({ video: `v${i}`, vector, frames: 1 });
    });
    return index;
  });
  for (let query = 0; query < 10; query++) {
    const vector = vectors[query * 1501] as Float32Array;
    const [right, found] = [floats, both].map((index) => {
      const view = viewSpace(index as SpaceIndex, { vector, prepared: false }, () => true);
      return topK(view?.scores ?? new Float64Array(), 200, (i, j) => i < j);
    });
    expect(found).toEqual(right);
  }
});
