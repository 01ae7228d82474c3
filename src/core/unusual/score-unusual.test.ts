import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random';
import { similarity } from '../similarity/similarity';
import { mostUnusual, scoreUnusual, type UnusualScores } from './score-unusual';

const dimensions = 6;
const random = seededRandom(3);
const draw = (count: number) => ({
  matrix: Float32Array.from({ length: count * dimensions }, () => random() + 0.2),
  dimensions,
});

function finish(steps: Generator<number, UnusualScores>): UnusualScores {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

describe.each(['cosine', 'euclidean', 'hamming'] as const)('what is unusual, by %s', (metric) => {
  it('is as far as the nearest are dissimilar, and beyond as many of the normal ones', () => {
    const [normal, asked, k] = [draw(15), draw(8), 3];
    const row = ({ matrix }: typeof normal, i: number) => matrix.subarray(i * dimensions, (i + 1) * dimensions);
    const far = (of: Float32Array, leftOut = -1) =>
      Array.from({ length: 15 }, (_, i) => i)
        .filter((i) => i !== leftOut)
        .map((i) => 1 - similarity(metric, row(normal, i), of))
        .sort((a, b) => a - b)
        .slice(0, k)
        .reduce((sum, distance) => sum + distance / k, 0);
    const own = Array.from({ length: 15 }, (_, i) => far(row(normal, i), i));
    const found = finish(scoreUnusual(normal, asked, metric, k));
    for (let i = 0; i < 8; i++) {
      const distance = far(row(asked, i));
      expect(found.distances[i]).toBeCloseTo(distance, 5);
      expect(found.percentiles[i]).toBeCloseTo(own.filter((each) => each <= distance).length / 15, 9);
    }
  });
});

it('takes fewer neighbours where there are few', () => {
  expect(finish(scoreUnusual(draw(3), draw(1), 'cosine', 10)).k).toBe(2);
});

it('finds the moment that is unlike all others', () => {
  const normal = draw(10);
  const rows = { matrix: normal.matrix.slice(0, 4 * dimensions), dimensions };
  rows.matrix.fill(0, 2 * dimensions, 3 * dimensions);
  rows.matrix[2 * dimensions] = -5;
  expect(mostUnusual(normal, rows, 'cosine', 3).row).toBe(2);
});
