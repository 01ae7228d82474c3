import { describe, expect, test } from 'vitest';
import { seededRandom } from '../random';
import { defaultSettings, evaluateFrameKnn, evaluateRanking } from './evaluate';
import { evaluationSet, type LabelledVideo } from './evaluation-set';
import type { Protocol } from './protocols';
import { checkReport, type EvaluationReport } from './report';
import { vectorScores } from './score-block';

const head = {
  name: 'test',
  created: '2026-01-01T00:00:00Z',
  dataSetHash: 'abc',
  descriptors: [{ extractor: 'x', version: 1, modelHash: null, preprocessing: '', sampling: '', weight: 1 }],
  withoutVectors: 0,
};
/** Fewer matches are kept than there are videos, and than the metrics look at. */
const settings = { ...defaultSettings, ks: [1, 2, 5, 10], topK: 6, confusionK: 3, replicates: 40 };
const protocols: readonly Protocol[] = [
  { name: 'official-split' },
  { name: 'group-excluded' },
  { name: 'leave-one-out' },
  { name: 'with-query' },
  { name: 'holdout', share: 0.6, groupAware: true, seed: 3 },
  { name: 'holdout', share: 0.7, groupAware: false, seed: 4 },
];

function run<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const videos = (labelsOf: (i: number) => string[], grouped = true): LabelledVideo[] =>
  Array.from({ length: 50 }, (_, i) => ({
    id: `${i}`,
    path: `clip ${String(i).padStart(2, '0')}`,
    labels: labelsOf(i),
    split: i % 5 === 0 ? ('test' as const) : ('train' as const),
    ...(grouped && { group: `${i >> 2}` }),
  }));
const single = videos((i) => [['A', 'B', '__proto__'][i % 3] as string]);
/** Some have two classes, one has a class of its own. */
const several = videos((i) => (i === 7 ? ['alone'] : i % 4 === 0 ? ['A', 'B'] : [['A', 'B', 'C'][i % 3] as string]));
const ungrouped = videos((i) => [['A', 'B'][i % 2] as string], false);

function ranked(given: readonly LabelledVideo[], protocol: Protocol, changed = settings, steps = 3): EvaluationReport {
  const set = evaluationSet(given);
  const random = seededRandom(7);
  const vectors = Float32Array.from(
    // Coarse, so that scores tie.
    set.videos.flatMap((_, i) =>
      Array.from({ length: 3 }, (__, d) => Math.round(steps * random()) + (steps / 3) * Number(d === i % 3)),
    ),
  );
  const scores = vectorScores(vectors, 3, 'cosine');
  const scorer = { name: 'ranked', metric: 'cosine', stages: [] as string[] } as const;
  return run(evaluateRanking({ set, protocol, scorer: structuredClone(scorer), settings: changed, head, scores }));
}

function voted(given: readonly LabelledVideo[], protocol: Protocol): EvaluationReport {
  const set = evaluationSet(given);
  const random = seededRandom(9);
  const frameStarts = new Int32Array(set.videos.length + 1);
  // Two videos have no frames.
  set.videos.forEach((_, i) => {
    frameStarts[i + 1] = (frameStarts[i] as number) + (i === 3 || i === 9 ? 0 : 1 + (i % 3));
  });
  const frames = Float32Array.from({ length: 2 * (frameStarts.at(-1) as number) }, () => Math.round(9 * random()));
  const scores = vectorScores(frames, 2, 'euclidean');
  return run(
    evaluateFrameKnn({
      set,
      protocol,
      scorer: { name: 'frame-knn', neighbours: 3 },
      settings,
      head,
      scores,
      frameStarts,
    }),
  );
}

const problemsOf = (report: EvaluationReport) => {
  const check = run(checkReport(JSON.parse(JSON.stringify(report))));
  return check.ok ? [] : check.problems;
};

