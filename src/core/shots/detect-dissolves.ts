import { type FrameSignature, frameDifference } from './frame-difference';

/** Lengths that are looked for, frames. */
const lengths = [8, 12, 16, 24, 32];
/** How far its ends differ, and how far brightness may stray from the mixture of both, as a share of their difference.
 * With these none was found in 50 clips of UCF101. */
const least = 0.3;
const leastCells = 0.06;
const stray = 0.25;

type Stretch = { readonly from: number; readonly to: number; readonly stray: number };

/** Dissolves and fades: stretches whose frames are mixtures of the two at their ends, in even steps. Gives the frames in
 * their middle, ascending. Stretches with one of the `cuts` inside are none. */
export function detectDissolves(frames: readonly FrameSignature[], cuts: readonly number[]): readonly number[] {
  const isCut = new Set(cuts);
  const found: Stretch[] = [];
  for (let from = 0; from < frames.length; from += 2) {
    let reached = from;
    for (const length of lengths) {
      const to = from + length;
      let whole = to < frames.length;
      while (whole && reached < to) whole = !isCut.has(++reached);
      if (!whole) break;
      const strays = strayFromMixture(frames, from, to);
      if (strays < stray) found.push({ from, to, stray: strays });
    }
  }
  // Each is found many times over, in parts: the longest whose ends differ no less, and the purest, speaks for all.
  found.sort((a, b) => a.stray - b.stray);
  const chosen: Stretch[] = [];
  for (const one of found) {
    const margin = one.to - one.from;
    if (chosen.every(({ from, to }) => one.from > to + margin || one.to < from - margin)) chosen.push(one);
  }
  return chosen.map(({ from, to }) => Math.round((from + to) / 2)).sort((a, b) => a - b);
}

/** Infinity where the ends are too much alike to tell. */
function strayFromMixture(frames: readonly FrameSignature[], from: number, to: number): number {
  const [a, b] = [frames[from], frames[to]];
  if (!a || !b || frameDifference(a, b) < least) return Number.POSITIVE_INFINITY;
  const whole = distance(a.cells, (i) => b.cells[i] as number);
  if (whole < leastCells) return Number.POSITIVE_INFINITY;
  const strays = [0.25, 0.5, 0.75].map((share) => {
    const at = Math.round((to - from) * share);
    const exact = at / (to - from);
    const { cells } = frames[from + at] as FrameSignature;
    return distance(cells, (i) => (a.cells[i] as number) * (1 - exact) + (b.cells[i] as number) * exact) / whole;
  });
  return Math.max(...strays);
}

function distance(cells: Float32Array, other: (cell: number) => number): number {
  let sum = 0;
  for (let i = 0; i < cells.length; i++) sum += Math.abs((cells[i] as number) - other(i));
  return sum / cells.length;
}
