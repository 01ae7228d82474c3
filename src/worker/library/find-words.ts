import { once } from '../../core/async';
import { parseSpaceKey } from '../../core/feature';
import { bestMoment } from '../../core/ranking/best-moment';
import type { Match } from '../../core/ranking/match';
import { rankCandidates } from '../../core/ranking/rank-candidates';
import { relevancy } from '../../core/words/relevancy';
import { answer, type MeaningReason, parseTerms, type Reason, type Term } from '../../core/words/word-query';
import type { WordMatch, WordsArgs } from '../../protocol/library-api';
import type { CallOptions } from '../../protocol/progress';
import type { Database } from '../storage/database';
import { readClasses, readFrames } from '../storage/features';
import type { VideoRow } from '../storage/schema';
import type { Catalogue } from './catalogue';

type Meaning = WordsArgs['meanings'][number];
/** How well each video goes with the text, by one descriptor; videos without its vectors are not in it. */
type Relevancies = ReadonlyMap<string, number>;
type Found = { readonly video: VideoRow; readonly score: number; readonly reasons: readonly Reason[] };

/** Videos whose moments are read; those below are ranked by their records. */
const momentsFor = 200;

const lexicon = once(async () => (await import('../../core/words/lexicon')).createLexicon());

/** Videos that answer a query of words; see `LibraryApi.findWords`. */
export async function findWords(
  database: Database,
  catalogue: Catalogue,
  { text, meanings, limit, excludeGroup }: WordsArgs,
  { signal }: CallOptions = {},
): Promise<readonly WordMatch[]> {
  const terms = parseTerms(text, await lexicon());
  const relevancies: Relevancies[] = [];
  for (const meaning of meanings) relevancies.push(await relevanciesOf(catalogue, meaning));
  const videos = ((await catalogue.videos()) as readonly VideoRow[]).filter(
    ({ group }) => excludeGroup === undefined || group !== excludeGroup,
  );
  const estimates = videos.map((video) => answer(video, terms).score);
  // Words that no video answers say nothing of any of them.
  const wordsCount = estimates.some((score) => score > 0);
  const joined = ({ id }: VideoRow, words: number) => {
    const scores = relevancies.flatMap((of) => of.get(id) ?? []);
    if (wordsCount || scores.length === 0) scores.push(words);
    return scores.reduce((sum, score) => sum + score, 0) / scores.length;
  };
  const byId = new Map(videos.map((video) => [video.id, video]));
  const scores = Float64Array.from(videos, (video, i) => joined(video, estimates[i] as number));
  const likely = rankCandidates(videos, scores, Math.max(limit, momentsFor))
    .filter(({ similarity }) => similarity > 0)
    .map(({ id }) => byId.get(id) as VideoRow);
  signal?.throwIfAborted();
  const answered = await answers(database, likely, terms);
  const ranked = rankCandidates(
    likely,
    Float64Array.from(answered, ({ video, score }) => joined(video, score)),
    limit,
  ).filter(({ similarity }) => similarity > 0);
  const reasonsOf = new Map(answered.map(({ video, reasons }) => [video.id, reasons]));
  const meant = await meantReasons(database, text, meanings, relevancies, ranked);
  signal?.throwIfAborted();
  return ranked.map((match, i): WordMatch => {
    const reasons = [...(meant[i] ?? []), ...(reasonsOf.get(match.id) ?? [])];
    const percentile = 100 - (100 * match.rank) / videos.length;
    return { ...match, percentile, parts: [], moment: momentOf(reasons), reasons };
  });
}

/** What words find in these videos, by the moments of the first of them. */
async function answers(database: Database, videos: readonly VideoRow[], terms: readonly Term[]): Promise<Found[]> {
  const first = videos.slice(0, momentsFor).map(({ id }) => id);
  const read = await readClasses(database, first);
  return videos.map((video, i) => ({ video, ...answer(video, terms, read[i]) }));
}

async function relevanciesOf(
  catalogue: Catalogue,
  { space, vector, neutral, scale }: Meaning,
): Promise<Map<string, number>> {
  const index = await catalogue.index(space);
  const scored = index.scores(vector, 'cosine');
  const others = neutral.map((text) => index.scores(text, 'cosine')?.scores);
  return new Map(
    scored?.ids.map((id, i) => {
      const beside = others.flatMap((scores) => scores?.[i] ?? []);
      return [id, relevancy(scored.scores[i] as number, beside, scale)];
    }),
  );
}

/** What each descriptor that knows words says of the matches, and when its frames are nearest to the text. */
async function meantReasons(
  database: Database,
  text: string,
  meanings: readonly Meaning[],
  relevancies: readonly Relevancies[],
  matches: readonly { readonly id: string }[],
): Promise<MeaningReason[][]> {
  const reasons = matches.map((): MeaningReason[] => []);
  for (const [m, { space, vector }] of meanings.entries()) {
    const query = { frames: vector, times: [0], count: 1, dimensions: vector.length };
    for (const [i, { id }] of matches.entries()) {
      const probability = relevancies[m]?.get(id);
      if (probability === undefined) continue;
      const [frames] = await readFrames(database, space, [id]);
      const time = frames && bestMoment('cosine', query, frames)?.time;
      const extractor = parseSpaceKey(space)?.extractor ?? '';
      reasons[i]?.push({ kind: 'meaning', extractor, probability, time, term: text });
    }
  }
  return reasons;
}

/** The moment of the likeliest reason: where playing begins. */
function momentOf(reasons: readonly Reason[]): Match['moment'] {
  const timed = reasons.flatMap((reason) => {
    if (reason.kind === 'text' || reason.time === undefined) return [];
    return [{ time: reason.time, queryTime: 0, similarity: reason.probability, resolution: 0 }];
  });
  return timed.sort((a, b) => b.similarity - a.similarity)[0];
}
