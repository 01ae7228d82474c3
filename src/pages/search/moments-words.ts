import type { AlignedTimelines, Occurrence } from '../../state/moments-store';
import { clock } from '../../ui/moment';

type Segment = AlignedTimelines['segments'][number];

/** Segments that last less, seconds, are told to the tenth. */
const short = 20;

/** `0:03–0:08 of the query = 1:12–1:17 here`; of a still image `the picture = 1:12 here`. */
export function segmentWords({ query, match }: Pick<Segment, 'query' | 'match'>): string {
  const tenths = query.to - query.from < short;
  const at = (seconds: number) => clock(tenths ? Math.round(seconds * 10) / 10 : Math.round(seconds), { tenths });
  if (query.to <= query.from) return `the picture = ${at(match.from)} here`;
  return `${at(query.from)}–${at(query.to)} of the query = ${at(match.from)}–${at(match.to)} here`;
}

/** What differs: speed, and how one is seen beside the other. Empty where nothing does. */
export function changeWords(
  { mirrored, cropped }: Pick<Occurrence, 'mirrored' | 'cropped'>,
  segments: readonly Segment[],
): string {
  const rates = [...new Set(segments.map(({ rate }) => rate))].filter((rate) => rate !== 1);
  return [
    mirrored && 'mirrored',
    cropped === 'query' && 'the query is cropped',
    cropped === 'match' && 'cropped here',
    ...rates.map((rate) => `at ${Number((1 / rate).toFixed(2))}× the query's speed`),
  ]
    .filter(Boolean)
    .join(', ');
}

export const containmentWords: Record<Occurrence['containment'], string> = {
  whole: 'The same from start to end',
  'query-in-match': 'Holds the whole query',
  'match-in-query': 'Lies within the query',
  part: 'Shares a part with the query',
};
