import { expect, it } from 'vitest';
import { classesPerMoment } from '../classes';
import { momentTags } from './moment-tags';
import type { SeenMoments } from './word-query';

function seen(vocabulary: SeenMoments['vocabulary'], step: number, likeliest: [number, number][]): SeenMoments {
  const classes = new Uint16Array(likeliest.length * classesPerMoment);
  const probabilities = new Float32Array(classes.length);
  for (const [i, [number, probability]] of likeliest.entries()) {
    classes[i * classesPerMoment] = number;
    probabilities[i * classesPerMoment] = probability;
  }
  return { vocabulary, classes, probabilities, times: Float64Array.from(likeliest.keys(), (i) => i * step) };
}

it('joins neighbouring moments of one class and leaves out what is not sure', () => {
  const pictures = seen('imagenet', 1, [
    [7, 0.5],
    [7, 0.75],
    [7, 0.01],
    [7, 0.25],
    [9, 0.5],
  ]);
  const sounds = seen('audioset', 0.5, [
    [3, 0.1],
    [3, 0.5],
  ]);
  expect(momentTags([pictures, sounds])).toEqual([
    { vocabulary: 'imagenet', class: 7, from: 0, to: 1, probability: 0.75 },
    { vocabulary: 'audioset', class: 3, from: 0.5, to: 0.5, probability: 0.5 },
    { vocabulary: 'imagenet', class: 7, from: 3, to: 3, probability: 0.25 },
    { vocabulary: 'imagenet', class: 9, from: 4, to: 4, probability: 0.5 },
  ]);
  expect(momentTags([])).toEqual([]);
});
