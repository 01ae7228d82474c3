/// <reference path="./papaparse.d.ts" />
import papa from 'papaparse';

export type CsvRecord = {
  /** Line of the file the record begins on, 1 for the first. */
  readonly line: number;
  readonly cells: readonly string[];
};

export type CsvText = {
  readonly records: readonly CsvRecord[];
  /** Line on which a quote opens that never closes; all after it is in that record's last cell. */
  readonly openQuote: number | undefined;
};

const formula = /^'*\s*[=+\-@\uff0b\uff0d\uff1d\uff20]|^'*[\t\r\n]/;

/** Without byte order mark, and with one kind of line end. */
export function normaliseText(text: string): string {
  const start = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return start.includes('\r') ? start.replace(/\r\n?/g, '\n') : start;
}

/** Records of a delimited text as {@link normaliseText} gives it; blank lines are left out, but counted. Undoes the mark of {@link toCsv}. */
export function parseCsv(text: string, delimiter: string, preview = 0): CsvText {
  const { data, errors } = papa.parse(text, { delimiter, newline: '\n', preview });
  const open = errors.find(({ code }) => code === 'MissingQuotes');
  const records: CsvRecord[] = [];
  let openQuote: number | undefined;
  let line = 1;
  for (let i = 0; i < data.length; i++) {
    const cells = data[i] as string[];
    if (open && open.row === i) openQuote = line;
    if (cells.length > 1 || cells[0]?.trim())
      records.push({ line, cells: cells.some((cell) => cell.startsWith("'")) ? cells.map(unmark) : cells });
    line++;
    for (const cell of cells) line += lineEnds(cell);
  }
  return { records, openQuote };
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