describe('reports as they were made are accepted', () => {
  for (const [name, given] of Object.entries({ single, several, ungrouped }))
    for (const protocol of protocols)
      test(`${name}, ${Object.values(protocol).join(' ')}`, () => {
        const report = ranked(given, protocol);
        expect(report.counts.answered).toBeGreaterThan(5);
        expect(problemsOf(report)).toEqual([]);
        expect(problemsOf(ranked(given, protocol, { ...settings, topK: 60 }))).toEqual([]);
        expect(problemsOf(voted(given, protocol))).toEqual([]);
      });

  test('with leave-one-out beside it', () => {
    const { summary } = ranked(several, { name: 'leave-one-out' });
    expect(problemsOf({ ...ranked(several, { name: 'group-excluded' }), leakage: { summary } })).toEqual([]);
  });

  test('with curves that are thinned, and pairs too many to keep', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ id: `${i}`, path: `${10_000 + i}`, labels: [`${i % 9}`] }));
    const few = { ...settings, replicates: 5 };
    const thinned = ranked(many(1300), { name: 'leave-one-out' }, few, 1e6);
    expect(thinned.curves?.pooled.prPoints).toBeGreaterThan(thinned.curves?.pooled.pr.recall.length ?? 0);
    expect(problemsOf(thinned)).toEqual([]);
    const binned = ranked(many(2100), { name: 'leave-one-out' }, few, 1e6);
    expect(binned.curves?.pooled.method).toBe('histogram');
    expect(problemsOf(binned)).toEqual([]);
  });
});

/** One that all reports here have. */
const first = <Entry>(list: readonly Entry[]): Entry => list[0] as Entry;

const edits: Record<string, readonly [place: string, change: (copy: EvaluationReport) => unknown]> = {
  'an average': [
    'summary[0].micro',
    ({ summary }) => {
      first(summary).micro = 0.99;
    },
  ],
  'a macro average': [
    'summary[0].macro',
    ({ summary }) => {
      first(summary).macro = 0.99;
    },
  ],
  'an interval': [
    'summary[0].microInterval[0]',
    ({ summary }) => {
      first(summary).microInterval = [0, 1];
    },
  ],
  chance: [
    'summary[0].microChance',
    ({ summary }) => {
      first(summary).microChance = 0.001;
    },
  ],
  'the name of a metric': [
    'summary[1].metric',
    ({ summary }) => {
      (summary[1] as { metric: string }).metric = 'hit@50';
    },
  ],
  'a metric left out': [
    'summary[19].metric',
    ({ summary, queries, classes }) => {
      for (const list of [summary, queries.values, ...classes.map(({ values }) => values)]) list.splice(19, 1);
    },
  ],
  'class scores': [
    'classes[0].precision',
    ({ classes }) => {
      for (const row of classes) Object.assign(row, { precision: 1, recall: 1, f1: 1 });
    },
  ],
  'macro scores': [
    'macroScores.f1',
    ({ macroScores }) => {
      macroScores.f1 = 1;
    },
  ],
  'the mean of a class': [
    'classes[0].values[2]',
    ({ classes }) => {
      first(classes).values[2] = 0.12;
    },
  ],
  'a class left out': ['classes', ({ classes }) => void classes.pop()],
  'the values of a class': ['classes[1].values', ({ classes }) => void classes[1]?.values.splice(0)],
  'the videos of a class': [
    'classes[0].videos',
    ({ classes }) => {
      first(classes).videos = 1;
    },
  ],
  'a confusion': [
    'confusion.top1.counts[0]',
    ({ confusion }) => {
      confusion.top1.counts[0] = 99;
    },
  ],
  'a confusion cut short': [
    'confusion.top1.counts',
    ({ confusion: { top1 } }) => {
      for (const list of [top1.rows, top1.columns, top1.counts]) list.pop();
    },
  ],
  'the area under the pooled curve': [
    'curves.pooled.averagePrecision',
    ({ curves }) => {
      if (curves) curves.pooled.averagePrecision = 1;
    },
  ],
  'the area under the ROC': [
    'curves.pooled.auc',
    ({ curves }) => {
      if (curves) curves.pooled.auc = 1;
    },
  ],
  'pooled precisions': ['curves.pooled.averagePrecision', ({ curves }) => void curves?.pooled.pr.precision.fill(1)],
  'pooled precisions and all that follows': [
    'curves.pooled.pr.precision[1]',
    ({ curves }) => {
      curves?.pooled.pr.precision.fill(1);
      if (curves) Object.assign(curves.pooled, { averagePrecision: 1, interpolated: Array(11).fill(1) });
    },
  ],
  'interpolated precisions': [
    'curves.interpolated.micro[10]',
    ({ curves }) => {
      if (curves) curves.interpolated.micro[10] = 0.99;
    },
  ],
  'true positive rates': [
    'curves.rates.macro[0]',
    ({ curves }) => {
      if (curves) curves.rates.macro[0] = 0.99;
    },
  ],
  'no curves': [
    'curves',
    (copy) => {
      copy.curves = null;
    },
  ],
  'first ranks': ['queries.firstRank[0]', ({ queries }) => void queries.firstRank.fill(1)],
  'a hit of every query, and its averages': [
    'queries.values[0][0]',
    ({ queries, summary, classes }) => {
      queries.values[0]?.fill(1);
      Object.assign(first(summary), { micro: 1, macro: 1, microInterval: [1, 1], macroInterval: [1, 1] });
      for (const { values } of classes) values[0] = 1;
    },
  ],
  'an average precision beyond what the matches allow': [
    'queries.values[20][1]',
    ({ queries }) => {
      (queries.values[20] as number[])[1] = 0.999;
    },
  ],
  'matches in another order': ['queries.topScores[0][1]', ({ queries }) => void queries.topScores[0]?.reverse()],
  'a match twice': [
    'queries.top[0]',
    ({ queries }) => {
      (queries.top[0] as number[])[1] = queries.top[0]?.[0] as number;
    },
  ],
  'a match of the own group': [
    'queries.top[0][0]',
    ({ queries }) => {
      (queries.top[0] as number[])[0] = 1;
    },
  ],
  galleries: [
    'queries.gallery[0]',
    ({ queries }) => {
      queries.gallery[0] = 3;
    },
  ],
  'the number of queries': [
    'counts.queries',
    ({ counts }) => {
      counts.queries = 4000;
    },
  ],
  'the size of the gallery': [
    'counts.gallery',
    ({ counts }) => {
      counts.gallery = 4000;
    },
  ],
  ties: [
    'ties[0].queries',
    ({ ties }) =>
      ties.forEach((tie) => {
        tie.queries = 0;
      }),
  ],
  'another protocol': [
    'queries.gallery[0]',
    (copy) => {
      copy.protocol = { name: 'leave-one-out' };
    },
  ],
  'another share': [
    'counts.queries',
    (copy) => {
      copy.protocol = { name: 'holdout', share: 0.5, groupAware: true, seed: 1 };
    },
  ],
  'another seed': [
    'summary[0].microInterval[0]',
    ({ settings: own }) => {
      own.seed = 77;
    },
  ],
  'another list of k': ['summary[3].metric', ({ settings: own }) => void own.ks.splice(3, 1, 20)],
  'another number of matches': [
    'queries.top[0]',
    ({ settings: own }) => {
      own.topK = 4;
    },
  ],
  'a query left out': ['excluded', ({ excluded }) => void excluded.push(5)],
  'the order of videos': ['dataSet.videos[0].path', ({ dataSet }) => void dataSet.videos.reverse()],
  'the group of a video': [
    'queries.gallery[8]',
    ({ dataSet }) => {
      if (dataSet.videos[8]) dataSet.videos[8].group = '0';
    },
  ],
  'a class of no video': ['dataSet.classes[3]', ({ dataSet }) => void dataSet.classes.push('zebra')],
  'an index of nothing': [
    'queries.video[3]',
    ({ queries }) => {
      queries.video[3] = 999;
    },
  ],
  'a protocol that is none': [
    'protocol.name',
    ({ protocol }) => {
      (protocol as { name: string }).name = 'best';
    },
  ],
};

