import { checkMatches, checkMetricNames } from './check-rankings';
import { classesOf, type EvaluationSet } from './evaluation-set';
import type { GalleryRule } from './protocols';
import type { EvaluationReport } from './report';
import type { Note } from './report-notes';

/** Holds what frames voted against the labels. The frames themselves are not kept, so shares of them are only bounded. */
export function* checkVotes(
  report: EvaluationReport,
  set: EvaluationSet,
  rule: GalleryRule,
  note: Note,
): Generator<undefined, void> {
  const { queries: of, scorer, settings, ties } = report;
  checkMetricNames(report, ['accuracy', 'frame-accuracy'], note);
  const { predicted } = of;
  if (!predicted) {
    note('queries.predicted', 'is missing: frame-knn gives every query a class');
    return;
  }
  const gallery = new Set(rule.gallery);
  for (const [query, video] of of.video.entries()) {
    const right = Number(classesOf(set, video).includes(predicted[query] as number));
    const [accuracy, ofFrames = 0] = [of.values[0]?.[query], of.values[1]?.[query]];
    if (accuracy !== right) note(`queries.values[0][${query}]`, `is ${accuracy}, but the vote gives ${right}`);
    if (ofFrames < 0 || ofFrames > 1) note(`queries.values[1][${query}]`, `is ${ofFrames}, no share of frames`);
    if (of.firstRank[query] !== 0) note(`queries.firstRank[${query}]`, 'is not 0: frame-knn ranks no videos');
    const matches = of.top[query] ?? [];
    const hidden = new Set(rule.excluded(video));
    const stranger = matches.findIndex((match) => !gallery.has(match) || hidden.has(match));
    if (stranger >= 0) note(`queries.top[${query}][${stranger}]`, 'is a video that the protocol keeps from this query');
    if (matches.length > settings.topK) note(`queries.top[${query}]`, `has more than ${settings.topK} entries`);
    checkMatches(report, query, undefined, note);
    yield;
  }
  const k = scorer.name === 'frame-knn' ? scorer.neighbours : 0;
  ties.forEach((tie, i) => {
    if (i > 0 || tie.k !== k) note(`ties[${i}].k`, `is ${tie.k}, but a vote is cut at ${k} neighbours alone`);
    else if (tie.queries > of.video.length) note(`ties[${i}].queries`, `is more than the ${of.video.length} queries`);
  });
}
