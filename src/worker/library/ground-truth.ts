import { toCsv } from '../../core/evaluation/csv';
import {
  type GroundTruth,
  type GroundTruthIssue,
  type GroundTruthRow,
  labelsFromNames,
  parseLabelsCsv,
  rowCollector,
  textEncodingOf,
  toLabelsCsv,
} from '../../core/evaluation/ground-truth';
import { type MatchedRows, matchRows } from '../../core/evaluation/match-rows';
import { parseUcf101Lists, ucf101ListKind } from '../../core/evaluation/ucf101-splits';
import type { VideoRecord } from '../../core/video';
import type { GroundTruthReading, TruthProblem, TruthRow, TruthSource, VideoEdit } from '../../protocol/evaluation-api';

/** Problems of each kind that travel to the page; the listing has all. */
const shown = 200;
const missingKept = 20_000;

/** Reads a source of ground truth against the library's videos. */
export async function readGroundTruth(
  source: TruthSource,
  videos: readonly VideoRecord[],
): Promise<GroundTruthReading> {
  if (source.from !== 'files') return fromLibrary(videos, source.from);
  const { rows, issues, ignoredColumns } = await parseFiles(source.files);
  const matches = matchRows(rows, videos);
  const byId = new Map(videos.map((video) => [video.id, video]));
  const truth = matches.matched.flatMap(({ row, id }): TruthRow[] =>
    row.labels.length > 0 ? [truthRow(row, id, byId.get(id)?.group)] : [],
  );
  const problems = [...issues.map((issue) => ofFile(issue, source.files)), ...unmatched(matches, byId)];
  const counts = { missing: 0, ambiguous: 0, contested: 0, file: 0 };
  const first: TruthProblem[] = [];
  for (const problem of problems) {
    counts[problem.kind]++;
    if (counts[problem.kind] <= shown) first.push(problem);
  }
  return {
    rows: rows.length,
    truth,
    unlabelled: matches.matched.length - truth.length,
    counts,
    problems: first,
    listing: csvBlob(
      toCsv([['Line', 'Video File', 'Problem', 'Reason'], ...problems.map((p) => [p.line, p.path, p.kind, p.reason])]),
    ),
    missingPaths: matches.missing.slice(0, missingKept).map(({ path }) => path),
    ignoredColumns,
  };
}

/** What labels files say of the videos they name. */
export async function editsOfFiles(
  files: readonly File[],
  videos: readonly VideoRecord[],
): Promise<readonly VideoEdit[]> {
  const { rows } = await parseFiles(files);
  return matchRows(rows, videos).matched.map(({ row, id }) => ({
    id,
    changes: {
      ...(row.labels.length > 0 && { labels: row.labels }),
      ...(row.group !== undefined && { group: row.group }),
      ...(row.title !== undefined && { title: row.title }),
      ...(row.description !== undefined && { description: row.description }),
      ...(row.tags.length > 0 && { tags: row.tags }),
    },
  }));
}

/** The labels file of the library's videos that have anything to tell. */
export function labelsOfLibrary(videos: readonly VideoRecord[]): Blob {
  const told = videos.filter(
    ({ labels, title, description, tags }) => labels.length > 0 || title || description || tags?.length,
  );
  const rows = told
    .map(({ path, labels, group, title, description, tags = [] }) => ({
      path,
      labels,
      tags,
      ...(group !== undefined && { group }),
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return csvBlob(toLabelsCsv(rows));
}

const csvBlob = (text: string) => new Blob([text], { type: 'text/csv' });

async function parseFiles(files: readonly File[]): Promise<GroundTruth> {
  const texts = await Promise.all(files.map(async (file) => ({ name: file.name, text: await decode(file) })));
  const lists = texts.filter(({ text }) => ucf101ListKind(text) !== undefined);
  const tables = texts.filter(({ text }) => ucf101ListKind(text) === undefined);
  const parts: GroundTruth[] = tables.map(({ name, text }) => named(parseLabelsCsv(text), name, files.length > 1));
  if (lists.length > 0) parts.push(parseUcf101Lists(lists));
  const [only, ...others] = parts;
  if (only && others.length === 0) return only;
  const rows: GroundTruthRow[] = [];
  const issues = parts.flatMap((part) => [...part.issues]);
  const collector = rowCollector(rows, issues);
  for (const part of parts) for (const row of part.rows) collector.add(row);
  return { rows, issues, ignoredColumns: parts.flatMap((part) => part.ignoredColumns) };
}

function named(truth: GroundTruth, file: string, several: boolean): GroundTruth {
  return several ? { ...truth, issues: truth.issues.map((issue) => ({ ...issue, file })) } : truth;
}

async function decode(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return new TextDecoder(textEncodingOf(bytes)).decode(bytes);
}

function truthRow({ labels, group, split }: GroundTruthRow, id: string, known: string | undefined): TruthRow {
  const source = group ?? known;
  return { id, labels, ...(source !== undefined && { group: source }), ...(split && { split }) };
}

function fromLibrary(videos: readonly VideoRecord[], from: 'library' | 'names'): GroundTruthReading {
  const truth = videos.flatMap(({ id, path, labels, group }): TruthRow[] => {
    const [row] = from === 'names' ? labelsFromNames([path]) : [{ line: 0, path, labels, tags: [] }];
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

function unmatched(
  { missing, ambiguous, contested }: MatchedRows,
  byId: ReadonlyMap<string, VideoRecord>,
): readonly TruthProblem[] {
  const pathOf = (id: string) => byId.get(id)?.path ?? id;
  return [
    ...missing.map(
      ({ line, path }): TruthProblem => ({
        kind: 'missing',
        line,
        path,
        reason: 'No video of this name is in the library.',
      }),
    ),
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
}
