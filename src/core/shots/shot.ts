import type { Metric } from '../feature';
import type { Part } from '../sampling';
import { similarity } from '../similarity/similarity';

/** Parts of a video from cut to cut, from its start to its end. `times` are those of its frames, seconds; a cut is the
 * place of the first frame of a shot, or the middle of a dissolve. */
export function shotsBetween(cuts: readonly number[], times: ArrayLike<number>, duration: number): readonly Part[] {
  const starts = [0, ...cuts.map((cut) => times[cut] as number)];
  return starts.map((from, i) => ({ from, to: starts[i + 1] ?? Math.max(duration, times[times.length - 1] ?? 0) }));
}

/** Shots that stand for a whole video, `most` at most, ascending: those that together come nearest to every second of
 * it, chosen one by one (facility location; Nemhauser, Wolsey and Fisher 1978). A shot that shows what a chosen one
 * shows adds nothing, and is left out. `vectors` [shots x dimensions]. */
export function summarise(
  shots: readonly Part[],
  vectors: Float32Array,
  metric: Metric,
  most: number,
): readonly number[] {
  const dimensions = vectors.length / shots.length;
  const row = (shot: number) => vectors.subarray(shot * dimensions, (shot + 1) * dimensions);
  const nearness = shots.map((_, a) => shots.map((_, b) => Math.max(0, similarity(metric, row(a), row(b)))));
  const total = shots.reduce((sum, { from, to }) => sum + to - from, 0);
  const covered = shots.map(() => 0);
  const chosen: number[] = [];
  while (chosen.length < Math.min(most, shots.length)) {
    const gains = nearness.map((near) =>
      shots.reduce(
        (sum, { from, to }, i) => sum + (to - from) * Math.max(0, (near[i] as number) - (covered[i] as number)),
        0,
      ),
    );
    const best = gains.indexOf(Math.max(...gains));
    if ((gains[best] as number) <= leastGain * total) break;
    chosen.push(best);
    (nearness[best] as number[]).forEach((near, i) => {
      covered[i] = Math.max(covered[i] as number, near);
    });
  }
  return chosen.sort((a, b) => a - b);
}

/** Share of the whole that a shot must add to be worth a picture. */
const leastGain = 0.002;
