import { expect, test } from 'vitest';
import { describeError, errorMessages } from './error-messages';
import { fileSize } from './file-size';
import { timeLeft } from './time-left';

test('every error says what happened and what to do, in whole sentences, with and without facts', () => {
  const facts = {
    width: 9000,
    height: 5000,
    limit: 8192,
    codec: 'cinepak',
    file: 'a.onnx',
    status: 404,
    bytes: 12,
    operator: 'Cast',
    reason: 'it is empty',
    outputs: 'logits [N, 1000]',
    dimensions: 512,
  };
  for (const [code, words] of Object.entries(errorMessages)) {
    for (const { what, todo } of [words({}), words(facts)]) {
      expect(what, code).toMatch(/^[A-Z].*[.]$/);
      expect(todo, code).toMatch(/^[A-Z].*[.]$/);
      expect(`${what} ${todo}`, code).not.toMatch(/undefined|NaN| {2}| \.( |$)/);
    }
  }
  expect(describeError({ code: 'codec-unsupported', details: { codec: 'cinepak' } }).what).toContain('(cinepak)');
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1 kB'],
  [999_600, '1 MB'],
  [1_440_000, '1.4 MB'],
  [123_456_789, '123 MB'],
  [3_200_000_000, '3.2 GB'],
])('%d bytes are written %s', (bytes, text) => {
  expect(fileSize(bytes)).toBe(text);
});

test.each([
  [0, '1 s left'],
  [35.4, '35 s left'],
  [89, '1 min left'],
  [3600, '1 h left'],
  [7800, '2 h 10 min left'],
])('%d seconds read %s', (seconds, text) => {
  expect(timeLeft(seconds)).toBe(text);
});
