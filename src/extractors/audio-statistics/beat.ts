const eps = 1e-8;
/** Longest time between beats, seconds. */
const longest = 2;

/** Beats a minute, and how much of all that repeats agrees with them (0..1), from the distances between the peaks of
 * features over time, as pyAudioAnalysis does it. `rows` are features, one value a frame of `step` seconds. */
export function beatOf(rows: readonly Float64Array[], step: number): { bpm: number; confidence: number } {
  const histogram = new Float64Array(Math.round(longest / step));
  for (const row of rows) {
    const peaks = peaksOf(row, threshold(row));
    for (let i = 1; i < peaks.length; i++) {
      const distance = (peaks[i] as number) - (peaks[i - 1] as number);
      if (distance <= histogram.length) histogram[distance - 1] = (histogram[distance - 1] as number) + 1 / row.length;
    }
  }
  let best = 0;
  let sum = eps;
  histogram.forEach((count, i) => {
    if (count > (histogram[best] as number)) best = i;
    sum += count;
  });
  return { bpm: 60 / ((best + 1) * step), confidence: (histogram[best] as number) / sum };
}

/** Twice the mean change from frame to frame: a peak stands out by more. */
function threshold(row: Float64Array): number {
  let sum = 0;
  for (let i = 1; i < row.length; i++) sum += Math.abs((row[i] as number) - (row[i - 1] as number));
  return row.length > 1 && sum > 0 ? (2 * sum) / (row.length - 1) : 1e-16;
}

/** Places of the maxima that are followed by a fall of at least `delta`, and preceded by such a rise (Billauer's method). */
function peaksOf(row: Float64Array, delta: number): number[] {
  const peaks: number[] = [];
  let highest = Number.NEGATIVE_INFINITY;
  let lowest = Number.POSITIVE_INFINITY;
  let at = 0;
  let rising = true;
  for (const [i, value] of row.entries()) {
    if (value > highest) [highest, at] = [value, i];
    if (value < lowest) lowest = value;
    if (rising && value < highest - delta) {
      peaks.push(at);
      lowest = value;
      rising = false;
    } else if (!rising && value > lowest + delta) {
      [highest, at] = [value, i];
      rising = true;
    }
  }
  return peaks;
}
