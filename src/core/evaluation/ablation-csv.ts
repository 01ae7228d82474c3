import { type AblationRow, ablationMetrics } from './ablation';
import { toCsv } from './csv';
import { metricLabel } from './metrics';

/** Header first; shares are 0..1. */
export function ablationToCsv(rows: readonly AblationRow[]): string {
  const heads = ablationMetrics.flatMap((metric) => {
    const label = metricLabel(metric);
    return [label, `${label} low`, `${label} high`];
  });
  return toCsv([
    ['Descriptors', 'Fusion', 'Stages', 'Protocol', 'Videos', ...heads],
    ...rows.map(({ descriptors, fusion, stages, protocol, videos, values }) => [
      descriptors,
      fusion,
      stages,
      protocol,
      videos,
      ...values.flatMap(({ value, interval }) => [value, ...interval]),
    ]),
  ]);
}
