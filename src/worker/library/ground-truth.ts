import { toCsv } from '../../core/evaluation/csv';
import {
  type GroundTruth,
  type GroundTruthIssue,
  type GroundTruthRow,
  labelsFromNames,
  rowCollector,
} from '../../core/evaluation/ground-truth';
import { labelsReader, textEncodingOf, toLabelsCsv } from '../../core/evaluation/labels-csv';
import { type MatchedRows, matchRows } from '../../core/evaluation/match-rows';
import { parseUcf101Lists, ucf101ListKind } from '../../core/evaluation/ucf101-splits';
import type { VideoRecord } from '../../core/video';
import type { GroundTruthReading, TruthProblem, TruthRow, TruthSource } from '../../protocol/evaluation-api';
import type { VideoEdit } from '../../protocol/library-api';
import type { CallOptions } from '../../protocol/progress';
import { inSlices, type Pause, slices } from './slices';

/** Problems of each kind that travel to the page; the listing has all. */
const shown = 200;
const missingKept = 20_000;
/** Bytes of a file that are parsed at once. */
const piece = 1 << 18;

/** Reads a source of ground truth against the library's videos. */
export async function readGroundTruth(
  source: TruthSource,
  videos: readonly VideoRecord[],
  options: CallOptions = {},
): Promise<GroundTruthReading> {
  if (source.from !== 'files') return fromLibrary(videos, source.from);
  const pause = slices(options);
  const { rows, issues, ignoredColumns } = await parseFiles(source.files, pause);
  const matches = await match(rows, videos, pause);
  const byId = new Map(videos.map((video) => [video.id, video]));
  const truth = matches.matched.flatMap(({ row, id }): TruthRow[] =>
    row.labels.length > 0 ? [truthRow(row, id, byId.get(id)?.group)] : [],
  );
  const counts = { missing: 0, ambiguous: 0, contested: 0, file: 0 };
  const first: TruthProblem[] = [];
  const listing = listingOf(
    function* () {
      for (const issue of issues) yield ofFile(issue, source.files);
      yield* unmatched(matches, byId);
    },
    (problem) => {
      counts[problem.kind]++;
      if (counts[problem.kind] <= shown) first.push(problem);
    },
  );
  const total = issues.length + matches.missing.length + matches.ambiguous.length + matches.contested.length;
  return {
    rows: rows.length,
    truth,
    unlabelled: matches.matched.length - truth.length,
    listing: await inSlices(listing, pause, 'Listing what was not found', (_, count) => count / total),
    counts,
    problems: first,
    missingPaths: matches.missing.slice(0, missingKept).map(({ path }) => path),
    ignoredColumns,
  };
}

/** What labels files say of the videos they name. */
export async function editsOfFiles(
  files: readonly File[],
  videos: readonly VideoRecord[],
): Promise<readonly VideoEdit[]> {
  const pause = slices({});
  const { rows } = await parseFiles(files, pause);
  return (await match(rows, videos, pause)).matched.map(({ row, id }) => ({
    id,
    changes: {
      ...(row.labels.length > 0 && { labels: row.labels }),
      ...(row.group !== undefined && { group: row.group }),
      ...(row.split && { split: row.split }),
      ...(row.title !== undefined && { title: row.title }),
      ...(row.description !== undefined && { description: row.description }),
      ...(row.tags.length > 0 && { tags: row.tags }),
    },
  }));
}

const match = (rows: readonly GroundTruthRow[], videos: readonly VideoRecord[], pause: Pause): Promise<MatchedRows> =>
  inSlices(matchRows(rows, videos), pause, 'Finding the videos', (_, count) => Math.min(1, count / rows.length));

