import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../random';
import { mostConfusedPairs } from './confusion';
import { defaultSettings, evaluateFrameKnn, evaluateRanking } from './evaluate';
import { evaluationSet, type LabelledVideo } from './evaluation-set';
import { histogramPool, pooledPairs } from './pooled-curves';
import { checkReport } from './report';
import { type ScoreSource, vectorScores } from './score-block';

const head = {
  name: 'test',
  created: '2026-01-01T00:00:00Z',
  dataSetHash: 'abc',
  descriptors: [{ extractor: 'x', version: 1, modelHash: null, preprocessing: '', sampling: '', weight: 1 }],
  withoutVectors: 0,
};
const settings = { ...defaultSettings, ks: [1, 2, 5], replicates: 20 };
const scorer = { name: 'ranked', metric: 'cosine', stages: [] as string[] } as const;

function run<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function video(name: string, labels: string[], group?: string): LabelledVideo {
  return { id: name, path: name, labels, ...(group && { group }) };
}

/** Vectors laid out in the order of the set. */
function inOrder(set: ReturnType<typeof evaluationSet>, vectors: ReadonlyMap<string, readonly number[]>): Float32Array {
  return Float32Array.from(set.videos.flatMap(({ id }) => vectors.get(id) as number[]));
}

describe('ranking', () => {
  const random = seededRandom(11);
  const videos = Array.from({ length: 60 }, (_, i) =>
    video(`v${i}`, [`class ${i % 5}`], `${i % 5}/${Math.floor(i / 10)}`),
  );
  const vectors = new Map(
    videos.map(({ id }, i) => [id, Array.from({ length: 16 }, (_, d) => random() + (d === i % 5 ? 0.6 : 0))]),
  );
  const evaluate = (given: readonly LabelledVideo[]) => {
    const set = evaluationSet(given);
    const scores = vectorScores(inOrder(set, vectors), 16, 'cosine');
    return run(evaluateRanking({ set, protocol: { name: 'group-excluded' }, scorer, settings, head, scores }));
  };
  const report = evaluate(videos);

  test('does not depend on the order of the gallery', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(videos, { minLength: 60 }), (shuffled) => {
        expect(evaluate(shuffled)).toEqual(report);
      }),
      { numRuns: 5 },
    );
  });

  test('finds planted classes above chance, within its interval', () => {
    for (const row of report.summary) {
      expect(row.microInterval[0] <= row.micro && row.micro <= row.microInterval[1]).toBe(true);
      if (row.metric !== 'recall@1') expect(row.micro).toBeGreaterThan(row.microChance);
    }
  });

  test('reports a query that nothing can answer, and ties that paths decide', () => {
    const set = evaluationSet([video('a', ['X']), video('b', ['X']), video('c', ['X']), video('d', ['Y'])]);
    const scores = vectorScores(Float32Array.of(1, 0, 0, 1, 0, 1, 1, 1), 2, 'cosine');
    const { excluded, ties, counts, queries } = run(
      evaluateRanking({ set, protocol: { name: 'leave-one-out' }, scorer, settings, head, scores }),
    );
    expect(excluded).toEqual([3]);
    expect([counts.queries, counts.answered]).toEqual([4, 3]);
    // a sees d at 0.71, then b and c at 0: the cut at 2 is a tie, decided by path. b and c tie nowhere else.
    expect(ties).toEqual([
      { k: 1, queries: 0 },
      { k: 2, queries: 1 },
      { k: 5, queries: 0 },
    ]);
    expect(queries.top[0]).toEqual([3, 1, 2]);
  });

  test('with-query finds the query first', () => {
    const set = evaluationSet(videos);
    const scores = vectorScores(inOrder(set, vectors), 16, 'cosine');
    const { summary, queries } = run(
      evaluateRanking({ set, protocol: { name: 'with-query' }, scorer, settings, head, scores }),
    );
    expect(summary[0]).toMatchObject({ metric: 'hit@1', micro: 1 });
    expect(queries.top.map(([first]) => first)).toEqual(queries.video);
  });

  test('a score that is not a number is a bug of the source', () => {
    const set = evaluationSet(videos);
    const scores: ScoreSource = { prepare: () => (_, out) => out.fill(Number.NaN) };
    expect(() =>
      run(evaluateRanking({ set, protocol: { name: 'leave-one-out' }, scorer, settings, head, scores })),
    ).toThrow(RangeError);
  });

  test('one class, one video, and nothing at all give reports that pass their check', () => {
    for (const given of [
      [],
      [video('a', ['X'])],
      [video('a', ['X']), video('b', ['X'])],
      [video('a', ['__proto__']), video('b', ['__proto__'])],
    ]) {
      const set = evaluationSet(given);
      const scores = vectorScores(Float32Array.from(given.flatMap(() => [1, 0])), 2, 'cosine');
      const empty = run(evaluateRanking({ set, protocol: { name: 'leave-one-out' }, scorer, settings, head, scores }));
      expect(run(checkReport(JSON.parse(JSON.stringify(empty))))).toEqual({ ok: true, report: empty });
    }
  });

  test('most confused pairs are by share of their row', () => {
    const pairs = mostConfusedPairs({ rows: [0, 0, 1, 1, 2], columns: [0, 1, 0, 1, 0], counts: [6, 4, 1, 1, 3] }, 2);
    expect(pairs).toEqual([
      { truth: 2, predicted: 0, count: 3, share: 1 },
      { truth: 1, predicted: 0, count: 1, share: 0.5 },
    ]);
  });
});

