import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dataSetText, evaluationSet, sharesClass } from './evaluation-set';
import { defaultProtocol, galleryRule, type Protocol } from './protocols';

const set = evaluationSet([
  { id: 'd', path: 'd', labels: ['B'], group: 'g2', split: 'test' },
  { id: 'a', path: 'a', labels: ['A'], group: 'g1', split: 'train' },
  { id: 'b', path: 'b', labels: ['A', '__proto__'], group: 'g1', split: 'test' },
  { id: 'c', path: 'c', labels: ['B', 'A', 'B'] },
  { id: 'e', path: 'e', labels: [] },
]);

test('a set is in the order of paths, whatever order it came in', () => {
  expect(set.videos.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
  expect(set.classes).toEqual(['A', 'B', '__proto__']);
  expect([...set.labels]).toEqual([0, 0, 2, 0, 1, 1]);
  expect(set.unlabelled).toBe(1);
  expect([sharesClass(set, 0, 1), sharesClass(set, 1, 3), sharesClass(set, 2, 3)]).toEqual([true, false, true]);
  expect(dataSetText(set).split('\n')[2]).toBe('["c",["A","B"],null,null]');
  expect(dataSetText(evaluationSet([...set.videos].reverse()))).toBe(dataSetText(set));
});

describe('gallery of a query', () => {
  const galleries = (protocol: Protocol) => {
    const rule = galleryRule(set, protocol);
    return Object.fromEntries(
      Array.from(rule.queries, (query) => {
        const hidden = new Set(rule.excluded(query));
        return [
          set.videos[query]?.id,
          [...rule.gallery]
            .filter((video) => !hidden.has(video))
            .map((video) => set.videos[video]?.id)
            .join(''),
        ];
      }),
    );
  };

  test.each([
    ['official-split', { b: 'a', d: 'a' }],
    ['group-excluded', { a: 'cd', b: 'cd', c: 'abd', d: 'abc' }],
    ['leave-one-out', { a: 'bcd', b: 'acd', c: 'abd', d: 'abc' }],
    ['with-query', { a: 'abcd', b: 'abcd', c: 'abcd', d: 'abcd' }],
  ] as const)('%s', (name, expected) => {
    expect(galleries({ name })).toEqual(expected);
  });

  test('group-excluded is the default where groups are known', () => {
    expect(defaultProtocol(set).name).toBe('group-excluded');
    expect(defaultProtocol(evaluationSet([{ id: 'a', path: 'a', labels: ['A'] }])).name).toBe('leave-one-out');
  });
});

describe('holdout', () => {
  const clips = Array.from({ length: 200 }, (_, i) => ({
    id: `${i}`,
    path: `${i}`,
    labels: [`class ${i % 4}`],
    group: `${i % 4}/${Math.floor(i / 20)}`,
  }));
  const many = evaluationSet(clips);
  const split = (seed: number, groupAware: boolean) =>
    galleryRule(many, { name: 'holdout', share: 0.7, groupAware, seed });

  test('parts are disjoint, complete, stratified, keep groups whole, and follow the seed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.boolean(), (seed, groupAware) => {
        const { queries, gallery } = split(seed, groupAware);
        expect([...queries, ...gallery].sort((a, b) => a - b)).toEqual([...many.videos.keys()]);
        const share = (label: number) => gallery.filter((video) => many.labels[video] === label).length / 50;
        for (let label = 0; label < 4; label++) expect(share(label)).toBeCloseTo(0.7, 10);
        if (groupAware) {
          const groups = new Set(gallery.map((video) => many.groups[video] as number));
          expect(queries.some((video) => groups.has(many.groups[video] as number))).toBe(false);
        }
        expect(split(seed, groupAware).gallery).toEqual(gallery);
      }),
      { numRuns: 30 },
    );
    expect(split(1, true).gallery).not.toEqual(split(2, true).gallery);
  });

  test('a class of one source is never asked for, one of two always is', () => {
    const odd = evaluationSet([
      ...[1, 2, 3].map((i) => ({ id: `x${i}`, path: `x${i}`, labels: ['X'], group: 'x' })),
      { id: 'y1', path: 'y1', labels: ['Y'], group: 'y1' },
      ...[2, 3, 4, 5].map((i) => ({ id: `y${i}`, path: `y${i}`, labels: ['Y'], group: 'y2' })),
    ]);
    for (let seed = 0; seed < 10; seed++) {
      const { queries } = galleryRule(odd, { name: 'holdout', share: 0.7, groupAware: true, seed });
      const asked = new Set([...queries].map((video) => odd.videos[video]?.group));
      expect(asked.has('x')).toBe(false);
      expect(asked.size).toBe(1);
    }
  });
});
