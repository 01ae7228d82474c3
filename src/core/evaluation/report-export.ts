import { mostConfusedPairs } from './confusion';
import { toCsv } from './csv';
import { metricLabel } from './metrics';
import { keptOfCurve } from './pooled-curves';
import type { Protocol } from './protocols';
import type { EvaluationReport } from './report';
import { summaryRows } from './summary-rows';

/** Tables of a report that can be saved on their own. */
export type ReportTable =
  | 'summary'
  | 'classes'
  | 'confusion'
  | 'confused-pairs'
  | 'queries'
  | 'precision-recall'
  | 'roc'
  | 'similarity'
  | 'runtime';

/** Protocol and its parameters in a few words, to stand beside every number. */
export function describeProtocol(protocol: Protocol): string {
  if (protocol.name !== 'holdout') return protocol.name;
  const { share, groupAware, seed } = protocol;
  return `holdout ${Math.round(share * 100)} %, ${groupAware ? 'group-aware' : 'random'}, seed ${seed}`;
}

/** How videos were compared, in a few words. */
export function describeScorer({ scorer, descriptors }: Pick<EvaluationReport, 'scorer' | 'descriptors'>): string {
  const what = descriptors
    .map(({ extractor, weight }) => (descriptors.length > 1 ? `${weight} x ${extractor}` : extractor))
    .join(' + ');
  if (scorer.name === 'frame-knn') return `${what}, frame-knn, K = ${scorer.neighbours}`;
  return [what, scorer.metric, ...scorer.stages].join(', ');
}

/** One table as CSV, header first, safe for spreadsheets; all but `runtime` name the protocol. Shares are 0..1. Curves have
 * every point the report keeps, and say in their last column how many that is. */
export function reportToCsv(report: EvaluationReport, table: ReportTable): string {
  return toCsv(rowsOf[table](report));
}

type Rows = (string | number)[][];

const labelsOf = ({ dataSet }: EvaluationReport, video: number): string =>
  (dataSet.videos[video]?.labels ?? []).map((label) => dataSet.classes[label]).join('|');

const rowsOf: Record<ReportTable, (report: EvaluationReport) => Rows> = {
  summary: (report) => [
    [
      'Metric',
      'Protocol',
      'Micro',
      'Micro low',
      'Micro high',
      'Micro chance',
      'Macro',
      'Macro low',
      'Macro high',
      'Macro chance',
      'Micro, original ranking',
      'Micro, leave-one-out',
    ],
    ...summaryRows(report).map((row) => [
      metricLabel(row.metric),
      describeProtocol(report.protocol),
      row.micro,
      ...row.microInterval,
      row.microChance,
      row.macro,
      ...row.macroInterval,
      row.macroChance,
      row.original?.value ?? '',
      row.loose?.value ?? '',
    ]),
  ],
  classes: (report) => [
    [
      'Class',
      'Protocol',
      'Videos',
      'Queries',
      'Precision',
      'Recall',
      'F1',
      ...report.summary.map(({ metric }) => metricLabel(metric)),
    ],
    ...report.classes.map((row) => [
      report.dataSet.classes[row.label] ?? '',
      describeProtocol(report.protocol),
      row.videos,
      row.queries,
      row.precision,
      row.recall,
      row.f1,
      ...row.values,
    ]),
  ],
  confusion: (report) => {
    const { classes } = report.dataSet;
    const { top1, topK, frames } = report.confusion;
    const rows: Rows = [['Counted', 'True', 'Predicted', 'Count', 'Protocol']];
    const protocol = describeProtocol(report.protocol);
    for (const [name, counted] of [
      ['top 1', top1],
      [`top ${report.settings.confusionK}`, topK],
      ['frames', frames],
    ] as const) {
      counted?.rows.forEach((row, i) => {
        rows.push([
          name,
          classes[row] ?? '',
          classes[counted.columns[i] as number] ?? '',
          counted.counts[i] as number,
          protocol,
        ]);
      });
    }
    return rows;
  },
  'confused-pairs': (report) => [
    ['True', 'Predicted', 'Count', 'Share of row', 'Protocol'],
    ...mostConfusedPairs(report.confusion.top1, Number.POSITIVE_INFINITY).map(({ truth, predicted, count, share }) => [
      report.dataSet.classes[truth] ?? '',
      report.dataSet.classes[predicted] ?? '',
      count,
      share,
      describeProtocol(report.protocol),
    ]),
  ],
  queries: (report) => {
    const { queries, summary, dataSet } = report;
    const protocol = describeProtocol(report.protocol);
    return [
      [
        'Video File',
        'Label',
        'Group',
        'Gallery',
        'Relevant',
        'First relevant',
        ...summary.map(({ metric }) => metricLabel(metric)),
        'Top match',
        'Top label',
        'Protocol',
      ],
      ...queries.video.map((video, i) => {
        const [best] = queries.top[i] ?? [];
        const voted = queries.predicted?.[i];
        return [
          dataSet.videos[video]?.path ?? '',
          labelsOf(report, video),
          dataSet.videos[video]?.group ?? '',
          queries.gallery[i] as number,
          queries.relevant[i] as number,
          queries.firstRank[i] as number,
          ...queries.values.map((of) => of[i] as number),
          best === undefined ? '' : (dataSet.videos[best]?.path ?? ''),
          voted !== undefined ? (dataSet.classes[voted] ?? '') : best === undefined ? '' : labelsOf(report, best),
          protocol,
        ];
      }),
    ];
  },
  'precision-recall': ({ curves, protocol }) => {
    const rows: Rows = [['Threshold', 'Recall', 'Precision', 'Protocol', 'Points']];
    if (!curves) return rows;
    const { pooled } = curves;
    const about = [describeProtocol(protocol), keptOfCurve(pooled, 'pr')];
    const { threshold, recall, precision } = pooled.pr;
    return [...rows, ...recall.map((at, i) => [threshold[i] as number, at, precision[i] as number, ...about])];
  },
  roc: ({ curves, protocol }) => {
    const rows: Rows = [['Threshold', 'False positive rate', 'True positive rate', 'Protocol', 'Points']];
    if (!curves) return rows;
    const { pooled } = curves;
    const about = [describeProtocol(protocol), keptOfCurve(pooled, 'roc')];
    const { threshold, fpr, tpr } = pooled.roc;
    return [...rows, ...fpr.map((at, i) => [threshold[i] ?? '', at, tpr[i] as number, ...about])];
  },
  similarity: ({ curves, protocol }) => {
    const rows: Rows = [['From', 'To', 'Relevant pairs', 'Irrelevant pairs', 'Protocol']];
    if (!curves) return rows;
    const { from, to, relevant, irrelevant } = curves.pooled.similarity;
    const edge = (i: number) => from + ((to - from) * i) / relevant.length;
    const about = describeProtocol(protocol);
    return [...rows, ...relevant.map((count, i) => [edge(i), edge(i + 1), count, irrelevant[i] as number, about])];
  },
  runtime: ({ runtime }) => [['Stage', 'Seconds'], ...runtime.map(({ stage, seconds }) => [stage, seconds])],
};
