import { AppError } from '../../core/errors';
import { spaceKey } from '../../core/feature';
import { align } from '../../core/moments/align';
import { containment, covered } from '../../core/moments/coverage';
import { sharesFrames } from '../../core/moments/shares-frames';
import { type Timeline, toTimeline } from '../../core/moments/timeline';
import type { HashKind } from '../../core/near-duplicates/hash-kind';
import { hashKindOf } from '../../extractors/wavelet-hash/kind-of-space';
import type {
  AlignedTimelines,
  Occurrence,
  OccurrenceReport,
  TimelineFacts,
  TimelineSource,
} from '../../protocol/moments-api';
import type { CallOptions } from '../../protocol/progress';
import type { Database } from '../storage/database';
import { readFrames } from '../storage/features';
import type { Catalogue } from './catalogue';
import { inSlices, slices } from './slices';

/** Videos whose hashes are read at a time. */
const portion = 64;

/** See `MomentsApi`. */
export async function alignTimelines(
  args: { readonly query: TimelineSource; readonly match: TimelineSource },
  options: CallOptions = {},
): Promise<AlignedTimelines> {
  const [query, match] = [open(args.query), open(args.match)];
  if (spaceKey(args.query.features.space) !== spaceKey(args.match.features.space)) throw differing();
  const aligned = await inSlices(align(query.timeline, match.timeline, query.kind), slices(options), 'Comparing');
  return { ...aligned, query: factsOf(query.timeline, args.query), match: factsOf(match.timeline, args.match) };
}

/** See `MomentsApi`. */
export async function findOccurrences(
  database: Database,
  catalogue: Catalogue,
  args: { readonly query: TimelineSource; readonly exclude?: string },
  options: CallOptions = {},
): Promise<OccurrenceReport> {
  const pause = slices(options);
  const { timeline: query, kind } = open(args.query);
  const key = spaceKey(args.query.features.space);
  const others = (await catalogue.videos()).filter(({ id, state }) => state === 'indexed' && id !== args.exclude);
  const concerned = others.filter(({ spaces }) => spaces.includes(key));
  const facts = factsOf(query, args.query);
  const found: Occurrence[] = [];
  for (let start = 0; start < concerned.length; start += portion) {
    const some = concerned.slice(start, start + portion);
    const ids = some.map(({ id }) => id);
    for (const [i, frames] of (await readFrames(database, key, ids)).entries()) {
      const fraction = (start + i) / concerned.length;
      const wait = pause('Comparing', fraction);
      if (wait) await wait;
      const { id, probe } = some[i] as (typeof some)[number];
      if (!frames || frames.count === 0) continue;
      const match = toTimeline(frames, probe?.duration);
      if (!sharesFrames(query, match, kind)) continue;
      const { segments, mirrored, cropped } = await inSlices(
        align(query, match, kind),
        pause,
        'Comparing',
        () => fraction,
      );
      if (segments.length === 0) continue;
      const { spacing, duration } = match;
      found.push({
        id,
        containment: containment(segments, facts.to - facts.from, duration),
        segments,
        mirrored,
        cropped,
        spacing,
      });
    }
  }
  const shared = new Map(found.map(({ id, segments }) => [id, covered(segments.map((segment) => segment.query))]));
  found.sort((a, b) => (shared.get(b.id) ?? 0) - (shared.get(a.id) ?? 0) || (a.id < b.id ? -1 : 1));
  return {
    query: facts,
    found,
    compared: concerned.length,
    lacking: others.filter(({ spaces, probe }) => !spaces.includes(key) && probe?.video !== undefined).length,
  };
}

function open({ features, duration, part }: TimelineSource): { timeline: Timeline; kind: HashKind } {
  const kind = hashKindOf(features.space);
  if (!kind) throw differing();
  const timeline = toTimeline(features, duration, part);
  if (timeline.count === 0) throw new AppError('part-empty', 'no frame lies in the part');
  return { timeline, kind };
}

function differing(): AppError {
  return new AppError('spaces-differ', 'these hashes cannot be compared', { extractor: 'wavelet-hash' });
}

function factsOf({ count, telling, duration, spacing }: Timeline, { part }: TimelineSource): TimelineFacts {
  return { count, telling: telling.filter(Boolean).length, from: part?.from ?? 0, to: duration, spacing };
}
