import type { BenchBrowser } from './browser';

/** One side of a row: does its work once and says how long it took, seconds. */
type Side = (round: number) => Promise<number>;

export type Pair = {
  readonly ours: Side;
  readonly peer: Side;
  /** Runs once before the rounds and is not counted; by default both sides. */
  readonly warmUp?: () => Promise<void>;
  /** Facts found on the way, one line each. */
  readonly notes?: () => readonly string[];
  readonly close?: () => void | Promise<void>;
};

/** A goal: our time over the peer's is at most so much, or the peer's over ours at least so much. */
export type Goal = { readonly atMost: number } | { readonly timesFaster: number };

/** What the figures of a row are. */
export type Unit = 'seconds' | 'kB' | 'MB';

export type Row = {
  readonly name: string;
  /** Default seconds. */
  readonly unit?: Unit;
  /** What one unit of the figures is, and who the peer is. */
  readonly work: string;
  readonly peerName: string;
  /** Undefined where there is none: the figures are told all the same. */
  readonly goal: Goal | undefined;
  /** Left out unless named or asked for with `--all`. */
  readonly heavy?: boolean;
  readonly rounds: number;
  /** What the browser is started with, beside the usual. */
  readonly flags?: readonly string[];
  /** The reason in words where the row cannot run here. */
  prepare(browser: BenchBrowser): Promise<Pair | string>;
};

export type Result = {
  readonly name: string;
  readonly work: string;
  readonly peerName: string;
  readonly unit: Unit;
  readonly goal: Goal | undefined;
  /** Medians. */
  readonly ours: number;
  readonly peer: number;
  /** Our time over the peer's, of each round. */
  readonly ratios: readonly number[];
  /** Median of `ratios`. */
  readonly ratio: number;
  readonly met: boolean | undefined;
  readonly notes: readonly string[];
};

/** Runs both sides in turn, so that a busy moment of the machine hits both. */
export async function measure(row: Row, pair: Pair, rounds: number): Promise<Result> {
  await (pair.warmUp?.() ??
    Promise.all([])
      .then(() => pair.ours(0))
      .then(() => pair.peer(0)));
  const ours: number[] = [];
  const peer: number[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await pair.ours(round));
    peer.push(await pair.peer(round));
  }
  const ratios = ours.map((seconds, i) => seconds / (peer[i] as number));
  const ratio = median(ratios);
  const { name, work, peerName, goal, unit = 'seconds' } = row;
  const met = goal && ('atMost' in goal ? ratio <= goal.atMost : 1 / ratio >= goal.timesFaster);
  return {
    name,
    work,
    peerName,
    unit,
    goal,
    ours: median(ours),
    peer: median(peer),
    ratios,
    ratio,
    met,
    notes: pair.notes?.() ?? [],
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
