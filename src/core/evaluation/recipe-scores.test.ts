import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../random';
import { comparisonOf } from '../ranking/comparison';
import { prepareVector } from '../ranking/prepare-vector';
import { improvedRecipe, originalRecipe, type RankingRecipe } from '../ranking/recipe';
import { evaluationSet } from './evaluation-set';
import { exactKernels } from './exact-kernels.fixture';
import { galleryRule, type Protocol } from './protocols';
import { type DescribedVideos, recipeScores } from './recipe-scores';

type Clip = {
  readonly group: number;
  readonly look: readonly number[];
  readonly sound: readonly number[] | undefined;
  readonly split: 'train' | 'test';
};

/** Clips of random looks: no two distances are equal, so rounding decides no rank. */
const clips = fc.record({ seed: fc.nat(), count: fc.integer({ min: 4, max: 30 }) }).map(({ seed, count }): Clip[] => {
  const random = seededRandom(seed);
  const values = (length: number) => Array.from({ length }, () => 9 * random());
  return Array.from({ length: count }, () => ({
    group: Math.floor(6 * random()),
    look: values(6),
    sound: random() < 0.7 ? values(4) : undefined,
    split: random() < 0.5 ? 'train' : 'test',
  }));
});

const early: RankingRecipe = { ...improvedRecipe, fusion: { name: 'early' } };
const recipes: readonly RankingRecipe[] = [
  originalRecipe,
  improvedRecipe,
  { ...improvedRecipe, candidates: 5, fusion: { name: 'late', normalisation: 'min-max' } },
  { ...improvedRecipe, distance: 'inner-product' },
  { ...improvedRecipe, rerank: [...improvedRecipe.rerank, { name: 'database-augmentation', neighbours: 3, alpha: 1 }] },
  early,
  { ...early, vector: [] },
  { ...improvedRecipe, vector: [{ name: 'centre' }] },
];

/** Scores of one query to every video it may find, by path. */
function scoresOf(all: readonly Clip[], query: number, recipe: RankingRecipe, protocol: Protocol): Map<string, number> {
  const path = (i: number) => `${i}`.padStart(3, '0');
  const set = evaluationSet(
    all.map(({ group, split }, i) => ({ id: path(i), path: path(i), labels: ['x'], group: `g${group}`, split })),
  );
  const described = (pick: (clip: Clip) => readonly number[] | undefined, dimensions: number): DescribedVideos => {
    const comparison = comparisonOf('cosine', recipe, 2);
    const rows = all.map((one) => pick(one));
    return {
      weight: dimensions,
      comparison,
      dimensions,
      present: Uint8Array.from(rows, (row) => (row ? 1 : 0)),
      matrix: Float32Array.from(
        rows.flatMap((row) => [
          ...prepareVector(Float32Array.from(row ?? Array(dimensions).fill(0)), comparison.stages),
        ]),
      ),
    };
  };
  const parts = [described(({ look }) => look, 6), described(({ sound }) => sound, 4)];
  const rule = galleryRule(set, protocol);
  const out = new Float32Array(rule.gallery.length);
  recipeScores(parts, recipe, rule, exactKernels).prepare(rule.gallery)(Int32Array.of(query), out);
  const excluded = new Set(rule.excluded(query));
  const found = new Map<string, number>();
  rule.gallery.forEach((video, column) => {
    if (!excluded.has(video)) found.set(path(video), out[column] as number);
  });
  return found;
}

function expectSame(found: Map<string, number>, expected: Map<string, number>): void {
  expect([...found.keys()]).toEqual([...expected.keys()]);
  for (const [path, score] of found) expect(score).toBeCloseTo(expected.get(path) ?? Number.NaN, 4);
}

test('a group that is excluded changes nothing: mean, spread, neighbours are as if its videos were not there', () => {
  fc.assert(
    fc.property(clips, fc.nat(), fc.constantFrom(...recipes), (all, pick, recipe) => {
      const query = pick % all.length;
      const group = all[query]?.group;
      // Mates that would draw the mean to themselves, and name the query as their neighbour, where they are seen.
      const planted = all.map((one, i) =>
        one.group === group && i !== query
          ? { ...one, look: (all[query]?.look ?? []).map((x, d) => 50 * x + 7 + i / (d + 1)) }
          : one,
      );
      const found = scoresOf(planted, query, recipe, { name: 'group-excluded' });
      // Each mate becomes something else altogether, and nothing moves.
      const changed = planted.map((one, i) =>
        one.group === group && i !== query ? { ...one, look: [9, 0, 9, 0, 9, i], sound: undefined } : one,
      );
      expectSame(found, scoresOf(changed, query, recipe, { name: 'group-excluded' }));
      // Without them, the query alone is excluded, and still nothing moves.
      const left = [...planted.entries()].filter(([i, one]) => i === query || one.group !== group);
      const alone = scoresOf(
        left.map(([, one]) => one),
        left.findIndex(([i]) => i === query),
        recipe,
        { name: 'leave-one-out' },
      );
      expect([...found.values()].length).toBe(alone.size);
      [...alone.values()].forEach((score, i) => {
        expect([...found.values()][i]).toBeCloseTo(score, 4);
      });
    }),
  );
}, 60_000);

test('under a split, what the other queries look like changes nothing', () => {
  fc.assert(
    fc.property(clips, fc.constantFrom(...recipes), (all, recipe) => {
      const query = all.findIndex(({ split }) => split === 'test');
      fc.pre(query >= 0 && all.some(({ split }) => split === 'train'));
      const changed = all.map((one, i) =>
        one.split === 'test' && i !== query ? { ...one, look: [1, 2, 3, 4, 5, i] } : one,
      );
      const protocol = { name: 'official-split' } as const;
      expectSame(scoresOf(all, query, recipe, protocol), scoresOf(changed, query, recipe, protocol));
    }),
  );
}, 60_000);

test('with the mates seen, the same plant does change the result', () => {
  const all: Clip[] = Array.from({ length: 12 }, (_, i) => ({
    group: i < 2 ? 0 : i,
    look: [i % 3, (i * 5) % 7, 1, i % 4, (i * i) % 5, 2],
    sound: [i % 2, 1, i % 5, 3],
    split: 'train',
  }));
  const changed = all.map((one, i) => (i === 1 ? { ...one, look: [9, 0, 9, 0, 9, 0] } : one));
  const of = (videos: readonly Clip[], name: 'group-excluded' | 'leave-one-out') => {
    const scores = scoresOf(videos, 0, improvedRecipe, { name });
    return [...scores].filter(([path]) => path !== '001').map(([, score]) => score);
  };
  const moved = (name: 'group-excluded' | 'leave-one-out') => {
    const after = of(changed, name);
    return Math.max(...of(all, name).map((score, i) => Math.abs(score - (after[i] as number))));
  };
  expect(moved('group-excluded')).toBeLessThan(1e-5);
  expect(moved('leave-one-out')).toBeGreaterThan(0.01);
});
