import type { Vocabulary } from '../classes';
import names from '../vocabularies/class-names.json';
import data from '../vocabularies/lexicon.json';
import { stemOf, wordsOf } from './stems';

/** Classes that a word stands for, by vocabulary. */
export type ClassSets = Readonly<Record<Vocabulary, ReadonlySet<number>>>;

type Sets = Record<Vocabulary, Set<number>>;

/** Words that lead to classes: their names, WordNet's synonyms of them and all that they are kinds of. */
export type Lexicon = {
  /** Whether these stems, in this order, are one thing: `golden retriev`. */
  knows(stems: readonly string[]): boolean;
  /** The classes that are or are kinds of what the stems say; where a vocabulary has none, those with a name that
   * has the single stem in it. */
  classesOf(stems: readonly string[]): ClassSets;
};

const vocabularies = ['imagenet', 'audioset'] as const;
const empty = (): Sets => ({ imagenet: new Set(), audioset: new Set() });

/** Builds the lexicon from the committed extract of WordNet 3.0: some milliseconds. */
export function createLexicon(): Lexicon {
  const classes = classesOfSynsets();
  const exact = new Map<string, Sets>();
  const partial = new Map<string, Sets>();
  const at = (map: Map<string, Sets>, key: string) => {
    const known = map.get(key) ?? empty();
    map.set(key, known);
    return known;
  };
  for (const [i, [lemmas]] of (data.synsets as [string, ...number[]][]).entries()) {
    for (const lemma of lemmas.split('|')) {
      const sets = at(exact, keyOf(lemma));
      for (const vocabulary of vocabularies)
        for (const found of classes[i]?.[vocabulary] ?? []) sets[vocabulary].add(found);
    }
  }
  for (const vocabulary of vocabularies) {
    for (const [number, name] of names[vocabulary].entries()) {
      for (const part of name.replace(/\(.*\)/, '').split(',')) at(exact, keyOf(part))[vocabulary].add(number);
      for (const word of wordsOf(name)) at(partial, stemOf(word))[vocabulary].add(number);
    }
  }
  for (const [number, synset] of data.imagenet.entries()) {
    for (const word of wordsOf(data.synsets[synset]?.[0] as string)) at(partial, stemOf(word)).imagenet.add(number);
  }
  return {
    knows: (stems) => exact.has(stems.join(' ')),
    classesOf(stems) {
      const found = exact.get(stems.join(' ')) ?? empty();
      const [stem, ...others] = stems;
      const similar = (others.length === 0 && stem !== undefined && partial.get(stem)) || empty();
      const either = (vocabulary: Vocabulary) => (found[vocabulary].size > 0 ? found : similar)[vocabulary];
      return { imagenet: either('imagenet'), audioset: either('audioset') };
    },
  };
}

/** For each synset the classes that are of its kind. */
function classesOfSynsets(): Sets[] {
  const sets = data.synsets.map(empty);
  const mark = (synset: number, vocabulary: Vocabulary, number: number) => {
    const known = sets[synset]?.[vocabulary];
    if (!known || known.has(number)) return;
    known.add(number);
    for (const parent of (data.synsets[synset] as [string, ...number[]]).slice(1)) {
      mark(parent as number, vocabulary, number);
    }
  };
  for (const [number, synset] of data.imagenet.entries()) mark(synset, 'imagenet', number);
  for (const [number, synsets] of data.audioset.entries()) for (const one of synsets) mark(one, 'audioset', number);
  return sets;
}

function keyOf(phrase: string): string {
  return wordsOf(phrase).map(stemOf).join(' ');
}