/** The labels file of the library's videos that have anything to tell. */
export function labelsOfLibrary(videos: readonly VideoRecord[]): Blob {
  const told = videos.filter(
    ({ labels, split, title, description, tags }) => labels.length > 0 || split || title || description || tags?.length,
  );
  const rows = told
    .map(({ path, labels, group, split, title, description, tags = [] }) => ({
      path,
      labels,
      tags,
      ...(group !== undefined && { group }),
      ...(split && { split }),
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return csvBlob(toLabelsCsv(rows));
}

const csvBlob = (...parts: BlobPart[]) => new Blob(parts, { type: 'text/csv' });

async function parseFiles(files: readonly File[], pause: Pause): Promise<GroundTruth> {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  const parts: GroundTruth[] = [];
  const lists: { readonly name: string; readonly text: string }[] = [];
  for (const file of files) {
    const encoding: GroundTruthIssue[] = [];
    const pieces = piecesOf(
      file,
      (read) => pause('Reading labels', (before + read) / bytes),
      (line) => encoding.push({ code: 'encoding', line, reason: notUnicode, file: file.name }),
    );
    const { value: first = '' } = await pieces.next();
    if (ucf101ListKind(first)) {
      let text = first;
      for await (const next of pieces) text += next;
      lists.push({ name: file.name, text });
    } else {
      const reader = labelsReader();
      if (reader.push(first)) for await (const next of pieces) if (!reader.push(next)) break;
      parts.push(named(reader.finish(), file.name, files.length > 1));
    }
    // Of what is no list of labels that is said instead.
    if (encoding.length > 0 && parts.at(-1)?.rows.length)
      parts.push({ rows: [], issues: encoding, ignoredColumns: [] });
    before += file.size;
  }
  if (lists.length > 0) parts.push(await inSlices(parseUcf101Lists(lists), pause, 'Reading labels'));
  const [only, ...others] = parts;
  if (only && others.length === 0) return only;
  const rows: GroundTruthRow[] = [];
  const issues = parts.flatMap((part) => [...part.issues]);
  await inSlices(collect(parts, rows, issues), pause, 'Reading labels');
  return { rows, issues, ignoredColumns: parts.flatMap((part) => part.ignoredColumns) };
}

function* collect(parts: readonly GroundTruth[], rows: GroundTruthRow[], issues: GroundTruthIssue[]) {
  const collector = rowCollector(rows, issues);
  for (const part of parts) {
    for (const row of part.rows) {
      collector.add(row);
      yield;
    }
  }
}

function named(truth: GroundTruth, file: string, several: boolean): GroundTruth {
  if (!several) return truth;
  const withFile = <Part>(part: Part) => ({ ...part, file });
  return { ...truth, rows: truth.rows.map(withFile), issues: truth.issues.map(withFile) };
}

const notUnicode =
  'The first letter that is not UTF-8; from here on the file is read as Windows-1252. Save it as UTF-8 if names look wrong.';

/** The decoded text of a file, piece by piece. Tells the line from which on it is no Unicode. */
async function* piecesOf(
  file: Blob,
  pause: (read: number) => Promise<void> | undefined,
  onLegacy: (line: number) => void,
): AsyncGenerator<string, undefined> {
  let decoder: TextDecoder | undefined;
  let lines = 1;
  for (let from = 0; from < file.size; from += piece) {
    const bytes = new Uint8Array(await file.slice(from, from + piece).arrayBuffer());
    const encoding = textEncodingOf(bytes);
    decoder ??= new TextDecoder(encoding, { fatal: encoding === 'utf-8' });
    const stream = { stream: from + piece < file.size };
    let text: string;
    try {
      text = decoder.decode(bytes, stream);
    } catch {
      decoder = new TextDecoder('windows-1252');
      text = decoder.decode(bytes, stream);
      onLegacy(lines + newlines(text.slice(0, text.search(/[^\0-\x7f]/))));
    }
    lines += newlines(text);
    yield text;
    await pause(from);
  }
}

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function truthRow({ labels, group, split }: GroundTruthRow, id: string, known: string | undefined): TruthRow {
  const source = group ?? known;
  return { id, labels, ...(source !== undefined && { group: source }), ...(split && { split }) };
}

function fromLibrary(videos: readonly VideoRecord[], from: 'library' | 'names'): GroundTruthReading {
  const truth = videos.flatMap(({ id, path, labels, group, split }): TruthRow[] => {
    const [row] =
      from === 'names' ? labelsFromNames([path]) : [{ line: 0, path, labels, tags: [], ...(split && { split }) }];
    return row && row.labels.length > 0 ? [truthRow(row, id, group)] : [];
  });
  return {
    rows: videos.length,
    truth,
    unlabelled: videos.length - truth.length,
    counts: { missing: 0, ambiguous: 0, contested: 0, file: 0 },
    problems: [],
    listing: csvBlob(''),
    missingPaths: [],
    ignoredColumns: [],
  };
}

const ofFile = ({ line, reason, file }: GroundTruthIssue, files: readonly File[]): TruthProblem => ({
  kind: 'file',
  line,
  path: file ?? files[0]?.name ?? '',
  reason,
});

/** A CSV of all problems, written in parts: as one text a million of them would take hundreds of megabytes. */
function* listingOf(
  problems: () => Generator<TruthProblem>,
  visit: (problem: TruthProblem) => void,
): Generator<undefined, Blob> {
  const parts: Blob[] = [];
  let rows: (string | number)[][] = [['Line', 'Video File', 'Problem', 'Reason']];
  const write = () => {
    parts.push(csvBlob(toCsv(rows)));
    rows = [];
  };
  for (const problem of problems()) {
    visit(problem);
    rows.push([problem.line, problem.path, problem.kind, problem.reason]);
    if (rows.length >= 5000) write();
    yield;
  }
  if (rows.length > 0) write();
  return csvBlob(...parts);
}

/** What was not found, in order of lines. */
function* unmatched(
  { missing, ambiguous, contested }: MatchedRows,
  byId: ReadonlyMap<string, VideoRecord>,
): Generator<TruthProblem> {
  const pathOf = (id: string) => byId.get(id)?.path ?? id;
  const others: TruthProblem[] = [
    ...ambiguous.map(({ row: { line, path }, candidates }): TruthProblem => {
      const some = candidates.slice(0, 3).map(pathOf).join(', ');
      const more = candidates.length > 3 ? ' and others' : '';
      return { kind: 'ambiguous', line, path, reason: `Fits several videos: ${some}${more}. Write more of the path.` };
    }),
    ...contested.map(
      ({ row: { line, path }, id, line: other }): TruthProblem => ({
        kind: 'contested',
        line,
        path,
        reason: `Line ${other} names the same video, ${pathOf(id)}.`,
      }),
    ),
  ].sort((a, b) => a.line - b.line);
  let next = 0;
  for (const { line, path } of missing) {
    for (let other = others[next]; other && other.line < line; other = others[++next]) yield other;
    yield { kind: 'missing', line, path, reason: 'No video of this name is in the library.' };
  }
  yield* others.slice(next);
}
