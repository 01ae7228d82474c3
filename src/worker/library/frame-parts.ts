import type { TimedFrames } from '../../core/ranking/best-moment';
import { chamferAmong, chamferSimilarity, type FrameSet, frameSet } from '../../core/ranking/frame-sets';
import type { RankedPart } from '../../core/ranking/rank-row';
import type { RankingRecipe } from '../../core/ranking/recipe';
import type { Database } from '../storage/database';
import { readFrames } from '../storage/features';
import type { SpaceIndex } from './space-index';

type Searched = { readonly key: string; readonly index: SpaceIndex; readonly frames: TimedFrames | undefined };

/** Videos whose frames are read at a time. */
const portion = 16;

/** The parts, with the candidates of `head` compared by their sets of frames. A part stays as it is where the query has
 * no frames. */
export async function comparedByFrames(
  database: Database,
  searched: readonly Searched[],
  parts: readonly RankedPart[],
  ids: readonly string[],
  head: readonly number[],
  { rerank }: RankingRecipe,
): Promise<RankedPart[]> {
  const compared: RankedPart[] = [];
  for (const [at, { key, index, frames }] of searched.entries()) {
    const part = parts[at] as RankedPart;
    const setOf = (stored: TimedFrames) => frameSet(stored, index.geometry.metric, index.comparison.stages);
    const query = frames && setOf(frames);
    if (!query) {
      compared.push(part);
      continue;
    }
    const sets = new Map<number, FrameSet | undefined>();
    for (let from = 0; from < head.length; from += portion) {
      const some = head.slice(from, from + portion);
      const stored = await readFrames(
        database,
        key,
        some.map((candidate) => ids[candidate] ?? ''),
      );
      some.forEach((candidate, i) => {
        const found = stored[i];
        sets.set(candidate, found && found.dimensions === frames.dimensions ? setOf(found) : undefined);
      });
    }
    const among = (some: readonly number[]) => {
      const members = [query, ...some.map((candidate) => sets.get(candidate))];
      const alike = (i: number, j: number) => {
        const [a, b] = [members[i], members[j]];
        return a && b ? chamferSimilarity(a, b) : undefined;
      };
      return chamferAmong(members.length, alike, rerank.length === 0);
    };
    compared.push({ ...part, among });
  }
  return compared;
}
