import type { TimedFrames } from '../../core/ranking/best-moment';
import {
  amongVideos,
  type CloseDistance,
  type CloseView,
  closeSimilarity,
  closeView,
} from '../../core/ranking/close-comparison';
import type { RankedPart } from '../../core/ranking/rank-row';
import type { RankingRecipe } from '../../core/ranking/recipe';
import type { Database } from '../storage/database';
import { readFrames } from '../storage/features';
import type { SpaceIndex } from './space-index';

type Searched = { readonly key: string; readonly index: SpaceIndex; readonly frames: TimedFrames | undefined };

/** Videos whose frames are read at a time. */
const portion = 16;

/** The parts, with the candidates of `head` compared by their frames. A part stays as it is where the query has no frames,
 * or the distance does not concern the descriptor. */
export async function comparedByFrames(
  database: Database,
  searched: readonly Searched[],
  parts: readonly RankedPart[],
  ids: readonly string[],
  head: readonly number[],
  { distance, rerank }: RankingRecipe & { readonly distance: CloseDistance },
): Promise<RankedPart[]> {
  const compared: RankedPart[] = [];
  for (const [at, { key, index, frames }] of searched.entries()) {
    const part = parts[at] as RankedPart;
    const viewOf = (stored: TimedFrames) => closeView(distance, stored, index.geometry.metric, index.comparison.stages);
    const query = frames && viewOf(frames);
    if (!query) {
      compared.push(part);
      continue;
    }
    const views = new Map<number, CloseView | undefined>();
    for (let from = 0; from < head.length; from += portion) {
      const some = head.slice(from, from + portion);
      const stored = await readFrames(
        database,
        key,
        some.map((candidate) => ids[candidate] ?? ''),
      );
      some.forEach((candidate, i) => {
        const found = stored[i];
        views.set(candidate, found && found.dimensions === frames.dimensions ? viewOf(found) : undefined);
      });
    }
    const among = (some: readonly number[]) => {
      const members = [query, ...some.map((candidate) => views.get(candidate))];
      const alike = (i: number, j: number) => {
        const [a, b] = [members[i], members[j]];
        return a && b ? closeSimilarity(a, b) : undefined;
      };
      return amongVideos(members.length, alike, rerank.length === 0);
    };
    compared.push({ ...part, among });
  }
  return compared;
}
