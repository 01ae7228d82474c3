import { mostConfusedPairs } from './confusion';
import { metricLabel } from './metrics';
import type { EvaluationReport } from './report';
import { describeProtocol, describeScorer } from './report-export';
import { summaryRows } from './summary-rows';

type Table = {
  readonly caption: string;
  readonly label: string;
  /** Column types of `tabular`. */
  readonly columns: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
};

/** Confused pairs that fit a page beside the rest. */
const pairsShown = 20;

/**
 * Summary, classes and most confused pairs as LaTeX tables (needs `booktabs` and `longtable`): percentages, the summary's
 * with 95 % intervals; protocol, chance, the original ranking and `leave-one-out` named.
 */
export function reportToLatex(report: EvaluationReport): string {
  const { counts, dataSet, settings } = report;
  const what = `${escapeLatex(report.name)}: ${escapeLatex(describeScorer(report))}; protocol ${escapeLatex(describeProtocol(report.protocol))}`;
  const summaryCaption =
    `${what}; ${counts.answered} of ${counts.queries} queries, gallery of ${counts.gallery}, ${dataSet.classes.length} classes. ` +
    `Percent, with 95\\,\\% intervals (bootstrap over ${dataSet.groupsKnown ? 'groups' : 'videos'}, ${settings.replicates} draws, seed ${settings.seed}).`;
  return [
    '% Needs \\usepackage{booktabs,longtable}',
    ...tableLines({ ...summaryTable(report), caption: summaryCaption, label: 'tab:summary' }),
    ...longTableLines({ ...classTable(report), caption: `${what}. Per class, percent.`, label: 'tab:classes' }),
    ...longTableLines({
      ...pairTable(report),
      caption: `${what}. Most confused pairs: percent of the true class.`,
      label: 'tab:confused',
    }),
    '',
  ].join('\n');
}

type Content = Pick<Table, 'columns' | 'head' | 'rows'>;

const percent = (share: number): string => (share * 100).toFixed(1);

function summaryTable(report: EvaluationReport): Content {
  const { original, leakage } = report;
  const cell = (value: number, [low, high]: readonly [number, number]) =>
    `${percent(value)} {[}${percent(low)}, ${percent(high)}{]}`;
  return {
    columns: `lllr${original ? 'r' : ''}${leakage ? 'r' : ''}`,
    head: [
      ...['Metric', 'Over queries', 'Over classes', 'Chance'],
      ...(original ? ['Original'] : []),
      ...(leakage ? ['leave-one-out'] : []),
    ],
    rows: summaryRows(report).map((row) => [
      escapeLatex(metricLabel(row.metric)),
      cell(row.micro, row.microInterval),
      cell(row.macro, row.macroInterval),
      percent(row.microChance),
      ...(original ? [row.original ? percent(row.original.value) : '--'] : []),
      ...(leakage ? [row.loose ? percent(row.loose.value) : '--'] : []),
    ]),
  };
}

function classTable({ classes, dataSet, summary, settings }: EvaluationReport): Content {
  const { confusionK } = settings;
  const wanted = new Set(['hit@1', `precision@${confusionK}`, 'ap', 'accuracy', 'frame-accuracy']);
  const shown = summary.flatMap(({ metric }, at) => (wanted.has(metric) ? [{ metric, at }] : []));
  return {
    columns: `lrr${'r'.repeat(shown.length + 3)}`,
    head: [
      'Class',
      'Videos',
      'Queries',
      ...shown.map(({ metric }) => escapeLatex(metricLabel(metric))),
      'Precision',
      'Recall',
      'F1',
    ],
    rows: classes.map(({ label, videos, queries, values, precision, recall, f1 }) => [
      escapeLatex(dataSet.classes[label] ?? ''),
      `${videos}`,
      `${queries}`,
      ...shown.map(({ at }) => {
        const value = values[at];
        return value === undefined ? '--' : percent(value);
      }),
      ...(queries === 0 ? ['--', '--', '--'] : [precision, recall, f1].map(percent)),
    ]),
  };
}

function pairTable({ confusion, dataSet }: EvaluationReport): Content {
  return {
    columns: 'llrr',
    head: ['True', 'Predicted', 'Percent', 'Count'],
    rows: mostConfusedPairs(confusion.top1, pairsShown).map(({ truth, predicted, share, count }) => [
      escapeLatex(dataSet.classes[truth] ?? ''),
      escapeLatex(dataSet.classes[predicted] ?? ''),
      percent(share),
      `${Number(count.toFixed(2))}`,
    ]),
  };
}

const line = (cells: readonly string[]): string => `  ${cells.join(' & ')} \\\\`;

function tableLines({ caption, label, columns, head, rows }: Table): readonly string[] {
  return [
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${caption}}`,
    `  \\label{${label}}`,
    `  \\begin{tabular}{${columns}}`,
    '  \\toprule',
    line(head),
    '  \\midrule',
    ...rows.map(line),
    '  \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
  ];
}

/** For rows that may take more than a page. */
function longTableLines({ caption, label, columns, head, rows }: Table): readonly string[] {
  if (rows.length === 0) return [];
  return [
    // Nine columns do not fit a page in the text's own size.
    '\\begingroup\\footnotesize\\setlength{\\tabcolsep}{4pt}',
    `\\begin{longtable}{${columns}}`,
    `  \\caption{${caption}}\\label{${label}} \\\\`,
    '  \\toprule',
    line(head),
    '  \\midrule',
    '  \\endfirsthead',
    '  \\toprule',
    line(head),
    '  \\midrule',
    '  \\endhead',
    '  \\bottomrule',
    '  \\endfoot',
    ...rows.map(line),
    '\\end{longtable}',
    '\\endgroup',
  ];
}

const latexSpecials = new Map([
  ['\\', '\\textbackslash{}'],
  ['~', '\\textasciitilde{}'],
  ['^', '\\textasciicircum{}'],
  // A bracket that begins a row would be read as an option of the row before.
  ['[', '{[}'],
  [']', '{]}'],
]);

function escapeLatex(text: string): string {
  return text.replace(/[\\~^[\]]|[&%$#_{}]|\s+/g, (found) =>
    found.trim() === '' ? ' ' : (latexSpecials.get(found) ?? `\\${found}`),
  );
}
