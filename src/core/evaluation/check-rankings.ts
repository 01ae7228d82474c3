import { classesOf, type EvaluationSet, sharesClass } from './evaluation-set';
import { rankingMetricIds, rankingMetrics } from './metrics';
import type { GalleryRule } from './protocols';
import { curveMeans, interpolatedPrecision, truePositiveRates } from './query-accumulator';
import type { EvaluationReport } from './report';
import { differ, type Note } from './report-notes';

/**
 * Holds every query's metrics, and the means of its curves, against its best matches. Where the relevant videos lie that are
 * not among these is not kept; but no metric rises when one of them moves down, so that each lies between what the best and
 * the worst places left for them give: the same number, wherever the metric looks no deeper than the matches kept.
 */
export function* checkRankings(
  report: EvaluationReport,
  set: EvaluationSet,
  rule: GalleryRule,
  note: Note,
): Generator<undefined, void> {
  const { queries: of, summary, settings, curves, ties } = report;
  const metrics = rankingMetricIds(settings.ks);
  checkMetricNames(report, metrics, note);
  if (of.predicted) note('queries.predicted', 'is for frame-knn alone; rankings have no votes');
  if (summary.length !== metrics.length) return;

  const inGallery = new Uint8Array(set.videos.length);
  for (const video of rule.gallery) inGallery[video] = 1;
  const bounds = [new Float64Array(metrics.length), new Float64Array(metrics.length)] as const;
  const interpolated = [curveMeans(set, 11), curveMeans(set, 11)] as const;
  const rates = [curveMeans(set, 101), curveMeans(set, 101)] as const;
  const tied = settings.ks.map(() => ({ known: 0, unknown: 0 }));

  for (const [query, video] of of.video.entries()) {
    const gallery = of.gallery[query] as number;
    const relevant = of.relevant[query] as number;
    const matches = of.top[query] ?? [];
    if (!checkMatches(report, query, Math.min(settings.topK, gallery), note)) return;
    const hidden = new Set(rule.excluded(video));
    const stranger = matches.findIndex((match) => inGallery[match] === 0 || hidden.has(match));
    if (stranger >= 0) note(`queries.top[${query}][${stranger}]`, 'is a video that the protocol keeps from this query');
    const found = matches.flatMap((match, place) => (sharesClass(set, video, match) ? [place + 1] : []));
    const first = of.firstRank[query] as number;
    const rest = relevant - found.length;
    if (rest < 0 || rest > gallery - matches.length) {
      note(
        `queries.top[${query}]`,
        `has ${found.length} relevant videos, which cannot be: there are ${relevant} in all`,
      );
      return;
    }
    const fits = found.length > 0 ? first === found[0] : first > matches.length && first <= gallery - rest + 1;
    if (!fits) {
      const expected = found.length > 0 ? `is at ${found[0]}` : `lies beyond ${matches.length}`;
      note(`queries.firstRank[${query}]`, `is ${first}, but the first relevant match ${expected}`);
      return;
    }

    const known = found.length > 0 ? found : [first];
    const left = relevant - known.length;
    const next = found.length > 0 ? matches.length : first;
    const early = Int32Array.from({ length: relevant }, (_, i) => known[i] ?? next + 1 + i - known.length);
    const late = left === 0 ? early : early.map((_, i) => known[i] ?? gallery - relevant + i + 1);
    [late, early].forEach((ranks, side) => {
      const bound = bounds[side as 0 | 1];
      if (side === 1 && left === 0) bound.set(bounds[0]);
      else rankingMetrics(ranks, gallery, settings.ks, bound);
      if (!curves) return;
      const own = classesOf(set, video);
      interpolated[side as 0 | 1].add(own, (out) => interpolatedPrecision(ranks, out));
      rates[side as 0 | 1].add(own, (out) => truePositiveRates(ranks, gallery - relevant, out));
    });
    for (let metric = 0; metric < metrics.length; metric++) {
      const value = of.values[metric]?.[query] as number;
      within(
        `queries.values[${metric}][${query}]`,
        value,
        bounds[0][metric] as number,
        bounds[1][metric] as number,
        note,
      );
    }

    const scores = of.topScores[query] ?? [];
    settings.ks.forEach((k, i) => {
      const count = tied[i] as { known: number; unknown: number };
      if (k < scores.length) count.known += Number(scores[k - 1] === scores[k]);
      else if (k < gallery) count.unknown++;
    });
    yield;
  }

  settings.ks.forEach((k, i) => {
    const { known, unknown } = tied[i] as { known: number; unknown: number };
    if (ties[i]?.k !== k) note(`ties[${i}].k`, `is ${ties[i]?.k ?? 'missing'}, but the settings' k here is ${k}`);
    else within(`ties[${i}].queries`, ties[i].queries, known, known + unknown, note);
  });
  if (ties.length > settings.ks.length) note('ties', `has ${ties.length} entries, not ${settings.ks.length}`);
  if (!curves) return;
  for (const [name, [low, high]] of [
    ['interpolated', interpolated.map((means) => means.finish())],
    ['rates', rates.map((means) => means.finish())],
  ] as const) {
    for (const average of ['micro', 'macro'] as const)
      curves[name][average].forEach((value, i) => {
        within(
          `curves.${name}.${average}[${i}]`,
          value,
          low?.[average][i] as number,
          high?.[average][i] as number,
          note,
        );
      });
  }
}

/** Metrics of the summary, and of those beside it, by name. */
export function checkMetricNames(report: EvaluationReport, metrics: readonly string[], note: Note): void {
  for (const [path, rows] of [
    ['summary', report.summary],
    ['leakage.summary', report.leakage?.summary],
    ['original.summary', report.original?.summary],
  ] as const) {
    if (!rows) continue;
    metrics.forEach((metric, i) => {
      const written = rows[i]?.metric;
      if (written !== metric)
        note(`${path}[${i}].metric`, `is ${written ?? 'missing'}, but the settings give ${metric} here`);
    });
    if (rows.length > metrics.length) note(path, `has ${rows.length} metrics, but the settings give ${metrics.length}`);
  }
}

/** As many matches as the report keeps, each once, the best first. */
export function checkMatches(
  { queries: of }: EvaluationReport,
  query: number,
  kept: number | undefined,
  note: Note,
): boolean {
  const matches = of.top[query] ?? [];
  const scores = of.topScores[query] ?? [];
  const rising = scores.findIndex((score, i) => i > 0 && score > (scores[i - 1] as number));
  const twice = new Set(matches).size < matches.length;
  if (kept !== undefined && matches.length !== kept)
    note(`queries.top[${query}]`, `has ${matches.length} entries, not ${kept}`);
  else if (twice) note(`queries.top[${query}]`, 'has a video twice');
  else if (rising >= 0) note(`queries.topScores[${query}][${rising}]`, 'is higher than the score before it');
  else return true;
  return false;
}

function within(path: string, value: number, low: number, high: number, note: Note): void {
  if (!differ(low, high)) {
    if (differ(value, low)) note(path, `is ${value}, but the matches listed give ${low}`);
  } else if ((value < low && differ(value, low)) || (value > high && differ(value, high)))
    note(path, `is ${value}, but by the matches listed it lies between ${low} and ${high}`);
}
