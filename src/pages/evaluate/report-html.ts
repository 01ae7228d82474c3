import { mostConfusedPairs } from '../../core/evaluation/confusion';
import { metricLabel } from '../../core/evaluation/metrics';
import type { EvaluationReport } from '../../core/evaluation/report';
import { describeProtocol, describeScorer } from '../../core/evaluation/report-export';
import { type SummaryRow, summaryRows } from '../../core/evaluation/summary-rows';
import { percent, three } from '../descriptor-words';

export type ReportChart = { readonly name: string; readonly summary: string; readonly svg: string };

type Table = {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

const style = `
:root { color-scheme: light; }
body { font: 15px/1.45 system-ui, sans-serif; color: #24292e; background: #fff; max-width: 1000px; margin: 32px auto; padding: 0 16px; font-variant-numeric: tabular-nums; }
h1 { font-size: 24px; margin: 0; } h2 { font-size: 17px; margin: 32px 0 8px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; } dt { color: #5c636a; } dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; } th, td { text-align: left; padding: 3px 12px 3px 0; border-bottom: 1px solid #d5d9dd; }
.wide { overflow-x: auto; } figure { margin: 24px 0; break-inside: avoid; } figure svg { max-width: 100%; height: auto; } figcaption { color: #5c636a; font-size: 13px; }
@media print { body { margin: 0; max-width: none; } }
`;

/** The report as one file that needs nothing else: no script, no picture beside its charts, no footage. */
export function reportToHtml(report: EvaluationReport, charts: readonly ReportChart[]): string {
  const facts: readonly (readonly [string, string])[] = [
    ['Protocol', describeProtocol(report.protocol)],
    ['Scorer', describeScorer(report)],
    [
      'Queries',
      `${report.counts.answered} of ${report.counts.queries} answered; ${report.excluded.length} without another video of their class;${report.withoutFrames?.length ? ` ${report.withoutFrames.length} without frames;` : ''} gallery of ${report.counts.gallery}`,
    ],
    [
      'Left out',
      `${report.counts.unlabelled} without a label, ${report.counts.withoutVectors} without vectors, ${report.counts.unused} not used by the protocol`,
    ],
    ...report.descriptors.map(
      ({ extractor, version, modelHash, preprocessing, sampling }) =>
        ['Descriptor', `${extractor} ${version}; ${preprocessing}; ${sampling}; model ${modelHash ?? 'none'}`] as const,
    ),
    [
      'Intervals',
      `95 %, bootstrap over ${report.dataSet.groupsKnown ? 'groups' : 'videos'}, ${report.settings.replicates} draws, seed ${report.settings.seed}`,
    ],
    [
      'Data set',
      `${report.dataSet.videos.length} videos, ${report.dataSet.classes.length} classes, SHA-256 ${report.dataSet.hash}`,
    ],
    ...(report.ties.some(({ queries }) => queries > 0)
      ? [['Ties at the cut', report.ties.map(({ k, queries }) => `k = ${k}: ${queries}`).join(', ')] as const]
      : []),
    ['Made', report.created],
  ];
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escaped(report.name)}</title><style>${style}</style></head><body>`,
    `<h1>${escaped(report.name)}</h1>`,
    `<dl>${facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>`,
    ...tables(report).slice(0, 1).map(tableHtml),
    ...charts.map(
      ({ name, summary, svg }) =>
        `<figure><h2>${escaped(name)}</h2>${svg}<figcaption>${escaped(summary)}</figcaption></figure>`,
    ),
    ...tables(report).slice(1).map(tableHtml),
    '</body></html>',
  ].join('\n');
}

function tables(report: EvaluationReport): readonly Table[] {
  const { dataSet, summary, leakage, original, classes, runtime } = report;
  const name = (label: number) => dataSet.classes[label] ?? '';
  const between = ([low, high]: readonly [number, number]) => `${three(low)}–${three(high)}`;
  const protocol = describeProtocol(report.protocol);
  const beside = (kept: unknown, of: SummaryRow['loose']) =>
    kept ? [of ? three(of.value) : '', of ? of.difference.toFixed(3) : ''] : [];
  return [
    {
      title: 'Summary',
      head: [
        ...['Metric', 'Protocol', 'Over queries', '95 % interval', 'Chance'],
        ...(original ? ['Original ranking', 'Gain'] : []),
        ...(leakage ? ['leave-one-out', 'Leakage gap'] : []),
        ...['Over classes', '95 % interval'],
      ],
      rows: summaryRows(report).map((row) => [
        metricLabel(row.metric),
        protocol,
        three(row.micro),
        between(row.microInterval),
        three(row.microChance),
        ...beside(original, row.original),
        ...beside(leakage, row.loose),
        three(row.macro),
        between(row.macroInterval),
      ]),
    },
    {
      title: 'Per class',
      head: [
        'Class',
        'Videos',
        'Queries',
        'Precision',
        'Recall',
        'F1',
        ...summary.map(({ metric }) => metricLabel(metric)),
      ],
      rows: classes.map((row) => [
        name(row.label),
        String(row.videos),
        String(row.queries),
        three(row.precision),
        three(row.recall),
        three(row.f1),
        ...row.values.map(three),
      ]),
    },
    {
      title: 'Most confused pairs',
      head: ['True', 'Predicted', 'Share of its row', 'Count'],
      rows: mostConfusedPairs(report.confusion.top1, 50).map(({ truth, predicted, count, share }) => [
        name(truth),
        name(predicted),
        percent(share),
        String(Number(count.toFixed(2))),
      ]),
    },
    {
      title: 'Runtime',
      head: ['Stage', 'Seconds'],
      rows: runtime.map(({ stage, seconds }) => [stage, three(seconds)]),
    },
  ];
}

function tableHtml({ title, head, rows }: Table): string {
  const cells = (row: readonly string[], tag: string) =>
    row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('');
  return `<h2>${escaped(title)}</h2><div class="wide"><table><thead><tr>${cells(head, 'th')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${cells(row, 'td')}</tr>`)
    .join('')}</tbody></table></div>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (found) => entities[found] ?? found);
