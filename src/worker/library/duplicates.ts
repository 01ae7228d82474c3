import { parseSpaceKey } from '../../core/feature';
import { groupPairs } from '../../core/near-duplicates/group-pairs';
import { HashBuckets } from '../../core/near-duplicates/hash-buckets';
import type { HashKind } from '../../core/near-duplicates/hash-kind';
import { type HashTrack, toHashTrack } from '../../core/near-duplicates/hash-track';
import { judge } from '../../core/near-duplicates/judge';
import type { TimedFrames } from '../../core/ranking/best-moment';
import type { VideoRecord } from '../../core/video';
import { hashKindOf } from '../../extractors/wavelet-hash/kind-of-space';
import type { DismissedPair, DuplicateGroup, DuplicatePair, DuplicateReport } from '../../protocol/duplicates-api';
import type { CallOptions } from '../../protocol/progress';
import type { Database } from '../storage/database';
import { readFrames } from '../storage/features';
import type { Catalogue } from './catalogue';
import { slices } from './slices';

/** Videos whose hashes are read at a time. */
const portion = 64;
/** Share of the whole work that reading is. */
const readingShare = 0.4;

type Described = { readonly video: VideoRecord; readonly track: HashTrack };

/** See `DuplicatesApi`. */
export async function findDuplicates(
  database: Database,
  catalogue: Catalogue,
  options: CallOptions = {},
): Promise<DuplicateReport> {
  const pause = slices(options);
  const videos = await catalogue.videos();
  // What has no pictures lacks nothing, and reading it again would bring none.
  const withPictures = videos.filter(({ state, probe }) => state === 'indexed' && probe?.video !== undefined);
  const space = fullestSpace(videos);
  if (!space) return { groups: [], compared: 0, lacking: withPictures.length };

  const concerned = videos.filter(({ spaces }) => spaces.includes(space.key));
  const described: Described[] = [];
  for (let from = 0; from < concerned.length; from += portion) {
    await pause('Reading', (readingShare * from) / concerned.length);
    const some = concerned.slice(from, from + portion);
    const ids = some.map(({ id }) => id);
    for (const [i, frames] of (await readFrames(database, space.key, ids)).entries()) {
      if (frames) described.push({ video: some[i] as VideoRecord, track: trackOf(some[i] as VideoRecord, frames) });
    }
  }
  const dismissed = new Set((await readDismissed(database)).map((pair) => JSON.stringify(pair)));
  const buckets = new HashBuckets(described.map(({ track }) => track));
  const pairs = new Map<string, DuplicatePair>();
  const seen = new Set<string>();
  for (const [position, { video, track }] of described.entries()) {
    for (const candidate of buckets.candidates(position, space.kind)) {
      const wait = pause('Comparing', readingShare + (1 - readingShare) * (position / described.length));
      if (wait) await wait;
      const other = described[candidate] as Described;
      const key = JSON.stringify(ordered([video.id, other.video.id]));
      // A video's buckets may lead to another whose own do not lead back.
      if (seen.has(key)) continue;
      seen.add(key);
      if (dismissed.has(key)) continue;
      const found = judge(track, other.track, space.kind);
      if (found) pairs.set(key, { ids: [video.id, other.video.id], found });
    }
    const wait = pause('Comparing', readingShare + (1 - readingShare) * (position / described.length));
    if (wait) await wait;
  }
  const records = new Map(described.map(({ video }) => [video.id, video]));
  return {
    groups: toGroups([...pairs.values()], records),
    compared: described.length,
    lacking: withPictures.filter(({ spaces }) => !spaces.includes(space.key)).length,
  };
}

/** The space of hashes that most videos have, and the kind of these. */
function fullestSpace(videos: readonly VideoRecord[]): { key: string; kind: HashKind } | undefined {
  const counts = new Map<string, number>();
  for (const { spaces } of videos) for (const key of spaces) counts.set(key, (counts.get(key) ?? 0) + 1);
  const [fullest] = [...counts]
    .flatMap(([key, count]) => {
      const space = parseSpaceKey(key);
      const kind = space && hashKindOf(space);
      return kind ? [{ key, count, kind }] : [];
    })
    .sort((a, b) => b.count - a.count);
  return fullest;
}

function trackOf({ probe }: VideoRecord, frames: TimedFrames): HashTrack {
  const last = frames.times[frames.count - 1] ?? 0;
  const step = frames.count > 1 ? last / (frames.count - 1) : 0;
  return toHashTrack(frames, probe?.duration ?? last + step);
}

function toGroups(pairs: readonly DuplicatePair[], records: ReadonlyMap<string, VideoRecord>): DuplicateGroup[] {
  const worth = (id: string): readonly number[] => {
    const { probe, bytes } = records.get(id) ?? {};
    return [(probe?.video?.width ?? 0) * (probe?.video?.height ?? 0), probe?.duration ?? 0, bytes ?? 0];
  };
  const byWorth = (a: string, b: string) => {
    const other = worth(b);
    return worth(a).reduce((order, value, i) => order || (other[i] ?? 0) - value, 0) || (a < b ? -1 : 1);
  };
  const groups = groupPairs(pairs.map(({ ids: [first, second] }) => ({ first, second })));
  const groupOf = new Map(groups.flatMap((ids, group) => ids.map((id) => [id, group] as const)));
  const pairsOf: DuplicatePair[][] = groups.map(() => []);
  for (const pair of pairs) pairsOf[groupOf.get(pair.ids[0]) as number]?.push(pair);
  return groups.map((ids, group) => ({ videos: [...ids].sort(byWorth), pairs: pairsOf[group] ?? [] }));
}

export async function dismissPairs(database: Database, pairs: readonly DismissedPair[]): Promise<void> {
  await database.write(['dismissedPairs'], (tx) =>
    Promise.all(pairs.map((pair) => tx.objectStore('dismissedPairs').put({ ids: ordered(pair) }))),
  );
}

export async function allowPairs(
  database: Database,
  pairs: readonly DismissedPair[] | 'all',
): Promise<[string, string][]> {
  return await database.write(['dismissedPairs'], async (tx) => {
    const store = tx.objectStore('dismissedPairs');
    const all = await store.getAllKeys();
    const allowed = new Set(pairs === 'all' ? all.map(String) : pairs.map((pair) => String(ordered(pair))));
    const found = all.filter((key) => allowed.has(String(key)));
    await Promise.all(found.map((key) => store.delete(key)));
    return found;
  });
}

export function readDismissed(database: Database): Promise<[string, string][]> {
  return database.read(['dismissedPairs'], (tx) => tx.objectStore('dismissedPairs').getAllKeys());
}

function ordered([a, b]: DismissedPair): [string, string] {
  return a < b ? [a, b] : [b, a];
}
