import { type CsvReader, type CsvRecord, csvReader, firstRecord, lineEndNormaliser, toCsv } from './csv';
import { type GroundTruth, type GroundTruthIssue, type GroundTruthRow, rowCollector } from './ground-truth';

/** Name of the text's encoding for a `TextDecoder`, by byte order mark, else by where zero bytes stand. */
export function textEncodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (bytes.length >= 2 && first !== 0 && second === 0) return 'utf-16le';
  if (bytes.length >= 2 && first === 0 && second !== 0) return 'utf-16be';
  return 'utf-8';
}

const columns = ['video file', 'label', 'group', 'split', 'title', 'description', 'tags'] as const;
type Column = (typeof columns)[number];

const columnName = (cell: string): string =>
  cell
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, ' ');
const none: readonly string[] = [];

function splitList(cell: string): readonly string[] {
  if (cell === '') return none;
  if (!cell.includes('|')) return [cell];
  const parts = cell.split('|').map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ''))];
}

export type LabelsReader = {
  /** Takes the next piece of decoded text; false once nothing more is read. */
  push(text: string): boolean;
  finish(): GroundTruth;
};

type Table = {
  readonly csv: CsvReader;
  /** Columns of the header; 0 before it was read. */
  width: number;
  readonly places: Map<Column, number>;
};

/**
 * Reads `Video File,Label` with optional `Group`, `Split`, `Title`, `Description`, `Tags`, in any order and case, separated
 * by comma, semicolon or tab; labels and tags of one cell by `|`. Of two rows for one path the first stands. Takes decoded
 * text, see {@link textEncodingOf}, in pieces of which the first holds the header. Nothing is dropped without an issue.
 */
export function labelsReader(): LabelsReader {
  const rows: GroundTruthRow[] = [];
  const issues: GroundTruthIssue[] = [];
  const ignoredColumns: string[] = [];
  const collector = rowCollector(rows, issues);
  const normalise = lineEndNormaliser();
  const lists = new Map<string, readonly string[]>();
  /** One list for all rows of a class: a million small ones take long to collect. */
  const listOf = (cell: string): readonly string[] => {
    const known = lists.get(cell);
    if (known) return known;
    const list = splitList(cell);
    if (lists.size < 10_000) lists.set(cell, list);
    return list;
  };
  let table: Table | undefined;
  let text = '';

  const begin = (): Table | undefined => {
    const delimiter = [',', ';', '\t'].find((candidate) => {
      const names = firstRecord(text, candidate).map(columnName);
      return names.includes('video file') && names.includes('label');
    });
    return delimiter === undefined ? undefined : { csv: csvReader(delimiter), width: 0, places: new Map() };
  };
  const readHeader = (own: Table, { line, cells }: CsvRecord) => {
    own.width = cells.length;
    cells.forEach((cell, i) => {
      const name = columns.find((column) => column === columnName(cell));
      if (name && !own.places.has(name)) own.places.set(name, i);
      else if (name)
        issues.push({ code: 'header', line, reason: `The column ${cell} is there twice; the first counts.` });
      else if (cell.trim()) ignoredColumns.push(cell.trim());
    });
  };
  const readRow = ({ width, places }: Table, { line, cells }: CsvRecord) => {
    const extra = cells.findIndex((cell, i) => i >= width && cell.trim() !== '');
    if (extra >= 0) {
      const reason = `${cells.length} cells under ${width} columns: put quotes around a cell that holds the delimiter.`;
      issues.push({ code: 'columns', line, reason });
      return;
    }
    const cell = (column: Column): string => cells[places.get(column) ?? -1]?.trim() ?? '';
    const path = cell('video file');
    if (path === '') {
      if (cells.some((each) => each.trim() !== ''))
        issues.push({ code: 'no-path', line, reason: 'The row names no video.' });
      return;
    }
    const split = cell('split').toLowerCase();
    if (split !== '' && split !== 'train' && split !== 'test')
      issues.push({ code: 'split', line, reason: `Split is "${cell('split')}", not train or test; read as none.` });
    const labels = listOf(cell('label'));
    if (labels.length === 0) issues.push({ code: 'no-label', line, reason: `${path} has no label.` });
    collector.add({
      line,
      path,
      labels,
      tags: listOf(cell('tags')),
      ...(cell('group') && { group: cell('group') }),
      ...((split === 'train' || split === 'test') && { split }),
      ...(cell('title') && { title: cell('title') }),
      ...(cell('description') && { description: cell('description') }),
    });
  };
  const take = (own: Table, records: readonly CsvRecord[]) => {
    for (const record of records) {
      if (record.isOdd) issues.push({ code: 'quotes', line: record.line, reason: oddQuote });
      if (own.width === 0) readHeader(own, record);
      else readRow(own, record);
    }
  };

  return {
    push(piece) {
      const own = normalise(piece);
      if (table) take(table, table.csv.push(own));
      else {
        text += own;
        table = begin();
        if (table) take(table, table.csv.push(text));
      }
      return table !== undefined && table.csv.stopped === undefined;
    },
    finish() {
      if (!table) return withoutHeader(text);
      take(table, table.csv.finish());
      const { stopped } = table.csv;
      if (stopped) issues.push({ code: 'quotes', ...stopped });
      return { rows, issues, ignoredColumns };
    },
  };
}

const oddQuote =
  'A quote stands inside a quoted cell, where it must be written twice; the line was read by itself, as it stands.';

function withoutHeader(text: string): GroundTruth {
  const first = text.slice(0, 120).split('\n', 1)[0] ?? '';
  const reason = first.trim()
    ? `The first line must name the columns Video File and Label, separated by comma, semicolon or tab. It is: ${first}`
    : 'The file is empty or begins with an empty line; the first line must name the columns Video File and Label.';
  return { rows: [], issues: [{ code: 'header', line: 1, reason }], ignoredColumns: [] };
}

/** The labels file of a library, safe to open in a spreadsheet; {@link labelsReader} reads it back unchanged. */
export function toLabelsCsv(rows: readonly Omit<GroundTruthRow, 'line'>[]): string {
  return toCsv([
    ['Video File', 'Label', 'Group', 'Split', 'Title', 'Description', 'Tags'],
    ...rows.map((row) => [
      row.path,
      row.labels.join('|'),
      row.group ?? '',
      row.split ?? '',
      row.title ?? '',
      row.description ?? '',
      row.tags.join('|'),
    ]),
  ]);
}
