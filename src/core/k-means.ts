import { seededRandom } from './random';

export type KMeansOptions = {
  readonly clusters: number;
  readonly seed: number;
  /** The best of so many starts is kept; default 1. */
  readonly starts?: number;
  /** Weight of each point, e.g. how many pixels it stands for; 1 each where absent. */
  readonly weights?: Float64Array;
  readonly maxIterations?: number;
};

export type KMeansResult = {
  /** Row-major [clusters x dimensions]. */
  readonly centroids: Float64Array;
  /** Sum of the weights of each cluster's points; 0 for clusters left empty (fewer distinct points than clusters). */
  readonly sizes: Float64Array;
  /** Weighted sum of squared distances of the points to their centroid. */
  readonly inertia: number;
};

/** k-means of weighted points, row-major [n x dimensions], started by greedy k-means++ (Arthur and Vassilvitskii 2007;
 * the best of 2 + ln k candidates a step). Equal input and seed give equal output. */
export function kMeans(points: Float64Array, dimensions: number, options: KMeansOptions): KMeansResult {
  const { clusters, seed, starts = 1, maxIterations = 300 } = options;
  const weights = options.weights ?? unitWeights(points.length / dimensions);
  const random = seededRandom(seed);
  let best: KMeansResult | undefined;
  for (let start = 0; start < starts; start++) {
    const centroids = seedCentroids(points, weights, dimensions, clusters, random);
    const result = refineClusters(points, dimensions, centroids, { weights, maxIterations });
    if (!best || result.inertia < best.inertia) best = result;
  }
  return best as KMeansResult;
}

/** Far above the rounding of distances: a point within it of its bound is compared with every centroid. */
const certain = 1 - 1e-9;

/** Lloyd's iterations from given centroids [clusters x dimensions], which are left as they are, until no point changes
 * its cluster or `maxIterations` are done. A point that no other centroid can have come nearest to is compared with its own
 * alone (Hamerly 2010); the outcome is that of comparing it with all. */
export function refineClusters(
  points: Float64Array,
  dimensions: number,
  start: Float64Array,
  options: { readonly weights?: Float64Array; readonly maxIterations: number },
): KMeansResult {
  const count = points.length / dimensions;
  const clusters = start.length / dimensions;
  const weights = options.weights ?? unitWeights(count);
  const centroids = start.slice();
  const nearest = new Int32Array(count).fill(-1);
  /** Below the distance of each point to any but its nearest centroid. */
  const others = new Float64Array(count);
  const reach = new Float64Array(clusters);
  const sums = new Float64Array(start.length);
  const sizes = new Float64Array(clusters);
  let inertia = 0;
  for (let iteration = 0; iteration < options.maxIterations; iteration++) {
    let moved = 0;
    inertia = 0;
    sums.fill(0);
    sizes.fill(0);
    halfGaps(centroids, dimensions, reach);
    for (let i = 0; i < count; i++) {
      const weight = weights[i] as number;
      const before = nearest[i] as number;
      let best = before;
      let bestDistance =
        before < 0 ? Infinity : squaredDistance(points, i * dimensions, centroids, before * dimensions, dimensions);
      const bound = before < 0 ? 0 : certain * Math.max(others[i] as number, reach[before] as number);
      if (!(bestDistance < bound * bound)) {
        let secondDistance = Infinity;
        bestDistance = Infinity;
        for (let c = 0; c < clusters; c++) {
          const distance = squaredDistance(points, i * dimensions, centroids, c * dimensions, dimensions);
          if (distance < bestDistance) {
            secondDistance = bestDistance;
            bestDistance = distance;
            best = c;
          } else if (distance < secondDistance) secondDistance = distance;
        }
        others[i] = Math.sqrt(secondDistance);
        if (best !== before) {
          nearest[i] = best;
          moved++;
        }
      }
      inertia += weight * bestDistance;
      sizes[best] = (sizes[best] as number) + weight;
      addPoint(sums, best * dimensions, points, i * dimensions, dimensions, weight);
    }
    if (moved === 0) break;
    let farthest = 0;
    for (let c = 0; c < clusters; c++) {
      const size = sizes[c] as number;
      if (size === 0) continue;
      let way = 0;
      for (let d = 0; d < dimensions; d++) {
        const at = c * dimensions + d;
        const mean = (sums[at] as number) / size;
        way += (mean - (centroids[at] as number)) ** 2;
        centroids[at] = mean;
      }
      farthest = Math.max(farthest, Math.sqrt(way));
    }
    for (let i = 0; i < count; i++) others[i] = (others[i] as number) - farthest;
  }
  return { centroids, sizes, inertia };
}

