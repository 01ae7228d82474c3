import { expect, test } from 'vitest';
import { normalisePath, pathMatcher } from './path-suffix';

const library = pathMatcher([
  { id: 'yoyo', path: 'UCF101/YoYo/a.avi' },
  { id: 'diving', path: 'UCF101/Diving/a.avi' },
  { id: 'bare', path: 'b.avi' },
  { id: 'nested', path: 'more/b.avi' },
  { id: 'copied', path: 'one/c.avi' },
  { id: 'copied', path: 'two/c.avi' },
  { id: 'first', path: 'same/d.avi' },
  { id: 'second', path: 'same/d.avi' },
  { id: 'proto', path: '__proto__/constructor.avi' },
]);

test.each([
  ['/data/set/YoYo/a.avi', 'yoyo', 2],
  ['Diving\\a.avi', 'diving', 2],
  ['./UCF101//YoYo/a.avi', 'yoyo', 3],
  ['b.avi', 'bare', 1],
  ['elsewhere/b.avi', 'bare', 1],
  ['more/b.avi', 'nested', 2],
  ['c.avi', 'copied', 1],
  ['__proto__/constructor.avi', 'proto', 2],
])('%s is %s', (path, id, depth) => {
  expect(library(path)).toMatchObject({ kind: 'match', id, depth });
});

test.each([
  ['/data/set/YoYo/a.avi', true],
  ['UCF101/YoYo/a.avi', false],
  ['YoYo/a.avi', false],
  ['elsewhere/b.avi', false],
  ['three/c.avi', true],
])('where %s and the known path both go on, they differ: %s', (path, differs) => {
  expect(library(path)).toMatchObject({ differs });
});

test('names what a path could mean', () => {
  const match = library('a.avi');
  expect(match.kind === 'ambiguous' && [...match.ids].sort()).toEqual(['diving', 'yoyo']);
  expect(library('same/d.avi')).toEqual({ kind: 'ambiguous', ids: ['first', 'second'] });
});

test.each(['e.avi', 'YoYo', '', '/', 'toString'])('%j is missing', (path) => {
  expect(library(path)).toEqual({ kind: 'none' });
});

test('spellings of one name are one', () => {
  expect(normalisePath('a\\cafe\u0301.mp4')).toBe(normalisePath('./a/caf\u00e9.mp4'));
});

test('takes 50,000 paths that share one name', () => {
  const paths = Array.from({ length: 50_000 }, (_, i) => ({ id: String(i), path: `root/class${i}/clip.avi` }));
  const index = pathMatcher(paths);
  expect(
    paths.every(({ id, path }) => {
      const match = index(`x/${path}`);
      return match.kind === 'match' && match.id === id;
    }),
  ).toBe(true);
  expect(index('clip.avi').kind).toBe('ambiguous');
}, 60_000);
