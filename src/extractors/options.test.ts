import { expect, test } from 'vitest';
import { preprocessingOf } from '../core/feature';
import type { ExtractorOption } from './extractor';
import { knownOptions, optionsOfSpace, optionWords } from './options';

const options: readonly ExtractorOption[] = [
  { type: 'number', id: 'clusters', label: 'Colours', unit: 'colours', standard: 10, least: 5, most: 50 },
  {
    type: 'choice',
    id: 'space',
    label: 'Colour space',
    values: [
      { value: 'rgb', label: 'RGB' },
      { value: 'oklab', label: 'OKLab' },
    ],
  },
];
const card = { options };
const sampling = { instants: { mode: 'every' }, width: 8, height: 8, fit: 'squeeze' } as const;

test("defaults, unknown options and values out of range are left out; the order is the card's", () => {
  expect(knownOptions(card, { space: 'rgb', clusters: 10 })).toEqual({});
  expect(knownOptions(card, { clusters: 51, space: 'cmyk', other: 3 })).toEqual({});
  expect(Object.entries(knownOptions(card, { space: 'oklab', clusters: 20 }))).toEqual([
    ['clusters', 20],
    ['space', 'oklab'],
  ]);
  expect(knownOptions({}, { clusters: 20 })).toEqual({});
});

test('a space tells the options it was made with', () => {
  const chosen = { clusters: 20, space: 'oklab' };
  const preprocessing = preprocessingOf(sampling, undefined, chosen);
  expect(preprocessing).toBe('squeeze; clusters=20; space=oklab');
  expect(optionsOfSpace(card, preprocessing)).toEqual(chosen);
  expect(optionsOfSpace(card, 'squeeze')).toEqual({});
  expect(optionWords(card, chosen)).toBe('20 colours, OKLab');
  expect(optionWords(card, {})).toBe('');
});
