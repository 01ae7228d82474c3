import { Button, Group, NativeSelect } from '@mantine/core';
import { FileDown, Printer } from 'lucide-react';
import { type RefObject, useState } from 'react';
import type { EvaluationReport } from '../../core/evaluation/report';
import { type ReportTable, reportToCsv } from '../../core/evaluation/report-export';
import { reportToLatex } from '../../core/evaluation/report-latex';
import { reportFile } from '../../state/report-file';
import { svgText } from '../../ui/charts/svg-export';
import { saveFile } from '../../ui/save-file';
import { allStaged } from '../../ui/staged';
import classes from '../evaluation.module.css';
import { type ReportChart, reportToHtml } from './report-html';

const tables: readonly { readonly value: ReportTable; readonly label: string }[] = [
  { value: 'summary', label: 'Summary' },
  { value: 'classes', label: 'Per class' },
  { value: 'queries', label: 'Every query' },
  { value: 'confusion', label: 'Confusion' },
  { value: 'confused-pairs', label: 'Confused pairs' },
  { value: 'precision-recall', label: 'Precision-recall' },
  { value: 'roc', label: 'ROC' },
  { value: 'similarity', label: 'Similarity' },
  { value: 'runtime', label: 'Runtime' },
];

/** Saves the report; `view` is where its charts are drawn. */
export function ExportButtons({
  report,
  view,
}: {
  readonly report: EvaluationReport;
  readonly view: RefObject<HTMLElement | null>;
}) {
  const [table, setTable] = useState<ReportTable>('summary');
  const save = (text: string, ending: string, type: string) => saveFile(text, `${report.name}.${ending}`, type);
  const button = (label: string, onClick: () => void) => (
    <Button size="sm" variant="default" leftSection={<FileDown size={16} aria-hidden />} onClick={onClick}>
      {label}
    </Button>
  );
  return (
    <Group gap="xs" align="flex-end" className={classes.screenOnly ?? ''}>
      {button('Export JSON', () => void reportFile(report).then((file) => saveFile(file, `${report.name}.json`)))}
      {button('Export HTML', () => {
        const saveCharts = () => save(reportToHtml(report, chartsOf(view.current)), 'html', 'text/html');
        void allStaged(view.current).then(saveCharts);
      })}
      {button('Export LaTeX', () => save(reportToLatex(report), 'tex', 'application/x-tex'))}
      {button('Export CSV', () => saveFile(reportToCsv(report, table), `${report.name} ${table}.csv`, 'text/csv'))}
      <NativeSelect
        aria-label="Table to save as CSV"
        value={table}
        data={[...tables]}
        onChange={(event) => setTable(event.currentTarget.value as ReportTable)}
      />
      <Button
        size="sm"
        variant="default"
        leftSection={<Printer size={16} aria-hidden />}
        onClick={() => void allStaged(view.current).then(() => window.print())}
      >
        Print
      </Button>
    </Group>
  );
}

function chartsOf(view: HTMLElement | null): readonly ReportChart[] {
  return [...(view?.querySelectorAll<HTMLElement>('[data-chart]') ?? [])].flatMap((plot) => {
    const drawn = plot.querySelector('svg');
    const name = plot.dataset.chart ?? '';
    const summary = plot.closest('figure')?.querySelector('figcaption')?.textContent ?? '';
    return drawn ? [{ name, summary, svg: svgText(drawn, name) }] : [];
  });
}
