import { type CsvReader, type CsvRecord, csvReader, firstRecord, lineEndNormaliser } from '../../core/evaluation/csv';
import { textEncodingOf } from '../../core/evaluation/labels-csv';
import { type Example, type FeatureFormat, partNamed, splitLabels, unsound } from './example';

const readBytes = 1024 ** 2;
const names: Readonly<Record<'id' | 'labels' | 'group' | 'split', readonly string[]>> = {
  id: ['id', 'video_id', 'video file', 'video_file', 'video', 'path', 'file', 'filename', 'name'],
  labels: ['labels', 'label', 'class', 'classes', 'category'],
  group: ['group'],
  split: ['split', 'subset'],
};

type Columns = {
  readonly header: readonly string[];
  readonly id: number;
  readonly labels: number;
  readonly group: number;
  readonly split: number;
  /** Those of numbers. */
  readonly values: readonly number[];
};

/** Text separated by commas, semicolons or tabs: a header that names a column of labels (several in a cell separated by `|`),
 * mostly one of ids, `group` and `split` where wanted; all other columns are numbers. */
export const csvFeatures: FeatureFormat = {
  name: 'CSV',
  begins: (head) => head.length > 0 && head.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13) || byte === 0),
  async *examples(file, { signal, onRead }) {
    const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
    const decoder = new TextDecoder(textEncodingOf(head));
    const normalise = lineEndNormaliser();
    let columns: Columns | undefined;
    let csv: CsvReader | undefined;
    const take = (records: readonly CsvRecord[]): readonly Example[] =>
      records.flatMap((record) => {
        if (columns) return [exampleOf(record, columns)];
        columns = columnsOf(record);
        return [];
      });
    for (let at = 0; at < file.size; at += readBytes) {
      signal?.throwIfAborted();
      const to = Math.min(file.size, at + readBytes);
      const piece = new Uint8Array(await file.slice(at, to).arrayBuffer());
      const text = normalise(decoder.decode(piece, { stream: to < file.size }));
      csv ??= csvReader(delimiterOf(text));
      yield take(csv.push(text));
      if (csv.stopped) throw unsound(`line ${csv.stopped.line}: ${csv.stopped.reason}`);
      onRead(to / file.size);
    }
    yield take(csv?.finish() ?? []);
    if (csv?.stopped) throw unsound(`line ${csv.stopped.line}: ${csv.stopped.reason}`);
  },
};

function delimiterOf(text: string): string {
  const width = (delimiter: string) => firstRecord(text, delimiter).length;
  return [',', ';', '\t'].reduce((best, delimiter) => (width(delimiter) > width(best) ? delimiter : best));
}

function columnsOf({ cells }: CsvRecord): Columns {
  const header = cells.map((cell) => cell.trim().toLowerCase());
  const place = (of: keyof typeof names) => header.findIndex((cell) => names[of].includes(cell));
  const [id, labels, group, split] = [place('id'), place('labels'), place('group'), place('split')];
  if (labels < 0) {
    const shown = cells.slice(0, 6).join(', ').slice(0, 120);
    throw unsound(`the first line names no column “labels”; it begins: ${shown}`);
  }
  const taken = new Set([id, labels, group, split]);
  const values = header.flatMap((_, i) => (taken.has(i) ? [] : [i]));
  if (values.length === 0) throw unsound('the first line names no column of numbers beside id and labels');
  return { header, id, labels, group, split, values };
}

function exampleOf({ cells, line }: CsvRecord, { header, id, labels, group, split, values }: Columns): Example {
  if (cells.length !== header.length) {
    throw unsound(`line ${line} has ${cells.length} cells where the first line has ${header.length}`);
  }
  const cell = (column: number) => cells[column]?.trim() ?? '';
  const vector = new Float32Array(values.length);
  values.forEach((column, d) => {
    const text = cell(column);
    const value = text === '' ? Number.NaN : Number(text);
    if (Number.isNaN(value) && text.toLowerCase() !== 'nan') {
      throw unsound(
        `line ${line}, column “${header[column]}” ${text === '' ? 'is empty' : `holds “${text.slice(0, 40)}”, which is no number`}`,
      );
    }
    vector[d] = value;
  });
  return {
    at: `line ${line}`,
    id: cell(id) || undefined,
    labels: splitLabels(cell(labels)),
    ...(cell(group) && { group: cell(group) }),
    ...partNamed(cell(split)),
    vector,
  };
}
