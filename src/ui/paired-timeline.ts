/** One of two videos that are played beside each other: how long it is, its instant that is aligned, seconds, and its own
 * seconds for one of the shared position, 1 where not told. */
export type PairedSide = { readonly duration: number; readonly at: number; readonly rate?: number };

export type PairedRange = { readonly from: number; readonly to: number };

/** Positions the shared scrubber can take, in seconds from the aligned moment: from where the first of
 * the two begins to where the last of them ends. */
export function pairedRange(sides: readonly PairedSide[]): PairedRange {
  const from = Math.min(0, ...sides.map(({ at, rate = 1 }) => -at / rate));
  const to = Math.max(0, ...sides.map(({ duration, at, rate = 1 }) => (duration - at) / rate));
  return { from, to };
}

/** Where in this video the shared position lies, held at its first or last frame outside of it. */
export function sideTime({ duration, at, rate = 1 }: PairedSide, position: number): number {
  return Math.min(Math.max(0, at + rate * position), duration);
}

/** Whether this video moves at the shared position (before its end, after its start). */
export function isPlaying({ duration, at, rate = 1 }: PairedSide, position: number): boolean {
  const time = at + rate * position;
  return time >= -1e-3 && time < duration - 1e-3;
}
