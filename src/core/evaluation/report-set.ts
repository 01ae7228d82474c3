import { type EvaluationSet, evaluationSet } from './evaluation-set';
import type { EvaluationReport } from './report';

/** The set a report was made of. */
export function setOfReport({ dataSet }: Pick<EvaluationReport, 'dataSet'>): EvaluationSet {
  return evaluationSet(
    dataSet.videos.map(({ id, path, labels, group, split }) => ({
      id,
      path,
      labels: labels.map((label) => dataSet.classes[label] as string),
      ...(group !== null && { group }),
      ...(split && { split }),
    })),
  );
}
