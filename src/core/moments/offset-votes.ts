import type { Line } from './line';
import type { Timeline } from './timeline';

/** The lines that most pairs of similar frames lie on, at most `limit`, the best first: a histogram of offsets a rate, each
 * positive value of `evidence` (rows: query frames) shared between the two bins around its offset. Of neighbouring bins only
 * the highest is given. */
export function votes(
  evidence: Float32Array,
  query: Timeline,
  match: Timeline,
  rates: readonly number[],
  limit: number,
): Line[] {
  const width = Math.max(match.spacing, query.spacing, 1e-3);
  const firstQuery = query.times[0] as number;
  const lastQuery = query.times[query.count - 1] as number;
  const firstMatch = match.times[0] as number;
  const lastMatch = match.times[match.count - 1] as number;
  const found: { line: Line; votes: number }[] = [];
  for (const rate of rates) {
    const start = firstMatch - rate * lastQuery - width;
    const bins = new Float64Array(Math.ceil((lastMatch - rate * firstQuery - start) / width) + 3);
    for (let i = 0; i < query.count; i++) {
      const shift = rate * (query.times[i] as number) + start;
      for (let j = 0; j < match.count; j++) {
        const value = evidence[i * match.count + j] as number;
        if (value <= 0) continue;
        const place = ((match.times[j] as number) - shift) / width;
        const bin = Math.floor(place);
        bins[bin] = (bins[bin] as number) + value * (1 - (place - bin));
        bins[bin + 1] = (bins[bin + 1] as number) + value * (place - bin);
      }
    }
    for (let bin = 1; bin < bins.length - 1; bin++) {
      const count = bins[bin] as number;
      if (count <= 0 || count < (bins[bin - 1] as number) || count <= (bins[bin + 1] as number)) continue;
      found.push({ line: { rate, offset: start + bin * width }, votes: count });
    }
  }
  return found
    .sort((a, b) => b.votes - a.votes)
    .slice(0, limit)
    .map(({ line }) => line);
}