/** Half the distance of each centroid to the next: whatever is nearer to it than that is nearer to no other. */
function halfGaps(centroids: Float64Array, dimensions: number, halves: Float64Array): void {
  halves.fill(Infinity);
  for (let a = 1; a < halves.length; a++) {
    for (let b = 0; b < a; b++) {
      const half = Math.sqrt(squaredDistance(centroids, a * dimensions, centroids, b * dimensions, dimensions)) / 2;
      halves[a] = Math.min(halves[a] as number, half);
      halves[b] = Math.min(halves[b] as number, half);
    }
  }
}

function unitWeights(count: number): Float64Array {
  return new Float64Array(count).fill(1);
}

function seedCentroids(
  points: Float64Array,
  weights: Float64Array,
  dimensions: number,
  clusters: number,
  random: () => number,
): Float64Array {
  const count = weights.length;
  const centroids = new Float64Array(clusters * dimensions);
  const distances = new Float64Array(count);
  const candidateDistances = new Float64Array(count);
  const bestDistances = new Float64Array(count);
  const candidates = 2 + Math.floor(Math.log(clusters));

  const first = pick(weights, random);
  centroids.set(points.subarray(first * dimensions, (first + 1) * dimensions));
  for (let i = 0; i < count; i++) {
    distances[i] = (weights[i] as number) * squaredDistance(points, i * dimensions, centroids, 0, dimensions);
  }
  for (let c = 1; c < clusters; c++) {
    let bestPotential = Infinity;
    let best = 0;
    for (let candidate = 0; candidate < candidates; candidate++) {
      const index = pick(distances, random);
      let potential = 0;
      for (let i = 0; i < count; i++) {
        const distance =
          (weights[i] as number) * squaredDistance(points, i * dimensions, points, index * dimensions, dimensions);
        const kept = Math.min(distances[i] as number, distance);
        candidateDistances[i] = kept;
        potential += kept;
      }
      if (potential < bestPotential) {
        bestPotential = potential;
        best = index;
        bestDistances.set(candidateDistances);
      }
    }
    centroids.set(points.subarray(best * dimensions, (best + 1) * dimensions), c * dimensions);
    distances.set(bestDistances);
  }
  return centroids;
}

/** An index drawn in proportion to the masses; 0 where all are zero. */
function pick(masses: Float64Array, random: () => number): number {
  let total = 0;
  for (const mass of masses) total += mass;
  let left = random() * total;
  for (let i = 0; i < masses.length; i++) {
    left -= masses[i] as number;
    if (left < 0) return i;
  }
  return 0;
}

function addPoint(
  sums: Float64Array,
  at: number,
  points: Float64Array,
  from: number,
  dimensions: number,
  weight: number,
): void {
  if (dimensions === 3) {
    sums[at] = (sums[at] as number) + weight * (points[from] as number);
    sums[at + 1] = (sums[at + 1] as number) + weight * (points[from + 1] as number);
    sums[at + 2] = (sums[at + 2] as number) + weight * (points[from + 2] as number);
    return;
  }
  for (let d = 0; d < dimensions; d++) {
    sums[at + d] = (sums[at + d] as number) + weight * (points[from + d] as number);
  }
}

function squaredDistance(a: Float64Array, aAt: number, b: Float64Array, bAt: number, dimensions: number): number {
  if (dimensions === 3) {
    // Colours: a sixth less time than by the loop.
    const x = (a[aAt] as number) - (b[bAt] as number);
    const y = (a[aAt + 1] as number) - (b[bAt + 1] as number);
    const z = (a[aAt + 2] as number) - (b[bAt + 2] as number);
    return x * x + y * y + z * z;
  }
  let sum = 0;
  for (let d = 0; d < dimensions; d++) {
    const difference = (a[aAt + d] as number) - (b[bAt + d] as number);
    sum += difference * difference;
  }
  return sum;
}
