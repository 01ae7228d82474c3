import { UMAP } from 'umap-js';
import type { Neighbours } from '../../core/map/nearest-neighbours';
import { seededRandom } from '../../core/random';

/** Half the width that a layout begins with, as in the reference implementation. */
const reach = 10;

/**
 * Lays points out by their neighbours, from given places on (Kobak and Linderman 2021: a start that knows the whole keeps
 * the whole). Each step is one epoch and yields the share that is done; `coordinates` are read at any time.
 */
export function umapLayout(
  { k, rows, distances }: Neighbours,
  start: Float32Array,
  { minDistance, seed }: { readonly minDistance: number; readonly seed: number },
): { readonly steps: Generator<number, void>; readonly coordinates: () => Float32Array } {
  const count = start.length / 2;
  const random = seededRandom(seed);
  // Its lists begin with the point itself.
  const umap = new UMAP({ nNeighbors: k + 1, minDist: minDistance, random });
  const lists = <T>(of: ArrayLike<number>, first: (i: number) => T) =>
    Array.from({ length: count }, (_, i) => [
      first(i),
      ...Array.from({ length: k }, (_, at) => of[i * k + at] as number),
    ]);
  umap.setPrecomputedKNN(lists(rows, (i) => i) as number[][], lists(distances, () => 0) as number[][]);

  function* steps(): Generator<number, void> {
    // Only the number of rows is read where neighbours are given.
    const epochs = umap.initializeFit(Array.from({ length: count }, () => []));
    const largest = start.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    umap.getEmbedding().forEach((place, i) => {
      for (let axis = 0; axis < 2; axis++) {
        place[axis] = (reach * (start[2 * i + axis] as number)) / largest + 1e-3 * (random() - 0.5);
      }
    });
    for (let epoch = 0; epoch < epochs; epoch++) {
      umap.step();
      yield (epoch + 1) / epochs;
    }
  }
  return { steps: steps(), coordinates: () => Float32Array.from(umap.getEmbedding().flat()) };
}
