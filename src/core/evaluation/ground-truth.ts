import { normalisePath, pathSegments } from '../path-suffix';
import { parseUcf101Name } from '../video';
import { normaliseText, parseCsv, toCsv } from './csv';

export type Split = 'train' | 'test';

/** What a labels file says of one video. */
export type GroundTruthRow = {
  /** Line of the file, 1 for the first; 0 where the row comes from a name. */
  readonly line: number;
  /** As written in the file. */
  readonly path: string;
  readonly labels: readonly string[];
  readonly group?: string;
  readonly split?: Split;
  readonly title?: string;
  readonly description?: string;
  readonly tags: readonly string[];
};

export type GroundTruthIssue = {
  readonly code:
    | 'header'
    | 'quotes'
    | 'columns'
    | 'no-path'
    | 'no-label'
    | 'duplicate'
    | 'conflict'
    | 'split'
    | 'class-index'
    | 'line';
  readonly line: number;
  readonly reason: string;
  /** Name of the file, where several were read together. */
  readonly file?: string;
};

export type GroundTruth = {
  readonly rows: readonly GroundTruthRow[];
  /** Everything that was not taken as it stood, in order of lines. */
  readonly issues: readonly GroundTruthIssue[];
  /** Columns that mean nothing here. */
  readonly ignoredColumns: readonly string[];
};

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

/**
 * Reads `Video File,Label` with optional `Group`, `Split`, `Title`, `Description`, `Tags`, in any order and case, separated
 * by comma, semicolon or tab; labels and tags of one cell by `|`. Of two rows for one path the first stands. Takes decoded
 * text, see {@link textEncodingOf}. Nothing is dropped without an issue.
 */
export function parseLabelsCsv(source: string): GroundTruth {
  const text = normaliseText(source);
  const delimiter = [',', ';', '\t'].find((candidate) => {
    const names = (parseCsv(text, candidate, 1).records[0]?.cells ?? []).map(columnName);
    return names.includes('video file') && names.includes('label');
  });
  if (!delimiter) return withoutHeader(text);

  const { records, openQuote } = parseCsv(text, delimiter);
  const [header, ...body] = records as [(typeof records)[number], ...typeof records];
  const issues: GroundTruthIssue[] = [];
  const places = new Map<Column, number>();
  const ignoredColumns: string[] = [];
  header.cells.forEach((cell, i) => {
    const name = columns.find((column) => column === columnName(cell));
    if (name && !places.has(name)) places.set(name, i);
    else if (name)
      issues.push({
        code: 'header',
        line: header.line,
        reason: `The column ${cell} is there twice; the first counts.`,
      });
    else if (cell.trim()) ignoredColumns.push(cell.trim());
  });

  const rows: GroundTruthRow[] = [];
  const collector = rowCollector(rows, issues);
  for (const { line, cells } of body) {
    if (line === openQuote) {
      issues.push({ code: 'quotes', line, reason: 'A quote opens here and never closes; nothing after it was read.' });
      continue;
    }
    const extra = cells.findIndex((cell, i) => i >= header.cells.length && cell.trim() !== '');
    if (extra >= 0) {
      const reason = `${cells.length} cells under ${header.cells.length} columns: put quotes around a cell that holds the delimiter.`;
      issues.push({ code: 'columns', line, reason });
      continue;
    }
    const cell = (column: Column): string => cells[places.get(column) ?? -1]?.trim() ?? '';
    const path = cell('video file');
    if (path === '') {
      if (cells.some((each) => each.trim() !== ''))
        issues.push({ code: 'no-path', line, reason: 'The row names no video.' });
      continue;
    }
    const split = cell('split').toLowerCase();
    if (split !== '' && split !== 'train' && split !== 'test')
      issues.push({ code: 'split', line, reason: `Split is "${cell('split')}", not train or test; read as none.` });
    const labels = splitList(cell('label'));
    if (labels.length === 0) issues.push({ code: 'no-label', line, reason: `${path} has no label.` });
    collector.add({
      line,
      path,
      labels,
      tags: splitList(cell('tags')),
      ...(cell('group') && { group: cell('group') }),
      ...((split === 'train' || split === 'test') && { split }),
      ...(cell('title') && { title: cell('title') }),
      ...(cell('description') && { description: cell('description') }),
    });
  }
  return { rows, issues: issues.sort((a, b) => a.line - b.line), ignoredColumns };
}

function withoutHeader(text: string): GroundTruth {
  const first = text.split('\n', 1)[0]?.slice(0, 120) ?? '';
  const reason = first.trim()
    ? `The first line must name the columns Video File and Label, separated by comma, semicolon or tab. It is: ${first}`
    : 'The file is empty or begins with an empty line; the first line must name the columns Video File and Label.';
  return { rows: [], issues: [{ code: 'header', line: 1, reason }], ignoredColumns: [] };
}

/** Adds rows whose path is new; says of the others whether they agree with the first. */
export function rowCollector(rows: GroundTruthRow[], issues: GroundTruthIssue[]) {
  const seen = new Map<string, GroundTruthRow>();
  return {
    add(row: GroundTruthRow, file?: string): void {
      const key = normalisePath(row.path);
      const known = seen.get(key);
      if (!known) {
        seen.set(key, row);
        rows.push(row);
        return;
      }
      const same =
        known.labels.length === row.labels.length &&
        known.labels.every((label) => row.labels.includes(label)) &&
        known.group === row.group &&
        known.split === row.split;
      issues.push({
        code: same ? 'duplicate' : 'conflict',
        line: row.line,
        reason: same
          ? `${row.path} is already on line ${known.line}.`
          : `${row.path} is already on line ${known.line} with another label, group or split; the first counts.`,
        ...(file && { file }),
      });
    },
  };
}

/** Rows from names alone: `v_<Class>_g<NN>_c<NN>` as in UCF101, else the folder a video lies in. Videos in no folder give no row. */
export function labelsFromNames(paths: readonly string[]): readonly GroundTruthRow[] {
  return paths.flatMap((path) => {
    const segments = pathSegments(path);
    const named = parseUcf101Name(segments.at(-1) ?? '');
    if (named) return [{ line: 0, path, labels: [named.label], group: named.group, tags: [] }];
    const folder = segments.at(-2);
    return folder === undefined ? [] : [{ line: 0, path, labels: [folder], tags: [] }];
  });
}

/** The labels file of a library, safe to open in a spreadsheet; {@link parseLabelsCsv} reads it back unchanged. */
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