describe('a report edited by hand is told where and why', () => {
  const report = ranked(single, { name: 'group-excluded' });
  test.each(Object.entries(edits))('%s', (_, [place, change]) => {
    const copy = structuredClone(report);
    change(copy);
    const problems = problemsOf(copy);
    expect(problems.map(({ path }) => path)).toContain(place);
    expect(problems.length).toBeLessThanOrEqual(20);
    for (const { reason } of problems) expect(reason).not.toBe('');
  });

  test('of votes of frames', () => {
    const votes = voted(single, { name: 'group-excluded' });
    const wrong = votes.queries.values[0]?.indexOf(0) as number;
    const edited = (change: (copy: EvaluationReport) => void) => {
      const copy = structuredClone(votes);
      change(copy);
      return problemsOf(copy).map(({ path }) => path);
    };
    expect(edited(({ queries }) => void queries.values[0]?.fill(1))).toContain(`queries.values[0][${wrong}]`);
    expect(edited(({ queries }) => void (queries.predicted as number[]).fill(0))).not.toEqual([]);
    expect(
      edited(({ summary }) => {
        (summary[1] as { microChance: number }).microChance = 0.01;
      }),
    ).toEqual(['summary[1].microChance']);
    expect(edited((copy) => void copy.excluded.push(copy.queries.video[0] as number))).not.toEqual([]);
  });

  test('and what is no report at all', () => {
    expect(run(checkReport([]))).toMatchObject({ ok: false, problems: [{ path: '' }] });
    expect(run(checkReport(null))).toMatchObject({ ok: false });
  });
});
