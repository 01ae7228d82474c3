import { probabilities } from '../ranking/probability';

export type LatentNeighbour = {
  readonly point: number;
  /** Euclidean, on the plane. */
  readonly distance: number;
  /** Shares among the neighbours listed: softmax(-d), and softmax(1 - softmax(d)) as it was published. */
  readonly softmax: number;
  readonly published: number;
};

/** The points nearest to one of a map, row-major [points x 2], the nearest first, with how probable it is that each is
 * the similar one. `isShown` leaves points out. */
export function latentNeighbours(
  coordinates: Float32Array,
  point: number,
  k: number,
  isShown: (point: number) => boolean,
): readonly LatentNeighbour[] {
  const [x, y] = [coordinates[2 * point] as number, coordinates[2 * point + 1] as number];
  const found = Array.from({ length: coordinates.length / 2 }, (_, other) => ({
    point: other,
    distance: Math.hypot((coordinates[2 * other] as number) - x, (coordinates[2 * other + 1] as number) - y),
  }))
    .filter(({ point: other }) => other !== point && isShown(other))
    .sort((a, b) => a.distance - b.distance || a.point - b.point)
    .slice(0, k);
  const similarities = Float64Array.from(found, ({ distance }) => 1 - distance);
  const softmax = probabilities(similarities, { form: 'softmax', tau: 1 });
  const published = probabilities(similarities, { form: 'published', tau: 1 });
  return found.map((neighbour, i) => ({
    ...neighbour,
    softmax: softmax[i] as number,
    published: published[i] as number,
  }));
}
