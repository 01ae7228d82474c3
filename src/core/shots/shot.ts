import type { Metric } from '../feature';
import type { Part } from '../sampling';
import { dot, norm } from '../similarity/dot';
import { cosineFromDot, equalBitsFromDot, similarityFromDistance } from '../similarity/similarity';
import { squaredDistance } from '../similarity/squared-distance';

/** Parts of a video from cut to cut, from its start to its end. `times` are those of its frames, seconds; a cut is the
 * place of the first frame of a shot, or the middle of a dissolve. */
export function shotsBetween(cuts: readonly number[], times: ArrayLike<number>, duration: number): readonly Part[] {
  const starts = [0, ...cuts.map((cut) => times[cut] as number)];
  return starts.map((from, i) => ({ from, to: starts[i + 1] ?? Math.max(duration, times[times.length - 1] ?? 0) }));
}

/** Shots that stand for a whole video, `most` at most, ascending: those that together come nearest to every second of
 * it, chosen one by one (facility location; Nemhauser, Wolsey and Fisher 1978). A shot that shows what a chosen one
 * shows adds nothing, and is left out. `vectors` [shots x dimensions]. Yields often, giving the share done. */
export function* summarise(
  shots: readonly Part[],
  vectors: Float32Array,
  metric: Metric,
  most: number,
): Generator<number, readonly number[]> {
  const count = shots.length;
  const nearness = yield* nearnessOf(vectors, count, metric);
  const lengths = shots.map(({ from, to }) => to - from);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const covered = new Float32Array(count);
  const chosen: number[] = [];
  while (chosen.length < Math.min(most, count)) {
    yield 1;
    const gains = shots.map((_, shot) =>
      lengths.reduce((sum, length, i) => {
        return sum + length * Math.max(0, (nearness[shot * count + i] as number) - (covered[i] as number));
      }, 0),
    );
    const best = gains.indexOf(Math.max(...gains));
    if ((gains[best] as number) <= leastGain * total) break;
    chosen.push(best);
    for (let i = 0; i < count; i++) {
      covered[i] = Math.max(covered[i] as number, nearness[best * count + i] as number);
    }
  }
  return chosen.sort((a, b) => a - b);
}

/** Similarity of each two of `count` vectors, 0 at least, [count x count]. One step a vector, giving the share done. */
function* nearnessOf(vectors: Float32Array, count: number, metric: Metric): Generator<number, Float32Array> {
  const dimensions = vectors.length / count;
  const rows = Array.from({ length: count }, (_, i) => vectors.subarray(i * dimensions, (i + 1) * dimensions));
  const norms = rows.map(norm);
  const compare = metric === 'hamming' ? equalBitsFromDot : cosineFromDot;
  const nearness = new Float32Array(count * count);
  for (const [a, own] of rows.entries()) {
    for (const [b, other] of rows.entries()) {
      if (b > a) break;
      const near =
        metric === 'euclidean'
          ? similarityFromDistance(squaredDistance(own, 0, other), dimensions)
          : compare(dot(own, 0, other), norms[a] as number, norms[b] as number);
      nearness[a * count + b] = Math.max(0, near);
      nearness[b * count + a] = nearness[a * count + b] as number;
    }
    yield (a + 1) ** 2 / count ** 2;
  }
  return nearness;
}

/** Share of the whole that a shot must add to be worth a picture. */
const leastGain = 0.002;
