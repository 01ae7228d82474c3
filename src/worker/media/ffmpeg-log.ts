/** Timestamps that `showinfo@s<branch>` reported, seconds as in the file, one list a branch. */
export function createTimestampReader(branches: number): {
  readonly times: readonly number[][];
  read(line: string): void;
} {
  const times: number[][] = Array.from({ length: branches }, () => []);
  const timeBases: (readonly [number, number] | undefined)[] = [];
  return {
    times,
    read(line) {
      const config = /^\[showinfo@s(\d+) @ [^\]]*\] config in time_base: (\d+)\/(\d+)/.exec(line);
      if (config) {
        timeBases[Number(config[1])] = [Number(config[2]), Number(config[3])];
        return;
      }
      // pts_time is printed with six digits only; the timestamp itself is exact.
      const frame = /^\[showinfo@s(\d+) @ [^\]]*\] n: *\d+ pts: *(-?\d+|NOPTS)/.exec(line);
      if (!frame) return;
      const branch = Number(frame[1]);
      const [numerator, denominator] = timeBases[branch] ?? [Number.NaN, 1];
      times[branch]?.push((Number(frame[2]) * numerator) / denominator);
    },
  };
}

/** Frames and seconds of the last `frame= … time=…` line, or undefined. */
export function readFinalStatistics(log: readonly string[]): { frames: number; seconds: number } | undefined {
  for (let i = log.length - 1; i >= 0; i--) {
    const found = [...(log[i] ?? '').matchAll(/frame= *(\d+).*?time=(-?)(\d+):(\d+):(\d+(?:\.\d+)?)/g)].at(-1);
    if (!found) continue;
    const seconds = Number(found[3]) * 3600 + Number(found[4]) * 60 + Number(found[5]);
    return { frames: Number(found[1]), seconds: found[2] === '-' ? 0 : seconds };
  }
  return undefined;
}
