import { expect, test } from 'vitest';
import { indexPaths, normalisePath } from './path-suffix';

const library = indexPaths([
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
  expect(library.match(path)).toEqual({ kind: 'found', id, depth });
});

test('names what a path could mean', () => {
  const match = library.match('a.avi');
  expect(match.kind === 'ambiguous' && [...match.candidates].sort()).toEqual([
    'UCF101/Diving/a.avi',
    'UCF101/YoYo/a.avi',
  ]);
  expect(library.match('same/d.avi')).toEqual({ kind: 'ambiguous', candidates: ['same/d.avi', 'same/d.avi'] });
});

test.each(['e.avi', 'YoYo', '', '/', 'toString'])('%j is missing', (path) => {
  expect(library.match(path)).toEqual({ kind: 'missing' });
});

test('spellings of one name are one', () => {
  expect(normalisePath('a\\cafe\u0301.mp4')).toBe(normalisePath('./a/caf\u00e9.mp4'));
});

test('takes 200,000 paths that share one name', () => {
  const paths = Array.from({ length: 200_000 }, (_, i) => ({ id: String(i), path: `root/class${i}/clip.avi` }));
  const index = indexPaths(paths);
  expect(
    paths.every(({ id, path }) => {
      const match = index.match(`x/${path}`);
      return match.kind === 'found' && match.id === id;
    }),
  ).toBe(true);
  expect(index.match('clip.avi').kind).toBe('ambiguous');
});
