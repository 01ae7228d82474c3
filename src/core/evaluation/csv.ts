/// <reference path="./papaparse.d.ts" />
import papa from 'papaparse';

export type CsvRecord = {
  /** Line of the file the record begins on, 1 for the first. */
  readonly line: number;
  readonly cells: readonly string[];
};

export type CsvReader = {
  /** Records that end in this piece of the text. */
  push(text: string): readonly CsvRecord[];
  /** The record that the text ends in. */
  finish(): readonly CsvRecord[];
  /** Set once nothing more is read: the line, and why. */
  readonly stopped: { readonly line: number; readonly reason: string } | undefined;
};

const formula = /^'*\s*[=+\-@\uff0b\uff0d\uff1d\uff20]|^'*[\t\r\n]/;

/** Characters that one record may take: a quote that is left open would swallow the file. */
const longestRecord = 1 << 20;

/** Gives pieces of a text one kind of line end. */
export function lineEndNormaliser(): (text: string) => string {
  let afterReturn = false;
  return (text) => {
    // The other half of a line end that the last piece was cut through.
    const own = afterReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') afterReturn = text.endsWith('\r');
    return own.includes('\r') ? own.replace(/\r\n?/g, '\n') : own;
  };
}

/**
 * Reads a delimited text piece by piece, as {@link lineEndNormaliser} gives it. Blank lines are left out, but counted.
 * Undoes the mark of {@link toCsv}.
 */
export function csvReader(delimiter: string): CsvReader {
  const parser = new papa.Parser({ delimiter, newline: '\n' });
  let rest = '';
  let line = 1;
  let stopped: CsvReader['stopped'];
  const take = (text: string, last: boolean): readonly CsvRecord[] => {
    if (stopped || text === '') return [];
    const { data, errors, meta } = parser.parse(text, 0, !last);
    rest = last ? '' : text.slice(meta.cursor);
    const open = errors.find(({ code }) => code === 'MissingQuotes');
    const records: CsvRecord[] = [];
    for (let i = 0; i < data.length; i++) {
      const cells = data[i] as string[];
      if (open && open.row === i) {
        stopped = { line, reason: 'A quote opens here and never closes; nothing after it was read.' };
        break;
      }
      if (cells.length > 1 || cells[0]?.trim())
        records.push({ line, cells: cells.some((cell) => cell.startsWith("'")) ? cells.map(unmark) : cells });
      line++;
      for (const cell of cells) line += lineEnds(cell);
    }
    if (rest.length > longestRecord) {
      const what = rest.includes('"') ? 'A quote opens here and does not close' : 'The row does not end';
      stopped = { line, reason: `${what} within a million characters; nothing after it was read.` };
      rest = '';
    }
    return records;
  };
  return {
    push: (text) => take(rest + text, false),
    finish: () => take(rest, true),
    get stopped() {
      return stopped;
    },
  };
}

/** Cells of the first line of a text. */
export function firstRecord(text: string, delimiter: string): readonly string[] {
  return papa.parse(text, { delimiter, newline: '\n', preview: 1 }).data[0] ?? [];
}

/** Text for spreadsheets and scripts. A cell that a spreadsheet would run as a formula is marked with a leading `'`; numbers stay as they are. */
export function toCsv(rows: readonly (readonly (string | number)[])[]): string {
  return `${papa.unparse(rows, { escapeFormulae: formula, newline: '\r\n' })}\r\n`;
}

const unmark = (cell: string): string => (cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell);

function lineEnds(cell: string): number {
  let count = 0;
  for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) count++;
  return count;
}
