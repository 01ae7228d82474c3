import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { similarity } from '../similarity/similarity';
import { bestMoment } from './best-moment';
import { rankCandidates } from './rank-candidates';
import { topK } from './top-k';

test('top-k is the head of a full sort, ties in the order asked for', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 })), fc.integer({ min: 0, max: 30 }), (list, k) => {
      const scores = Float64Array.from(list);
      const sorted = [...list.keys()].sort((i, j) => (list[j] as number) - (list[i] as number) || i - j);
      expect(topK(scores, k, (i, j) => i < j)).toEqual(sorted.slice(0, k));
    }),
  );
});

test('equal scores are ordered by path, equal paths by id; the percentile counts what is less similar', () => {
  const candidates = ['c', 'a', 'b', 'b'].map((path, i) => ({ id: `id${3 - i}`, path }));
  const ranked = rankCandidates(candidates, Float64Array.of(0.5, 0.9, 0.5, 0.5), 4);
  expect(ranked.map(({ id }) => id)).toEqual(['id2', 'id0', 'id1', 'id3']);
  expect(ranked.map(({ percentile }) => percentile)).toEqual([75, 0, 0, 0]);
});

describe('best moment', () => {
  const timed = (times: readonly number[], ...rows: readonly (readonly number[])[]) => ({
    frames: Float32Array.from(rows.flat()),
    times,
    count: rows.length,
    dimensions: rows[0]?.length ?? 2,
  });

  test('is the most alike pair, the earliest of equals', () => {
    const query = timed([1, 2], [1, 0], [0, 1]);
    const match = timed([10, 12, 14], [-1, 0], [0, 3], [0, 5]);
    expect(bestMoment('cosine', query, match)).toEqual({ time: 12, queryTime: 2, similarity: 1, resolution: 2 });
  });

  test('is absent without frames or for other dimensions', () => {
    expect(bestMoment('cosine', timed([]), timed([0], [1, 2]))).toBeUndefined();
    expect(bestMoment('cosine', timed([0], [1, 2, 3]), timed([0], [1, 2]))).toBeUndefined();
  });

  test('is found in long videos too, at the resolution that was compared', () => {
    const long = 10_000;
    const rows = Array.from({ length: long }, (_, i) => [Math.cos(i / long), Math.sin(i / long)]);
    const match = timed([...rows.keys()], ...rows);
    const moment = bestMoment('cosine', timed([0], [Math.cos(0.7), Math.sin(0.7)]), match);
    expect(moment?.resolution).toBeCloseTo(long / 256, 0);
    expect(Math.abs((moment?.time ?? 0) - 7000)).toBeLessThanOrEqual(moment?.resolution ?? 0);
  });
});

test('similarity of a vector with itself is 1, with nothing 0', () => {
  const vector = Float32Array.of(0.2, 0.4, 0.9);
  expect(similarity('cosine', vector, vector)).toBeCloseTo(1, 12);
  expect(similarity('euclidean', vector, vector)).toBe(1);
  expect(similarity('cosine', vector, new Float32Array(3))).toBe(0);
});
