import { describe, expect, it } from 'vitest';
import type { InputBlock } from '../../core/map/input-rows';
import type { ProjectionSettings } from '../../core/map/projection';
import { seededRandom } from '../../core/random';
import type { ProjectionUpdate } from '../../protocol/map-api';
import { createProjecting } from './project';

const dimensions = 20;

/** Three heaps of points. */
function heaps(each: number): Float32Array {
  const random = seededRandom(5);
  return Float32Array.from({ length: 3 * each * dimensions }, (_, i) => {
    const heap = Math.floor(i / (each * dimensions));
    return (i % dimensions === heap ? 8 : 0) + random();
  });
}

const umap: ProjectionSettings = { method: 'umap', neighbours: 8, minDistance: 0.1, seed: 3, scaling: 'none' };
const project = (
  matrix: Float32Array,
  settings: ProjectionSettings,
  onUpdate: (update: ProjectionUpdate) => void = () => undefined,
) => createProjecting().project({ blocks: [{ matrix, dimensions }], settings }, onUpdate);

/** Whether the nearest other point of every point lies in the same heap. */
function keepsHeaps(coordinates: Float32Array, each: number): boolean {
  const count = coordinates.length / 2;
  return Array.from({ length: count }, (_, i) => {
    const far = (j: number) =>
      j === i
        ? Number.POSITIVE_INFINITY
        : Math.hypot(
            (coordinates[2 * i] as number) - (coordinates[2 * j] as number),
            (coordinates[2 * i + 1] as number) - (coordinates[2 * j + 1] as number),
          );
    const nearest = Array.from({ length: count }, (_, j) => j).reduce((best, j) => (far(j) < far(best) ? j : best));
    return Math.floor(nearest / each) === Math.floor(i / each);
  }).every(Boolean);
}

describe('maps', () => {
  it('keeps what is near together, the same with the same seed', async () => {
    for (const settings of [umap, { method: 'pca', seed: 3, scaling: 'none' }] as const) {
      const { coordinates } = await project(heaps(15), settings);
      expect(coordinates).toHaveLength(90);
      expect(keepsHeaps(coordinates, 15)).toBe(true);
      expect((await project(heaps(15), settings)).coordinates).toEqual(coordinates);
    }
    const other = await project(heaps(15), { ...umap, seed: 4 });
    expect(other.coordinates).not.toEqual((await project(heaps(15), umap)).coordinates);
  }, 60_000);

  it('draws few points and equal points', async () => {
    const few = Float32Array.from({ length: 4 * dimensions }, (_, i) => Math.sin(i));
    expect((await project(few, umap)).coordinates.every(Number.isFinite)).toBe(true);
    const twins = heaps(5).fill(1, 0, 10 * dimensions);
    expect((await project(twins, umap)).coordinates.every(Number.isFinite)).toBe(true);
  });

  it('says why there is no map', async () => {
    const impossible = (matrix: Float32Array) => expect(project(matrix, umap)).rejects;
    await impossible(new Float32Array(3 * dimensions)).toMatchObject({ code: 'map-impossible' });
    await impossible(new Float32Array(9 * dimensions).fill(2)).toMatchObject({
      details: { reason: 'all vectors are the same' },
    });
    const broken = heaps(4);
    broken[25] = Number.NaN;
    await impossible(broken).toMatchObject({ details: { reason: 'vector 2 holds a value that is no number' } });
  });

  it('ends when it is cancelled', async () => {
    const control = new AbortController();
    const made = createProjecting().project(
      { blocks: [{ matrix: heaps(400), dimensions }], settings: umap },
      () => control.abort(),
      { signal: control.signal },
    );
    await expect(made).rejects.toMatchObject({ name: 'AbortError' });
  }, 60_000);

  it('places other videos by the network that drew the map, where they would have lain', async () => {
    const settings = {
      method: 'vae',
      hidden: 8,
      epochs: 40,
      batch: 32,
      learningRate: 0.01,
      divergenceWeight: 1,
      seed: 3,
      scaling: 'standardise',
    } as const;
    const matrix = heaps(8);
    const blocks = [
      { matrix, dimensions },
      { matrix: matrix.map((value) => 3 * value + 1), dimensions },
    ];
    const { coordinates, autoencoder } = await createProjecting().project({ blocks, settings }, () => undefined);
    const network = autoencoder?.network ?? { columns: [], layers: [] };
    const part = (block: InputBlock): InputBlock => ({
      ...block,
      matrix: block.matrix.slice(9 * dimensions, 10 * dimensions),
    });
    const placed = await createProjecting().place({ blocks: blocks.map(part), settings, network });
    expect(placed.coordinates[0]).toBeCloseTo(coordinates[18] as number, 5);
    expect(placed.coordinates[1]).toBeCloseTo(coordinates[19] as number, 5);
    expect(placed.errors[0]).toBeCloseTo(autoencoder?.errors[9] as number, 5);

    const wrong = [{ matrix, dimensions: 10 }, ...blocks.slice(1)];
    const place = (given: Partial<Parameters<ReturnType<typeof createProjecting>['place']>[0]>) =>
      expect(createProjecting().place({ blocks, settings, network, ...given })).rejects;
    await place({ blocks: wrong }).toMatchObject({
      details: { reason: 'the network knows vectors of 20 + 20 values' },
    });
    await place({ blocks: blocks.slice(1) }).toMatchObject({ code: 'map-impossible' });
    await place({ settings: umap }).toMatchObject({ code: 'map-impossible' });
  }, 60_000);

  it('finds the clusters, the largest first', async () => {
    const matrix = heaps(10).subarray(0, 27 * dimensions);
    const clusters = await createProjecting().cluster({
      blocks: [{ matrix, dimensions }],
      settings: umap,
      clusters: 3,
    });
    expect(clusters.filter((cluster) => cluster === 2)).toHaveLength(7);
    expect(new Set(clusters.subarray(20))).toEqual(new Set([2]));
  });
});
