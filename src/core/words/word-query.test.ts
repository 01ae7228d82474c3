import { describe, expect, it } from 'vitest';
import type { Recognised, Vocabulary } from '../classes';
import { classesPerMoment } from '../classes';
import type { VideoRecord } from '../video';
import names from '../vocabularies/class-names.json';
import { createLexicon } from './lexicon';
import { stemOf, wordsOf } from './stems';
import { answer, parseTerms } from './word-query';

const lexicon = createLexicon();
const number = (vocabulary: Vocabulary, name: string) => names[vocabulary].indexOf(name);
const classesOf = (text: string, vocabulary: Vocabulary) => {
  const [term] = parseTerms(text, lexicon);
  return [...(term?.classes[vocabulary] ?? [])].map((at) => names[vocabulary][at]);
};
const video = (changes: Partial<VideoRecord> = {}): VideoRecord => ({
  id: 'a',
  name: 'clip.mp4',
  path: 'clip.mp4',
  bytes: 1,
  locations: [],
  added: 0,
  state: 'indexed',
  spaces: [],
  labels: [],
  ...changes,
});
const seen = (vocabulary: Vocabulary, name: string, best: number, time = 3): Recognised => ({
  vocabulary,
  class: number(vocabulary, name),
  probability: best / 2,
  best,
  time,
});
const find = (text: string, one: VideoRecord) => answer(one, parseTerms(text, lexicon));

describe('wordsOf', () => {
  it.each([
    ['v_ApplyLipstick_g01_c02.avi', ['v', 'apply', 'lipstick', 'g', '01', 'c', '02', 'avi']],
    ['HTTPServer café', ['http', 'server', 'café']],
    ["jack-o'-lantern", ['jack', 'o', 'lantern']],
  ])('parts %s', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });
});

describe('the lexicon', () => {
  it('names 1000 and 521 classes', () => {
    expect([names.imagenet.length, names.audioset.length]).toEqual([1000, 521]);
    expect(new Set(names.imagenet).size).toBe(1000);
    expect(names.imagenet.slice(0, 2)).toEqual(['tench', 'goldfish']);
    expect(names.imagenet[999]).toBe('toilet tissue');
  });

  it('finds a class by its name, a synonym, a kind, and any form of the word', () => {
    expect(classesOf('golden retriever', 'imagenet')).toEqual(['golden retriever']);
    expect(classesOf('basketball', 'imagenet')).toEqual(['basketball']);
    expect(classesOf('fiddle', 'imagenet')).toEqual(['violin']);
    expect(classesOf('automobile', 'imagenet')).toEqual(expect.arrayContaining(['sports car', 'cab', 'jeep']));
    expect(classesOf('automobiles', 'audioset')).toContain('car');
    expect(classesOf('popular music', 'audioset')).toEqual(expect.arrayContaining(['jazz', 'funk', 'heavy metal']));
    expect(classesOf('speech', 'audioset')).not.toContain('jazz');
    expect(classesOf('violins', 'audioset')).toEqual(['violin, fiddle']);
    const dogs = classesOf('dog', 'imagenet');
    expect(dogs.length).toBeGreaterThan(100);
    expect(dogs).toContain('golden retriever');
    expect(dogs).not.toContain('hotdog');
    expect(classesOf('musical instrument', 'audioset')).toEqual(
      expect.arrayContaining(['violin, fiddle', 'piano', 'drum']),
    );
    expect(classesOf('vehicle', 'imagenet')).toContain('ambulance');
  });

  it('takes names with the word in them where nothing is called so', () => {
    expect(classesOf('tennis', 'imagenet')).toContain('tennis ball');
    expect(classesOf('basketball', 'audioset')).toEqual(['basketball bounce']);
  });

  it('leads nowhere from words that say nothing', () => {
    expect(classesOf('entity', 'imagenet')).toEqual([]);
    expect(classesOf('qwertz', 'imagenet')).toEqual([]);
  });
});

describe('parseTerms', () => {
  it('keeps names of several words together and leaves small words out', () => {
    const terms = parseTerms('a Golden Retriever with the violin', lexicon);
    expect(terms.map(({ words }) => words.join(' '))).toEqual(['golden retriever', 'violin']);
    expect(parseTerms('of the', lexicon)).toEqual([]);
  });
});

describe('answer', () => {
  it('says what was recognised, how surely and when', () => {
    expect(find('fiddle', video({ recognised: [seen('audioset', 'violin, fiddle', 0.82)] }))).toEqual({
      score: 0.82,
      reasons: [{ kind: 'class', vocabulary: 'audioset', name: 'violin', probability: 0.82, time: 3, term: 'fiddle' }],
    });
  });

  it('adds up kinds that exclude one another, not sounds', () => {
    const dogs = video({ recognised: [seen('imagenet', 'golden retriever', 0.5), seen('imagenet', 'beagle', 0.25)] });
    expect(find('dog', dogs)).toMatchObject({ score: 0.75, reasons: [{ name: 'dog' }] });
    const music = video({ recognised: [seen('audioset', 'guitar', 0.5), seen('audioset', 'piano', 0.75)] });
    expect(find('musical instrument', music)).toMatchObject({ score: 0.75, reasons: [{ name: 'piano' }] });
  });

  it('finds the moment where the kind as a whole is likeliest', () => {
    const classes = new Uint16Array(2 * classesPerMoment);
    const probabilities = new Float32Array(2 * classesPerMoment);
    classes.set([number('imagenet', 'golden retriever')], 0);
    probabilities.set([0.5], 0);
    classes.set([number('imagenet', 'golden retriever'), number('imagenet', 'beagle')], classesPerMoment);
    probabilities.set([0.375, 0.25], classesPerMoment);
    const moments = [{ vocabulary: 'imagenet' as const, classes, probabilities, times: Float64Array.of(1, 2) }];
    expect(answer(video(), parseTerms('dog', lexicon), moments)).toMatchObject({
      score: 0.625,
      reasons: [{ name: 'dog', time: 2 }],
    });
  });

  it.each([
    ['title', { title: 'Our holiday by the sea' }, 'holidays'],
    ['tags', { tags: ['birthday party'] }, 'birthday'],
    ['labels', { labels: ['YoYo'] }, 'yoyo'],
    ['name', { name: 'v_ApplyLipstick_g01.avi' }, 'lipst'],
    ['description', { description: 'Somebody plays chess.' }, 'playing'],
  ] as const)('reads the %s', (field, changes, text) => {
    expect(find(text, video(changes))).toMatchObject({ score: 1, reasons: [{ kind: 'text', field }] });
  });

  it('does not find a word inside another, nor anything in nothing', () => {
    expect(find('cat', video({ title: 'Location' })).score).toBe(0);
    expect(find('cat', video()).reasons).toEqual([]);
  });

  it('halves what answers one of two words', () => {
    expect(find('violin lesson', video({ title: 'A lesson' })).score).toBe(0.5);
  });
});

it('stems', () => {
  expect(stemOf('retrievers')).toBe(stemOf('retriever'));
});
