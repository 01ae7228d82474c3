import { describe, expect, test } from 'vitest';
import { seededRandom } from '../random';
import { comparisonOf } from '../ranking/comparison';
import { originalRecipe } from '../ranking/recipe';
import { ablationPlan } from './ablation';
import { ablationToCsv } from './ablation-csv';
import { evaluationSet } from './evaluation-set';
import { exactKernels } from './exact-kernels.fixture';
import { fitWeights, type WeightFit } from './fit-weights';
import type { DescribedVideos } from './recipe-scores';

const [labels, groups] = [4, 8];
const dimensions = 8;

/** Clips of four classes; each descriptor sees the class as clearly as `clarity` says, 0 for not at all. */
function fitted(clarities: readonly number[], { seed = 1, missing = 0 } = {}): WeightFit {
  const random = seededRandom(seed);
  const noise = () => random() + random() - 1;
  const set = evaluationSet(
    Array.from({ length: labels * groups }, (_, i) => ({
      id: `${i}`,
      path: `${i}`.padStart(3, '0'),
      labels: [`${i % labels}`],
      group: `g${i}`,
    })),
  );
  const descriptors = clarities.map((clarity): DescribedVideos => {
    const centres = Array.from({ length: labels }, () => Array.from({ length: dimensions }, noise));
    const rows = set.videos.map((_, i) => centres[i % labels]?.map((value) => clarity * value + noise()) ?? []);
    return {
      weight: 1,
      comparison: comparisonOf('cosine', originalRecipe, 1),
      matrix: Float32Array.from(rows.flat()),
      dimensions,
      present: Uint8Array.from(rows, () => (random() < missing ? 0 : 1)),
    };
  });
  const steps = fitWeights({ set, descriptors, recipe: originalRecipe, kernels: exactKernels, seed: 1 });
  let last = 0;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    expect(step.value).toBeLessThanOrEqual(1);
    expect(step.value).toBeGreaterThan(last - 0.2);
    last = step.value;
  }
}

describe('fitted weights', () => {
  test('give noise less than what tells classes apart, and gain by it on videos they have not seen', () => {
    const { weights, validated, equal, alone, folds, videos } = fitted([2, 0]);
    expect(weights[0]).toBe(1);
    expect(weights[1]).toBeLessThanOrEqual(0.3);
    expect(validated).toBeGreaterThan(equal);
    expect(alone[0]).toBeGreaterThan((alone[1] ?? 1) + 0.3);
    expect([folds, videos]).toEqual([5, 32]);
  });

  test('find nothing where there is nothing: what is validated stays near chance', () => {
    // Chance: 7 of 31 others are relevant; a fit that saw its own test videos would rise above it.
    const found = [1, 2, 3, 4, 5, 6].map((seed) => fitted([0, 0, 0, 0], { seed }).validated);
    expect(found.reduce((sum, value) => sum + value, 0) / found.length).toBeLessThan(0.33);
  });

  test('do with videos that lack a descriptor', () => {
    const { weights, validated } = fitted([1.5, 1.5], { missing: 0.4 });
    expect(Math.min(...weights)).toBeGreaterThan(0);
    expect(validated).toBeGreaterThan(0.5);
  });
});

test('an ablation goes from the original ranking to the improved one, leaving out stages that change nothing', () => {
  const plan = ablationPlan(['cosine', 'euclidean'], [0, 1]);
  const of = (fusion: string, first?: number) =>
    plan
      .filter((one) => one.fusion === fusion && (first === undefined || one.descriptors[0] === first))
      .map(({ stages }) => stages);
  expect(of('alone', 0)).toHaveLength(5);
  expect(of('alone', 1)).toEqual(['original', 'and neighbours in common', 'and smoothed by neighbours']);
  expect(of('late')).toHaveLength(5);
  expect(of('early')).toEqual(['original', 'all stages']);
  expect(ablationPlan(['cosine'], [0]).every(({ fusion }) => fusion === 'alone')).toBe(true);

  const csv = ablationToCsv([
    {
      descriptors: 'A + B',
      fusion: 'late',
      stages: 'and square root',
      protocol: 'group-excluded',
      videos: 3,
      values: [1, 2, 3].map((value) => ({ value, interval: [0, 4] as const })),
    },
  ]);
  expect(csv.split('\r\n')[1]).toBe('A + B,late,and square root,group-excluded,3,1,0,4,2,0,4,3,0,4');
});
