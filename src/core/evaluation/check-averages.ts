import type { EvaluationSet } from './evaluation-set';
import { chanceMetrics } from './metrics';
import { galleryRule } from './protocols';
import { queryGalleries } from './query-galleries';
import { queryValues } from './query-values';
import type { EvaluationReport } from './report';
import { differ, type Note } from './report-notes';
import { averages, bootstrapIntervals, type QueryValues } from './resampling';

/** Products of one bootstrap up to which it is drawn again, seconds of work; the app's own settings stay far below. */
const mostProducts = 4e9;

/** Holds means, intervals and chance levels against the values of queries. */
export function* checkAverages(report: EvaluationReport, set: EvaluationSet, note: Note): Generator<undefined, void> {
  const { queries: of, summary, settings, scorer } = report;
  const follows = (path: string, written: number, expected: number, from: string) => {
    if (differ(written, expected)) note(path, `is ${written}, but ${from} ${expected}`);
  };
  if (of.video.length === 0) {
    summary.forEach((row, i) => {
      for (const [key, value] of Object.entries(row))
        if (key !== 'metric' && [value].flat().some((each) => each !== 0))
          note(`summary[${i}].${key}`, 'is not 0, but no query was answered');
    });
    return;
  }
  const data = queryValues(
    set,
    Int32Array.from(of.video),
    of.values.map((values) => Float64Array.from(values)),
  );
  const mean = averages(data);
  summary.forEach((row, i) => {
    follows(`summary[${i}].micro`, row.micro, mean.micro[i] as number, 'the queries’ mean is');
    follows(`summary[${i}].macro`, row.macro, mean.macro[i] as number, 'the classes’ mean is');
  });
  yield;

  const { replicates, seed } = settings;
  if (replicates * new Set(data.clusters).size * summary.length <= mostProducts) {
    const draws = bootstrapIntervals(data, { replicates, seed });
    let draw = draws.next();
    for (; !draw.done; draw = draws.next()) yield;
    const intervals = draw.value;
    summary.forEach((row, i) => {
      for (const key of ['micro', 'macro'] as const)
        row[`${key}Interval`].forEach((end, side) => {
          const expected = intervals[key][i]?.[side as 0 | 1] as number;
          follows(`summary[${i}].${key}Interval[${side}]`, end, expected, 'a bootstrap of this seed gives');
        });
    });
  }

  if (scorer.name === 'ranked') {
    yield* checkChance('summary', summary, report, set, note);
    if (report.leakage) yield* checkChance('leakage.summary', report.leakage.summary, report, set, note);
  } else {
    // Chance is a share of frames, whose numbers are not kept; but either metric has the same.
    const [first] = summary;
    summary.forEach((row, i) => {
      for (const key of ['microChance', 'macroChance'] as const)
        if (first && (differ(row[key], first[key]) || row[key] < 0 || row[key] > 1))
          note(`summary[${i}].${key}`, `is ${row[key]}, no share of frames, or not that of summary[0]`);
    });
  }
  if (report.leakage && report.protocol.name !== 'group-excluded')
    note('leakage', `stands beside group-excluded alone, not ${report.protocol.name}`);
  checkBeside('leakage.summary', report.leakage?.summary, note);
  checkBeside('original.summary', report.original?.summary, note);
}

type Summary = EvaluationReport['summary'];

function* checkChance(
  path: 'summary' | 'leakage.summary',
  rows: Summary,
  { protocol, settings }: EvaluationReport,
  set: EvaluationSet,
  note: Note,
): Generator<undefined, void> {
  const rule = galleryRule(set, path === 'summary' ? protocol : { name: 'leave-one-out' });
  const galleryOf = queryGalleries(set, rule);
  const known = new Map<string, Float64Array>();
  const videos: number[] = [];
  const chances: Float64Array[] = [];
  for (const query of rule.queries) {
    const { gallery, relevant, others } = galleryOf(query);
    if (others > 0) {
      const key = `${gallery}/${relevant}`;
      const chance = known.get(key) ?? new Float64Array(rows.length);
      if (!known.has(key)) chanceMetrics(gallery, relevant, settings.ks, chance);
      known.set(key, chance);
      videos.push(query);
      chances.push(chance);
    }
    yield;
  }
  const values = rows.map((_, metric) => Float64Array.from(chances, (chance) => chance[metric] as number));
  const expected = averages(queryValues(set, Int32Array.from(videos), values) satisfies QueryValues);
  rows.forEach((row, i) => {
    for (const key of ['micro', 'macro'] as const) {
      const [written, own] = [row[`${key}Chance`], expected[key][i] as number];
      if (differ(written, own)) note(`${path}[${i}].${key}Chance`, `is ${written}, but the galleries give ${own}`);
    }
  });
}

/** The queries of a summary that stands beside the report's are not kept: only what no summary can have is found. */
function checkBeside(path: string, rows: Summary | undefined, note: Note): void {
  rows?.forEach((row, i) => {
    for (const key of ['micro', 'macro'] as const) {
      const [low, high] = row[`${key}Interval`];
      const shares = [row[key], low, high, row[`${key}Chance`]];
      if (shares.some((share) => share < 0 || (share > 1 && differ(share, 1))) || low > high)
        note(`${path}[${i}].${key}`, 'or its interval or chance lies outside 0 to 1, or the interval is turned round');
    }
  });
}
