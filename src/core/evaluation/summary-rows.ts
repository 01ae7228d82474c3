import type { MetricId } from './metrics';
import type { EvaluationReport } from './report';

type Row = EvaluationReport['summary'][number];
type Beside = { readonly value: number; readonly difference: number };

/** A metric of a report with what stands beside it, over queries. */
export type SummaryRow = Row & {
  /** By the original ranking, and what the report's ranking gains over it. */
  readonly original: Beside | undefined;
  /** Under `leave-one-out`, and how much that is inflated by clips of one group: the leakage gap. */
  readonly loose: Beside | undefined;
};

export function summaryRows({ summary, original, leakage }: EvaluationReport): readonly SummaryRow[] {
  const microOf = (rows: readonly Row[] | undefined, metric: MetricId) =>
    rows?.find((row) => row.metric === metric)?.micro;
  return summary.map((row) => {
    const mean = microOf(original?.summary, row.metric);
    const loose = microOf(leakage?.summary, row.metric);
    return {
      ...row,
      original: mean === undefined ? undefined : { value: mean, difference: row.micro - mean },
      loose: loose === undefined ? undefined : { value: loose, difference: loose - row.micro },
    };
  });
}
