import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clipTokenizer, tinyTokenizer } from '../../../e2e/fixtures/clip-tokenizer';
import { sharedModels } from '../../../e2e/fixtures/shared-data';
import type { Inference } from '../extractor';
import { clipTokens, describeText } from './clip-text';
import { unitRows } from './unit-rows';

const [start, end] = [49_406, 49_407];
const ids = (text: string, tokenizer: object, length = 77) => {
  const tokens = Array.from(clipTokens(text, tokenizer, length));
  return tokens.slice(0, tokens.indexOf(end) + 1);
};

describe('clipTokens', () => {
  const { tokenizer, tokens } = tinyTokenizer(['red', 'green', 'blue']);
  const of = (word: string) => tokens.get(word) as number;

  it('lays a text between start and end, and pads with ends', () => {
    const found = clipTokens('Red  GREEN', tokenizer, 6);
    expect(Array.from(found)).toEqual([start, of('red'), of('green'), end, end, end]);
  });

  it('cuts a text that is too long and keeps the end', () => {
    const long = Array.from({ length: 100 }, () => 'blue').join(' ');
    const found = clipTokens(long, tokenizer, 77);
    expect(found.length).toBe(77);
    expect(Array.from(found.slice(0, 76))).toEqual([start, ...Array.from({ length: 75 }, () => of('blue'))]);
    expect(found[76]).toBe(end);
  });

  it('gives start and end for nothing', () => {
    expect(ids('', tokenizer)).toEqual([start, end]);
  });
});

describe.skipIf(!sharedModels)('with the published vocabulary', () => {
  const read = (file: string) => readFileSync(`${sharedModels}/clip-tokenizer/${file}`, 'utf8');
  const merges = sharedModels
    ? read('merges.txt')
        .split('\n')
        .slice(1)
        .filter((line) => line !== '')
    : [];
  const tokenizer = sharedModels ? clipTokenizer(JSON.parse(read('vocab.json')), merges) : {};

  // Ids that others give as those of OpenAI's own tokenizer: in the tests of ports of it to Swift, Go and Python.
  it.each([
    ['a photo of a cat', [320, 1125, 539, 320, 2368]],
    ['a photo of a dog', [320, 1125, 539, 320, 1929]],
    ['A Photo  of\na CAT', [320, 1125, 539, 320, 2368]],
    ['A Photo of a TREE!', [320, 1125, 539, 320, 2677, 256]],
    ['hello, world!', [3306, 267, 1002, 256]],
    ['a diagram', [320, 22697]],
    ['dog on a beach', [1929, 525, 320, 2117]],
    ['2 dogs and 3 cats', [273, 3255, 537, 274, 3989]],
    ["it's a cat's toy, running   fast", [585, 568, 320, 2368, 568, 5988, 267, 2761, 1953]],
    ['person working at a computer', [2533, 1699, 536, 320, 11639, 652]],
    ['code editor with syntax highlighting', [3217, 7661, 593, 3758, 3879, 17344]],
  ])('gives the published ids of %j', (text, expected) => {
    expect(ids(text, tokenizer)).toEqual([start, ...expected, end]);
  });
});

describe('describeText', () => {
  it('asks the network for one text and gives a vector of length 1', async () => {
    const { tokenizer } = tinyTokenizer(['red']);
    const asked: number[] = [];
    const inference: Inference = {
      modelHash: 'a',
      input: { kind: 'tokens', length: 77 },
      dimensions: 2,
      run: async (items, count) => {
        asked.push(items.length, count);
        return { features: Float32Array.of(3, 4), scores: undefined };
      },
    };
    const vector = await describeText('red', { inference, tokenizer });
    expect(asked).toEqual([77, 1]);
    expect(vector[0]).toBeCloseTo(0.6, 6);
    expect(vector[1]).toBeCloseTo(0.8, 6);
  });
});

it('brings every row to length 1 and leaves zeros', () => {
  const rows = unitRows(Float32Array.of(3, 4, 0, 0, 0, 2), 2);
  expect(Array.from(rows, (value) => Number(value.toFixed(5)))).toEqual([0.6, 0.8, 0, 0, 0, 1]);
});
