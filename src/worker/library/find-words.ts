import { once } from '../../core/async';
import type { Match } from '../../core/ranking/match';
import { rankCandidates } from '../../core/ranking/rank-candidates';
import { answer, parseTerms } from '../../core/words/word-query';
import type { WordMatch, WordsArgs } from '../../protocol/library-api';
import type { CallOptions } from '../../protocol/progress';
import type { Database } from '../storage/database';
import { readClasses } from '../storage/features';
import type { VideoRow } from '../storage/schema';
import type { Catalogue } from './catalogue';

/** Videos whose moments are read; those below are ranked by their records. */
const momentsFor = 200;

const lexicon = once(async () => (await import('../../core/words/lexicon')).createLexicon());

/** Videos that answer a query of words; see `LibraryApi.findWords`. */
export async function findWords(
  database: Database,
  catalogue: Catalogue,
  { text, limit, excludeGroup }: WordsArgs,
  { signal }: CallOptions = {},
): Promise<readonly WordMatch[]> {
  const terms = parseTerms(text, await lexicon());
  const videos = ((await catalogue.videos()) as readonly VideoRow[]).filter(
    ({ group }) => excludeGroup === undefined || group !== excludeGroup,
  );
  const estimates = Float64Array.from(videos, (video) => answer(video, terms).score);
  const byId = new Map(videos.map((video) => [video.id, video]));
  const likely = rankCandidates(videos, estimates, Math.max(limit, momentsFor)).filter(
    ({ similarity }) => similarity > 0,
  );
  const read = await readClasses(
    database,
    likely.slice(0, momentsFor).map(({ id }) => id),
  );
  const found = likely.map(({ id }, i) => {
    const video = byId.get(id) as VideoRow;
    return { video, ...answer(video, terms, read[i]) };
  });
  signal?.throwIfAborted();
  const scores = Float64Array.from(found, ({ score }) => score);
  const places = new Map(found.map((one) => [one.video.id, one]));
  return rankCandidates(
    found.map(({ video }) => video),
    scores,
    limit,
  ).flatMap((match): WordMatch[] => {
    const { reasons } = places.get(match.id) as (typeof found)[number];
    if (match.similarity === 0) return [];
    const percentile = 100 - (100 * match.rank) / videos.length;
    return [{ ...match, percentile, parts: [], moment: momentOf(reasons), reasons }];
  });
}

/** The moment of the likeliest class: where playing begins. */
function momentOf(reasons: WordMatch['reasons']): Match['moment'] {
  const [first] = reasons.filter((reason) => reason.kind === 'class').sort((a, b) => b.probability - a.probability);
  return first && { time: first.time, queryTime: 0, similarity: first.probability, resolution: 0 };
}
