import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chanceMetrics, type MetricId, metricLabel, rankingMetricIds, rankingMetrics } from './metrics';
import { bestColumns, strictRanker } from './strict-ranks';

const ks = [1, 5, 10];
const ids = rankingMetricIds(ks);

function metricsOf(ranks: readonly number[], gallery: number): Map<MetricId, number> {
  const out = new Float64Array(ids.length);
  rankingMetrics(Int32Array.from(ranks), gallery, ks, out);
  return new Map(ids.map((id, i) => [id, out[i] as number]));
}

const rankings = fc
  .integer({ min: 1, max: 30 })
  .chain((gallery) =>
    fc
      .uniqueArray(fc.integer({ min: 1, max: gallery }), { minLength: 1, maxLength: gallery })
      .map((ranks) => ({ gallery, ranks: ranks.sort((a, b) => a - b) })),
  );

describe('metrics of one query', () => {
  test('worked by hand: relevant at 1, 3 and 6 of 10', () => {
    const found = metricsOf([1, 3, 6], 10);
    expect(found.get('hit@1')).toBe(1);
    expect(found.get('precision@5')).toBe(2 / 5);
    expect(found.get('recall@5')).toBe(2 / 3);
    expect(found.get('f1@5')).toBeCloseTo(1 / 2, 12);
    expect(found.get('ap')).toBeCloseTo((1 + 2 / 3 + 3 / 6) / 3, 12);
    expect(found.get('r-precision')).toBe(2 / 3);
    expect(found.get('map@r')).toBeCloseTo((1 + 2 / 3) / 3, 12);
    expect(found.get('reciprocal-rank')).toBe(1);
    expect(found.get('ndcg@5')).toBeCloseTo((1 + 1 / 2) / (1 + 1 / Math.log2(3) + 1 / 2), 12);
    // 21 pairs; one irrelevant above the second, three above the third.
    expect(found.get('auc')).toBeCloseTo(1 - 4 / 21, 12);
  });

  test('a perfect ranking has AP, R-precision, mAP@R, AUC and nDCG of 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 40 }), (relevant, others) => {
        const found = metricsOf(
          Array.from({ length: relevant }, (_, i) => i + 1),
          relevant + others,
        );
        for (const id of ['ap', 'r-precision', 'map@r', 'auc', 'reciprocal-rank', 'ndcg@10'] as const)
          expect(found.get(id)).toBeCloseTo(1, 12);
      }),
    );
  });

  test('an irrelevant video at the end changes nothing but AUC', () => {
    fc.assert(
      fc.property(rankings, ({ ranks, gallery }) => {
        const before = metricsOf(ranks, gallery);
        const after = metricsOf(ranks, gallery + 1);
        for (const id of ids) if (id !== 'auc') expect(after.get(id)).toBe(before.get(id));
      }),
    );
  });

  test('all lie between 0 and 1, and moving a relevant video up lowers none', () => {
    fc.assert(
      fc.property(rankings, ({ ranks, gallery }) => {
        const found = metricsOf(ranks, gallery);
        for (const value of found.values()) expect(value >= 0 && value <= 1 + 1e-12).toBe(true);
        const at = ranks.findIndex((rank, i) => rank - 1 > (ranks[i - 1] ?? 0));
        if (at < 0) return;
        const better = metricsOf(
          ranks.map((rank, i) => (i === at ? rank - 1 : rank)),
          gallery,
        );
        for (const id of ids) expect((better.get(id) as number) >= (found.get(id) as number) - 1e-12).toBe(true);
      }),
    );
  });

  test('chance is the mean over all orders', () => {
    for (const [gallery, relevant] of [
      [7, 3],
      [5, 5],
      [6, 1],
      [1, 1],
      [12, 2],
    ] as const) {
      const expected = new Float64Array(ids.length);
      chanceMetrics(gallery, relevant, ks, expected);
      const sums = new Float64Array(ids.length);
      let orders = 0;
      const visit = (from: number, ranks: number[]) => {
        if (ranks.length === relevant) {
          orders++;
          ids.forEach((id, i) => {
            sums[i] = (sums[i] as number) + (metricsOf(ranks, gallery).get(id) as number);
          });
          return;
        }
        for (let rank = from; rank <= gallery; rank++) visit(rank + 1, [...ranks, rank]);
      };
      visit(1, []);
      ids.forEach((_, i) => {
        expect(expected[i]).toBeCloseTo((sums[i] as number) / orders, 10);
      });
    }
  });

  test('names', () => {
    expect([metricLabel('hit@5'), metricLabel('ap'), metricLabel('ndcg@10'), metricLabel('frame-accuracy')]).toEqual([
      'Hit@5',
      'mAP',
      'nDCG@10',
      'Frame accuracy',
    ]);
  });
});

describe('strict ranks', () => {
  const rows = fc.array(
    fc.record({
      score: fc.oneof(fc.constantFrom(-1, -0, 0, 0.5, 1), fc.float({ noNaN: true, min: -4, max: 4 })),
      relevant: fc.boolean(),
      hidden: fc.boolean(),
    }),
    { minLength: 1, maxLength: 60 },
  );

  test('equal a full sort by score, then column', () => {
    fc.assert(
      fc.property(rows, (cells) => {
        const row = Float32Array.from(cells, ({ score, hidden }) => (hidden ? Number.NaN : score));
        const order = [...row.keys()]
          .filter((i) => !cells[i]?.hidden)
          .sort((a, b) => (row[b] as number) - (row[a] as number) || a - b);
        const relevant = Int32Array.from(row.keys()).filter((i) => cells[i]?.relevant === true && !cells[i]?.hidden);
        const mask = Uint8Array.from(row, (_, i) => (relevant.includes(i) ? 1 : 0));
        const expected = order.flatMap((column, i) => (mask[column] === 1 ? [i + 1] : []));
        expect([...strictRanker(row.length)(row, relevant, mask)]).toEqual(expected);
        const best = new Int32Array(7);
        const count = bestColumns(row, best, new Float32Array(7));
        expect([...best.subarray(0, count)]).toEqual(order.slice(0, 7));
      }),
      { numRuns: 500 },
    );
  });
});
