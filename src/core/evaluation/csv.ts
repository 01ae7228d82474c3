/// <reference path="./papaparse.d.ts" />
import papa from 'papaparse';

export type CsvRecord = {
  /** Line of the file the record begins on, 1 for the first. */
  readonly line: number;
  readonly cells: readonly string[];
  /** A quote inside a quoted cell was not written twice: the line was read by itself, its quotes as they stand. */
  readonly isOdd?: true;
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
/** Within a cell, where a spreadsheet that splits at semicolons or tabs, or at line ends, would begin another. */
const innerFormula = /([;\t\r\n])(?=['"\s]*[=+\-@\uff0b\uff0d\uff1d\uff20])/g;
const markedInside = /([;\t\r\n])'(?=['"\s]*[=+\-@\uff0b\uff0d\uff1d\uff20])/g;

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
  const recordOf = (cells: readonly string[], isOdd: boolean): readonly CsvRecord[] =>
    cells.length > 1 || cells[0]?.trim()
      ? [
          {
            line,
            cells: cells.some((cell) => cell.includes("'")) ? cells.map(unmark) : cells,
            ...(isOdd && { isOdd }),
          },
        ]
      : [];
  const isInvalid = ({ code }: { readonly code: string }) => code === 'InvalidQuotes';
  /** Reads records of whole lines one by one up to one that does not end; gives where that begins. A record that goes on
   * below its line because of a stray quote is that line alone, without quotes. */
  const takeSlowly = (text: string, from: number, records: CsvRecord[]): number => {
    let at = from;
    while (at < text.length) {
      const lineEnd = text.indexOf('\n', at) + 1;
      let end = lineEnd;
      let { data, errors } = parser.parse(text.slice(at, end), 0, true);
      while (data.length === 0 && !errors.some(isInvalid)) {
        // Only another quote can end it.
        const quote = text.indexOf('"', end);
        if (quote < 0) return at;
        end = text.indexOf('\n', quote) + 1;
        ({ data, errors } = parser.parse(text.slice(at, end), 0, true));
      }
      const isOdd = errors.some(isInvalid);
      const isOwn = data.length > 0 && (!isOdd || end === lineEnd);
      const cells = isOwn ? (data[0] as string[]) : text.slice(at, lineEnd - 1).split(delimiter);
      records.push(...recordOf(cells, isOdd));
      line += isOwn ? lineEnds(text.slice(at, end)) : 1;
      at = isOwn ? end : lineEnd;
    }
    return at;
  };
  const take = (given: string, last: boolean): readonly CsvRecord[] => {
    if (stopped || given === '') return [];
    const whole = last && !given.endsWith('\n') ? `${given}\n` : given;
    // What a quote means is told by what follows it on its line.
    const text = whole.slice(0, whole.lastIndexOf('\n') + 1);
    const records: CsvRecord[] = [];
    const { data, errors, meta } = parser.parse(text, 0, true);
    const odd = new Set(errors.filter(isInvalid).map(({ row }) => row));
    const first = line;
    let slowly = odd.has(data.length);
    for (let i = 0; i < data.length; i++) {
      const cells = data[i] as string[];
      const height = cells.reduce((lines, cell) => lines + lineEnds(cell), 1);
      slowly ||= height > 1 && odd.has(i);
      if (height > 1 && odd.has(i)) break;
      records.push(...recordOf(cells, odd.has(i)));
      line += height;
    }
    const end = slowly ? takeSlowly(text, afterLines(text, line - first), records) : meta.cursor;
    rest = whole.slice(end);
    if (last && rest !== '') {
      stopped = { line, reason: 'A quote opens here and never closes; nothing after it was read.' };
      rest = '';
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

/** Text for spreadsheets and scripts. What a spreadsheet would run as a formula is marked with a leading `'`, within a cell
 * too; numbers stay as they are. */
export function toCsv(rows: readonly (readonly (string | number)[])[]): string {
  const marked = rows.map((row) =>
    row.map((cell) => (typeof cell === 'string' ? cell.replace(innerFormula, "$1'") : cell)),
  );
  return `${papa.unparse(marked, { escapeFormulae: formula, newline: '\r\n' })}\r\n`;
}

function unmark(cell: string): string {
  const own = cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
  return own.replace(markedInside, '$1');
}

/** Where the line begins that is `count` lines below the first. */
function afterLines(text: string, count: number): number {
  let at = 0;
  for (let i = 0; i < count; i++) at = text.indexOf('\n', at) + 1;
  return at;
}

function lineEnds(cell: string): number {
  let count = 0;
  for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) count++;
  return count;
}