describe('frame votes', () => {
  // Two frames a video, on a line: class A about 0, class B about 10.
  const place = new Map([
    ['a1', [0, 1]],
    ['a2', [0.5, 1.5]],
    ['b1', [10, 11]],
    ['b2', [10.5, 1.2]],
    ['c1', [50, 51]],
  ]);
  const set = evaluationSet([
    video('a1', ['A']),
    video('a2', ['A']),
    video('b1', ['B']),
    video('b2', ['B']),
    video('c1', ['C']),
  ]);
  const frames = Float32Array.from(set.videos.flatMap(({ id }) => place.get(id) as number[]));
  const evaluate = (neighbours: number, name: 'leave-one-out' | 'with-query', width?: number) =>
    run(
      evaluateFrameKnn({
        set,
        protocol: { name },
        scorer: { name: 'frame-knn', neighbours },
        settings,
        head,
        scores: { ...vectorScores(frames.slice(), 1, 'euclidean'), ...(width && { width }) },
        frameStarts: Int32Array.from({ length: 6 }, (_, i) => 2 * i),
      }),
    );

  test('worked by hand, one neighbour', () => {
    const { queries, summary, excluded, confusion } = evaluate(1, 'leave-one-out');
    expect(excluded).toEqual([4]);
    // a1: 0 -> 0.5 (A), 1 -> 1.2 (B), a tie of votes to the first; a2: 0.5 -> 0 (A: 0.5 away, as 1 is), 1.5 -> 1.2 (B);
    // b1: 10 and 11 -> 10.5 (B); b2: 10.5 -> 10 (B), 1.2 -> 1 (A).
    expect(queries.predicted).toEqual([0, 0, 1, 1]);
    expect(queries.values).toEqual([
      [1, 1, 1, 1],
      [0.5, 0.5, 1, 0.5],
    ]);
    expect(summary.map(({ metric, micro, microChance }) => [metric, micro, microChance])).toEqual([
      ['accuracy', 1, 2 / 8],
      ['frame-accuracy', 0.625, 2 / 8],
    ]);
    expect(confusion.frames).toEqual({ rows: [0, 0, 1, 1], columns: [0, 1, 0, 1], counts: [2, 2, 1, 3] });
  });

  test('the gallery part by part gives the same as all at once', () => {
    for (const neighbours of [1, 2, 3, 8]) {
      for (const name of ['leave-one-out', 'with-query'] as const) {
        const whole = evaluate(neighbours, name);
        for (const width of [1, 3, 4, 7]) expect(evaluate(neighbours, name, width)).toEqual(whole);
      }
    }
  });

  test('the videos that the nearest frames are of', () => {
    const { queries } = evaluate(2, 'leave-one-out');
    // a1: 0 -> 0.5 and 1.2, 1 -> 1.2 and 0.5 (a2 and b2 twice each).
    expect(queries.top[0]).toEqual([1, 3]);
    expect(queries.topScores[0]).toEqual([0.5, 0.5]);
  });

  test('ties are told, and videos without frames apart from those without another of their class', () => {
    const votes = evaluate(1, 'leave-one-out');
    // 0.5 lies as far from 0 as from 1, and 10.5 as far from 10 as from 11.
    expect([votes.ties, votes.withoutFrames]).toEqual([[{ k: 1, queries: 2 }], []]);
    const without = run(
      evaluateFrameKnn({
        set,
        protocol: { name: 'leave-one-out' },
        scorer: { name: 'frame-knn', neighbours: 1 },
        settings,
        head,
        scores: vectorScores(frames.slice(0, 8), 1, 'euclidean'),
        // a2 has none, and c1 alone is of its class.
        frameStarts: Int32Array.of(0, 2, 2, 4, 6, 8),
      }),
    );
    expect([without.withoutFrames, without.excluded]).toEqual([[1], [0, 4]]);
  });

  test('with the query in the gallery each frame finds itself', () => {
    expect(evaluate(1, 'with-query').summary.map(({ micro }) => micro)).toEqual([1, 1]);
    expect(evaluate(3, 'leave-one-out').queries.predicted).toHaveLength(4);
  });
});

