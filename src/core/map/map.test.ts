import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random';
import { inputRows } from './input-rows';
import { latentNeighbours } from './latent-neighbours';
import { nearestNeighbours } from './nearest-neighbours';
import { principalComponents } from './principal-components';

function finish<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Rows that vary less and less along each column. */
function rowsOf(count: number, dimensions: number, seed = 1): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from(
    { length: count * dimensions },
    (_, i) => 5 + (random() + random() - 1) * 0.9 ** (i % dimensions) * 10,
  );
}

describe('principal components', () => {
  it.each([
    { count: 300, dimensions: 80 },
    { count: 12, dimensions: 200 },
    { count: 50, dimensions: 3 },
  ])('has the variances and axes of the covariance matrix: $count x $dimensions', ({ count, dimensions }) => {
    const rows = rowsOf(count, dimensions);
    const found = finish(principalComponents(rows, dimensions, { count: 2, seed: 1 }));
    const matrix = Matrix.from1DArray(count, dimensions, rows).center('column');
    const known = new EigenvalueDecomposition(matrix.transpose().mmul(matrix), { assumeSymmetric: true });
    const total = known.realEigenvalues.reduce((sum, value) => sum + value, 0);
    for (let axis = 0; axis < 2; axis++) {
      const at = dimensions - 1 - axis;
      expect(found.explained[axis]).toBeCloseTo((known.realEigenvalues[at] as number) / total, 6);
      const product = Array.from({ length: dimensions }, (_, d) => d).reduce(
        (sum, d) => sum + (found.axes[axis * dimensions + d] as number) * known.eigenvectorMatrix.get(d, at),
        0,
      );
      expect(Math.abs(product)).toBeCloseTo(1, 4);
    }
    const [first] = Array.from({ length: dimensions }, (_, d) => d)
      .map((d) => matrix.getColumn(d).map((value) => value * (found.axes[d] as number)))
      .reduce<number[][]>(([sum], column) => [column.map((value, i) => value + (sum?.[i] ?? 0))], [[]]);
    first?.forEach((place, i) => {
      expect(found.coordinates[2 * i]).toBeCloseTo(place, 3);
    });
  });

  it('gives the same with the same seed, and nearly the same with another', () => {
    const rows = rowsOf(200, 60);
    const run = (seed: number) => finish(principalComponents(rows, 60, { count: 2, seed }));
    expect(run(4)).toEqual(run(4));
    const [one, other] = [run(4).coordinates, run(5).coordinates];
    one.forEach((place, i) => {
      expect(other[i]).toBeCloseTo(place, 2);
    });
  });

  it('gives no more directions than there are', () => {
    const { explained, coordinates } = finish(principalComponents(rowsOf(9, 1), 1, { count: 2, seed: 1 }));
    expect(explained).toEqual([1]);
    expect(coordinates).toHaveLength(9);
    const same = finish(principalComponents(new Float32Array(20).fill(3), 4, { count: 2, seed: 1 }));
    expect(same.explained).toEqual([0, 0]);
    expect([...same.coordinates].every((value) => value === 0)).toBe(true);
  });
});

describe('nearest neighbours', () => {
  it('are those that sorting all distances finds', () => {
    const [count, dimensions, k] = [40, 5, 7];
    const rows = rowsOf(count, dimensions, 3);
    const found = finish(nearestNeighbours(rows, dimensions, k));
    for (let i = 0; i < count; i++) {
      const distances = Array.from({ length: count }, (_, j) => ({
        j,
        distance: Math.hypot(
          ...Array.from(
            { length: dimensions },
            (_, d) => (rows[i * dimensions + d] as number) - (rows[j * dimensions + d] as number),
          ),
        ),
      }))
        .filter(({ j }) => j !== i)
        .sort((a, b) => a.distance - b.distance)
        .slice(0, k);
      expect([...found.rows.subarray(i * k, (i + 1) * k)]).toEqual(distances.map(({ j }) => j));
      distances.forEach(({ distance }, at) => {
        expect(found.distances[i * k + at]).toBeCloseTo(distance, 4);
      });
    }
  });

  it('are all others where there are few', () => {
    expect(finish(nearestNeighbours(rowsOf(4, 2), 2, 15)).k).toBe(3);
  });
});

describe('input rows', () => {
  it('lays standardised blocks end to end; what never varies is 0', () => {
    const { matrix, dimensions } = inputRows(
      [
        { matrix: Float32Array.of(1, 7, 3, 7), dimensions: 2 },
        { matrix: Float32Array.of(10, 30), dimensions: 1 },
      ],
      'standardise',
    );
    expect(dimensions).toBe(3);
    expect([...matrix]).toEqual([-1, 0, -1, 1, 0, 1]);
  });

  it('brings rows to unit length, zeros apart', () => {
    const { matrix } = inputRows([{ matrix: Float32Array.of(3, 4, 0, 0), dimensions: 2 }], 'unit');
    expect([...matrix]).toEqual([Math.fround(0.6), Math.fround(0.8), 0, 0]);
  });
});

describe('latent neighbours', () => {
  it('are the nearest, with both forms of probability worked by hand', () => {
    const found = latentNeighbours(Float32Array.of(0, 0, 3, 4, 1, 0, 0, 2), 0, 2, () => true);
    expect(found.map(({ point, distance }) => [point, distance])).toEqual([
      [2, 1],
      [3, 2],
    ]);
    const [one, two] = [Math.exp(-1), Math.exp(-2)];
    expect(found[0]?.softmax).toBeCloseTo(one / (one + two), 9);
    const shares = [Math.exp(1), Math.exp(2)].map((power) => power / (Math.exp(1) + Math.exp(2)));
    const powers = shares.map((share) => Math.exp(1 - share));
    expect(found[1]?.published).toBeCloseTo((powers[1] as number) / ((powers[0] as number) + (powers[1] as number)), 9);
  });

  it('leave out what is not shown', () => {
    const found = latentNeighbours(Float32Array.of(0, 0, 1, 0, 2, 0), 0, 5, (point) => point !== 1);
    expect(found.map(({ point }) => point)).toEqual([2]);
    expect(found[0]?.softmax).toBe(1);
  });
});
