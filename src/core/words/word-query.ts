import { type ClassMatrix, classesPerMoment, type Recognised, type Vocabulary } from '../classes';
import type { VideoRecord } from '../video';
import { shortClassName } from '../vocabularies/class-name';
import type { ClassSets, Lexicon } from './lexicon';
import { stemOf, wordsOf } from './stems';

/** One thing that is looked for: a word, or words that are one thing. */
export type Term = {
  readonly words: readonly string[];
  readonly stems: readonly string[];
  readonly classes: ClassSets;
};

type TextField = 'title' | 'tags' | 'labels' | 'name' | 'description';

/** A class of the term's kind that a network recognised. */
type ClassReason = {
  readonly kind: 'class';
  readonly vocabulary: Vocabulary;
  /** The class, or the term where several classes of its kind add up. */
  readonly name: string;
  readonly probability: number;
  /** When it is likeliest, seconds. */
  readonly time: number;
  readonly term: string;
};

/** A network that was trained on pictures and texts together found the whole text in the pictures. */
export type MeaningReason = {
  readonly kind: 'meaning';
  /** Whose vectors were compared. */
  readonly extractor: string;
  /** See {@link relevancy}. */
  readonly probability: number;
  /** When the text lies nearest, seconds; undefined where no frames are kept. */
  readonly time: number | undefined;
  /** All that was typed. */
  readonly term: string;
};

/** Why a video was found. `term` is what was looked for. */
export type Reason =
  | ClassReason
  | MeaningReason
  | { readonly kind: 'text'; readonly field: TextField; readonly term: string };

/** What a network recognised in a video, moment by moment. */
export type SeenMoments = Pick<ClassMatrix, 'vocabulary' | 'classes' | 'probabilities' | 'times'>;

const vocabularies = ['imagenet', 'audioset'] as const;
const longestName = 5;
const shortestPrefix = 3;
const stopWords = new Set('a an and at by for from in is of on or the to with'.split(' '));

/** Parts a text into things to look for: the longest names that the lexicon knows, else single words. */
export function parseTerms(text: string, lexicon: Lexicon): Term[] {
  const words = wordsOf(text);
  const stems = words.map(stemOf);
  const terms: Term[] = [];
  for (let from = 0; from < words.length; ) {
    let length = Math.min(longestName, words.length - from);
    while (length > 1 && !lexicon.knows(stems.slice(from, from + length))) length--;
    const to = from + length;
    if (length > 1 || !stopWords.has(words[from] as string)) {
      const [some, kept] = [words.slice(from, to), stems.slice(from, to)];
      terms.push({ words: some, stems: kept, classes: lexicon.classesOf(kept) });
    }
    from = to;
  }
  return terms;
}

/** How well a video answers a query, 0..1, and why: the mean over its terms, of which one may be missing. A word that
 * a person wrote counts 1, a class that a network recognised its probability; `moments`, where given, tell that of the
 * terms' kind as a whole, else it is estimated from the record. */
export function answer(
  video: VideoRecord,
  terms: readonly Term[],
  moments?: readonly SeenMoments[],
): { score: number; reasons: readonly Reason[] } {
  let sum = 0;
  const reasons: Reason[] = [];
  for (const term of terms) {
    const field = fieldWith(video, term);
    const seen = moments ? seenAs(moments, term) : recognisedAs(video.recognised ?? [], term);
    if (field) reasons.push({ kind: 'text', field, term: term.words.join(' ') });
    if (seen) reasons.push(seen);
    sum += field ? 1 : (seen?.probability ?? 0);
  }
  return { score: terms.length > 0 ? sum / terms.length : 0, reasons };
}

function fieldWith({ title, tags, labels, name, description }: VideoRecord, term: Term): TextField | undefined {
  const texts: [TextField, readonly string[]][] = [
    ['title', title ? [title] : []],
    ['tags', tags ?? []],
    ['labels', labels],
    ['name', [name]],
    ['description', description ? [description] : []],
  ];
  return texts.find(([, some]) => some.some((text) => contains(text, term)))?.[0];
}

/** Whether the term's words stand in a text, in any form; the last may be unfinished. */
function contains(text: string, { words, stems }: Term): boolean {
  const lower = text.toLowerCase();
  // `YoYo` is two words and one.
  for (const found of [wordsOf(text), wordsOf(lower)]) {
    const foundStems = found.map(stemOf);
    for (let at = 0; at + words.length <= found.length; at++) {
      const fits = words.every((word, i) => {
        const begun = i === words.length - 1 && word.length >= shortestPrefix && found[at + i]?.startsWith(word);
        return foundStems[at + i] === stems[i] || begun;
      });
      if (fits) return true;
    }
  }
  return false;
}

/** What a network recognised of the term: at most, for its classes may be likeliest at different moments. Classes of
 * pictures exclude one another, so that their probabilities add up; sounds do not, and the likeliest counts. */
function recognisedAs(recognised: readonly Recognised[], term: Term): ClassReason | undefined {
  return likeliest(
    vocabularies.flatMap((vocabulary) => {
      const { classes } = term;
      const found = recognised.filter((one) => one.vocabulary === vocabulary && classes[vocabulary].has(one.class));
      const [first] = [...found].sort((a, b) => b.best - a.best);
      if (!first) return [];
      const sure = found.map(({ best }) => best);
      return [reasonOf(term, vocabulary, first.class, sure, first.time)];
    }),
  );
}

/** The moment at which the term's classes are likeliest. */
function seenAs(moments: readonly SeenMoments[], term: Term): ClassReason | undefined {
  return likeliest(
    moments.flatMap(({ vocabulary, classes, probabilities, times }) => {
      const wanted = term.classes[vocabulary];
      let best: ClassReason | undefined;
      for (let moment = 0; wanted.size > 0 && moment < times.length; moment++) {
        const sure: number[] = [];
        let first = -1;
        for (let i = moment * classesPerMoment; i < (moment + 1) * classesPerMoment; i++) {
          if (!wanted.has(classes[i] as number) || probabilities[i] === 0) continue;
          if (first < 0) first = classes[i] as number;
          sure.push(probabilities[i] as number);
        }
        if (first < 0) continue;
        best = likeliest([...(best ? [best] : []), reasonOf(term, vocabulary, first, sure, times[moment] as number)]);
      }
      return best ? [best] : [];
    }),
  );
}

/** `sure` are the probabilities of the term's classes, the first one's of `first`. */
function reasonOf(
  { words }: Term,
  vocabulary: Vocabulary,
  first: number,
  sure: readonly number[],
  time: number,
): ClassReason {
  const adds = vocabulary === 'imagenet' && sure.length > 1;
  const most = Math.max(...sure);
  const probability = Math.min(1, adds ? sure.reduce((sum, one) => sum + one, 0) : most);
  const term = words.join(' ');
  const name = adds && most < 0.9 * probability ? term : shortClassName(vocabulary, first);
  return { kind: 'class', vocabulary, name, probability, time, term };
}

function likeliest(reasons: readonly ClassReason[]): ClassReason | undefined {
  return reasons.reduce<ClassReason | undefined>(
    (best, one) => (best && best.probability >= one.probability ? best : one),
    undefined,
  );
}