describe('pooled curves from a histogram', () => {
  test('come near the exact ones, whatever range the scores turn out to have', () => {
    const random = seededRandom(4);
    const exact = pooledPairs(100_000);
    const binned = histogramPool();
    for (let i = 0; i < 100; i++) {
      const relevant = Uint8Array.from({ length: 1000 }, () => (random() < 0.1 ? 1 : 0));
      // Later rows reach further out on both sides.
      const row = Float32Array.from(relevant, (kind) => (random() + random() - 1) * (1 + i) + kind * i * 0.4);
      row[7] = Number.NaN;
      exact.add(row, relevant);
      binned.add(row, relevant);
    }
    const [a, b] = [exact.finish(), binned.finish()];
    expect([b.method, b.pairs, b.relevant]).toEqual(['histogram', a.pairs, a.relevant]);
    expect(Math.abs(a.auc - b.auc)).toBeLessThan(1e-5);
    expect(Math.abs(a.averagePrecision - b.averagePrecision)).toBeLessThan(1e-4);
    expect(b.pr.recall.at(-1)).toBe(1);
    b.interpolated.forEach((value, i) => {
      if (i > 0) expect(Math.abs(value - (a.interpolated[i] as number))).toBeLessThan(1e-3);
    });
  });
});

describe('scores', () => {
  test('products equal plain sums wherever a pair lies, equal vectors score alike, zeros score 0', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 11 }),
        fc.integer({ min: 1, max: 150 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        (queries, gallery, dimensions, seed) => {
          const random = seededRandom(seed);
          const matrix = Float32Array.from({ length: gallery * dimensions }, () => random() - 0.5);
          if (gallery > 2) matrix.copyWithin(dimensions, 0, dimensions);
          matrix.fill(0, (gallery - 1) * dimensions);
          const plain = matrix.slice();
          const asked = Int32Array.from({ length: queries }, (_, i) => i % gallery);
          const found = Int32Array.from({ length: gallery }, (_, i) => gallery - 1 - i);
          const out = new Float32Array(queries * gallery);
          vectorScores(matrix, dimensions, 'cosine').prepare(found)(asked, out);
          const norm = (row: number) => Math.hypot(...plain.subarray(row * dimensions, (row + 1) * dimensions));
          asked.forEach((q, i) => {
            found.forEach((g, j) => {
              let dot = 0;
              for (let d = 0; d < dimensions; d++)
                dot += (plain[q * dimensions + d] as number) * (plain[g * dimensions + d] as number);
              const expected = norm(q) * norm(g) === 0 ? 0 : dot / (norm(q) * norm(g));
              expect(Math.abs((out[i * gallery + j] as number) - expected)).toBeLessThan(1e-5);
            });
            if (gallery > 2) expect(out[i * gallery + gallery - 1]).toBe(out[i * gallery + gallery - 2]);
          });
        },
      ),
    );
  });

  test('distances are negative and exact for near vectors', () => {
    const all = Int32Array.of(0, 1);
    const near = () => vectorScores(Float32Array.of(1000, 0, 1000, 0.5), 2, 'euclidean');
    const out = new Float32Array(4);
    near().prepare(all)(all, out);
    expect([...out]).toEqual([-0, -0.5, -0.5, -0]);
  });
});
