import { checkAverages } from './check-averages';
import { checkCurves } from './check-curves';
import { checkLists } from './check-lists';
import { checkDataSet, checkProtocol } from './check-protocol';
import { checkRankings } from './check-rankings';
import { checkTables } from './check-tables';
import { checkVotes } from './check-votes';
import { galleryRule } from './protocols';
import type { EvaluationReport, ReportProblem } from './report';
import { notes } from './report-notes';
import { setOfReport } from './report-set';

/** What in a report of the right shape cannot be: lists of unlike length, indices of nothing. */
export function unlikeLists(report: EvaluationReport): ReportProblem[] {
  const { problems, note } = notes();
  checkLists(report, note);
  return problems;
}

/**
 * What does not follow from the report's data set, protocol and lists of matches, where {@link unlikeLists} finds nothing:
 * queries and galleries are derived again, every metric of a query is held against its matches, every average, interval,
 * chance, class score and confusion against the queries, and the pooled curves against one another. Each part is checked
 * only where those before it hold. One step every few queries.
 */
export function* contradictions(report: EvaluationReport): Generator<undefined, ReportProblem[]> {
  const { problems, note } = notes();
  const set = setOfReport(report);
  checkDataSet(report, set, note);
  if (problems.length > 0) return problems;
  const rule = galleryRule(set, report.protocol);
  const isRanked = report.scorer.name === 'ranked';
  const parts = [
    () => checkProtocol(report, set, rule, note),
    () => (isRanked ? checkRankings(report, set, rule, note) : checkVotes(report, set, rule, note)),
    () => checkAverages(report, set, note),
    () => checkTables(report, set, note),
    () => checkCurves(report, rule, note),
  ];
  for (const part of parts) {
    yield* part();
    if (problems.length > 0) return problems;
  }
  return problems;
}
