import { expect, test } from 'vitest';
import { lineOf, syntaxFault } from './json-lines';

const text =
  '{\n"name": "a.b[0]",\n"summary": [\n{ "metric": "ap",\n"micro": 0.5 },\n{}\n],\n"queries": { "values":\n[[1,\n2]] }\n}';

test('the line of a member, or of the nearest around one that is not there', async () => {
  expect(await lineOf(text, 'name')).toBe(2);
  expect(await lineOf(text, 'summary[0].micro')).toBe(5);
  expect(await lineOf(text, 'summary[1].micro')).toBe(6);
  expect(await lineOf(text, 'queries.values[0][1]')).toBe(10);
  expect(await lineOf(text, 'nothing')).toBe(1);
});

test('where a text stops being JSON', async () => {
  expect(await syntaxFault(text)).toBe('');
  expect(await syntaxFault('{\n "format": "x",\n "version": }')).toBe(' (line 3, column 13: value expected)');
  expect(await syntaxFault('{"a": 1} // note')).toContain('line 1, column 10');
  expect(await syntaxFault('{"a": [1,2')).toMatch(/line 1/);
});
