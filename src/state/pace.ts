/** Estimates what is left from the last pieces of work. All times in milliseconds, of any clock. */
export type Pace = {
  /** A piece took this long. */
  took(milliseconds: number): void;
  /** Seconds for `count` more pieces; undefined before the first one. */
  left(count: number): number | undefined;
};

const remembered = 20;

export function createPace(): Pace {
  const last: number[] = [];
  return {
    took(milliseconds) {
      last.push(milliseconds);
      if (last.length > remembered) last.shift();
    },
    left: (count) =>
      last.length === 0 ? undefined : (last.reduce((sum, each) => sum + each, 0) / last.length / 1000) * count,
  };
}
