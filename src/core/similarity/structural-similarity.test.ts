import { expect, test } from 'vitest';
import golden from './fixtures/ssim.json';
import { structuralSimilarity, structuredPicture } from './structural-similarity';

const pictures = golden.pictures.map((values) =>
  structuredPicture(Float32Array.from(values), golden.rows, golden.columns, 3),
);

test('equals scikit-image, for every pair of strips', () => {
  const found = pictures.flatMap((a, i) => pictures.slice(i).map((b) => structuralSimilarity(a, b)));
  expect(found).toHaveLength(golden.scores.length);
  golden.scores.forEach((score, i) => {
    expect(found[i], `pair ${i}`).toBeCloseTo(score, 5);
  });
});

test('is the same either way, and a picture of one row is compared too', () => {
  const [a, b] = [pictures[0] as (typeof pictures)[number], pictures[1] as (typeof pictures)[number]];
  expect(structuralSimilarity(a, b)).toBeCloseTo(structuralSimilarity(b, a), 12);
  const line = structuredPicture(a.values.slice(0, golden.columns * 3), 1, golden.columns, 3);
  expect(structuralSimilarity(line, line)).toBeCloseTo(1, 9);
});
