import type { NearDuplicate } from '../../core/near-duplicates/judge';
import type { VideoRecord } from '../../core/video';
import type { DuplicateGroup, DuplicatePair } from '../../state/duplicates-store';
import { clock } from '../../ui/moment';

/** A pair as seen from one of its two videos. */
export type Seen = NearDuplicate & { readonly other: string };

/** What is known of `id` and the best video of its group; where these two were not compared, of it and another. */
export function seenFrom(id: string, { videos, pairs }: DuplicateGroup): Seen | undefined {
  const own = pairs.filter(({ ids }) => ids.includes(id));
  const [best] = videos;
  const pair = own.find(({ ids }) => best !== undefined && best !== id && ids.includes(best)) ?? own[0];
  return pair && turned(pair, id);
}

/** Told so that `id` is the first of the two. */
function turned({ ids, found }: DuplicatePair, id: string): Seen {
  if (ids[0] === id) return { ...found, other: ids[1] };
  const relations = { 'first-in-second': 'second-in-first', 'second-in-first': 'first-in-second' } as const;
  const { relation, cropped, first, second, speed, offset } = found;
  return {
    ...found,
    other: ids[0],
    relation: relation === 'copy' || relation === 'overlap' ? relation : relations[relation],
    cropped: cropped && (cropped === 'first' ? 'second' : 'first'),
    first: second,
    second: first,
    speed: 1 / speed,
    offset: -offset / speed,
  };
}

/** Whether nothing is lost of the pictures of `seen`'s first video when the other is kept. */
export function isContained({ relation, cropped }: Seen): boolean {
  return (relation === 'copy' || relation === 'first-in-second') && cropped !== 'second';
}

/** What the first video of the pair is to the other: `mirrored; 0:02–0:07 of clip.mp4`. */
export function pairWords(seen: Seen, otherName: string): string {
  const { relation, mirrored, cropped, speed, first, second } = seen;
  const part = (range: NearDuplicate['first']) => `${clock(range.from)}–${clock(range.to)}`;
  const where = {
    copy: 'the same from start to end',
    'first-in-second': `${part(second)} of ${otherName}`,
    'second-in-first': `holds all of ${otherName} at ${part(first)}`,
    overlap: `its ${part(first)} is ${part(second)} of ${otherName}`,
  }[relation];
  const how = [
    mirrored && 'mirrored',
    cropped === 'first' && 'cropped',
    cropped === 'second' && 'shows more around the picture',
    Math.abs(speed - 1) > 0.02 &&
      (speed > 1 ? `${speed.toFixed(2)} times as fast` : `${(1 / speed).toFixed(2)} times as slow`),
  ].filter(Boolean);
  return [where, ...how].join('; ');
}

/** Why the videos are in one group: `Same pictures, other size and codec`. */
export function groupWords(group: DuplicateGroup, videos: ReadonlyMap<string, VideoRecord>): string {
  const tracks = group.videos.map((id) => videos.get(id)?.probe);
  const differ = (value: (probe: (typeof tracks)[number]) => unknown) => new Set(tracks.map(value)).size > 1;
  const found = group.pairs.map((pair) => pair.found);
  const others = [
    differ((probe) => probe?.video && `${probe.video.width} ${probe.video.height}`) && 'size',
    differ((probe) => probe?.video?.codec) && 'codec',
    !differ((probe) => probe?.video?.codec) && differ((probe) => probe?.container) && 'container',
    found.some(({ speed }) => Math.abs(speed - 1) > 0.02) && 'speed',
  ].filter((word) => word !== false);
  const changes = [
    found.some(({ relation }) => relation !== 'copy') && 'cut',
    found.some(({ cropped }) => cropped !== undefined) && 'cropped',
    found.some(({ mirrored }) => mirrored) && 'mirrored',
  ].filter((word) => word !== false);
  const words = [
    ...(others.length > 0 ? [`other ${listed(others)}`] : []),
    ...(changes.length > 0 ? [listed(changes)] : []),
  ];
  return words.length > 0 ? `Same pictures, ${words.join('; ')}` : 'Same pictures, other file';
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
