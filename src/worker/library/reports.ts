import { sha256 } from 'hash-wasm';
import { AppError } from '../../core/errors';
import { dataSetText } from '../../core/evaluation/evaluation-set';
import { matchRows } from '../../core/evaluation/match-rows';
import { metricLabel } from '../../core/evaluation/metrics';
import { checkReport, checkShape, type EvaluationReport, type ReportCheck } from '../../core/evaluation/report';
import { describeProtocol, describeScorer } from '../../core/evaluation/report-export';
import { writeReport } from '../../core/evaluation/report-json';
import { setOfReport } from '../../core/evaluation/report-set';
import type { VideoRecord } from '../../core/video';
import type { EvaluationApi, ReportEntry, TruthRow } from '../../protocol/evaluation-api';
import { inTurns } from '../../protocol/turn';
import type { Database } from '../storage/database';
import { lineOf, syntaxFault } from './json-lines';

const headlines = ['hit@1', 'ap', 'accuracy'];

export async function listReports(database: Database): Promise<readonly ReportEntry[]> {
  const rows = await database.read(['reports'], (tx) => tx.objectStore('reports').getAll());
  return rows.map(({ entry }) => entry).sort((a, b) => (a.created < b.created ? 1 : -1));
}

export async function saveReport(
  database: Database,
  { name, report }: { readonly name: string; readonly report: EvaluationReport },
): Promise<ReportEntry> {
  const parts: string[] = [];
  await inTurns(writeReport({ ...report, name }, (part) => parts.push(part)));
  const json = new Uint8Array(await new Blob(parts).arrayBuffer());
  const entry: ReportEntry = {
    id: crypto.randomUUID(),
    name,
    created: report.created,
    protocol: describeProtocol(report.protocol),
    scorer: describeScorer(report),
    videos: report.dataSet.videos.length,
    bytes: json.length,
    headline: report.summary
      .filter(({ metric }) => headlines.includes(metric))
      .map(({ metric, micro }) => ({ metric: metricLabel(metric), value: micro })),
  };
  await database.write(['reports'], (tx) => tx.objectStore('reports').put({ id: entry.id, entry, json }));
  return entry;
}

export async function savedReport(database: Database, id: string): Promise<EvaluationReport> {
  const row = await database.read(['reports'], (tx) => tx.objectStore('reports').get(id));
  if (!row) throw new AppError('report-missing', `No report ${id}`);
  return reportOf(new TextDecoder().decode(row.json), async (json) => checkShape(json));
}

export async function removeReport(database: Database, id: string): Promise<void> {
  await database.write(['reports'], (tx) => tx.objectStore('reports').delete(id));
}

/** Reads a report from a file. Errors: `report-invalid`, with the line. */
export async function parseReport(text: string): Promise<EvaluationReport> {
  return reportOf(text, async (json) => {
    const checked = await inTurns(checkReport(json));
    if (!checked.ok) return checked;
    const { hash } = checked.report.dataSet;
    const own = await sha256(dataSetText(setOfReport(checked.report)));
    const reason = `is ${hash}, but the SHA-256 of the videos, labels, groups and splits listed is ${own}`;
    return hash === own ? checked : { ok: false, problems: [{ path: 'dataSet.hash', reason }] };
  });
}

async function reportOf(text: string, check: (json: unknown) => Promise<ReportCheck>): Promise<EvaluationReport> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const reason = `it is no JSON${await syntaxFault(text)}`;
    throw new AppError('report-invalid', reason, { reason }, { cause });
  }
  const checked = await check(json);
  if (checked.ok) return checked.report;
  const [first] = checked.problems;
  const { path = '', reason = '' } = first ?? {};
  const line = path === '' ? undefined : await lineOf(text, path);
  const all = checked.problems.map((problem) => `${problem.path}: ${problem.reason}`).join('\n');
  throw new AppError('report-invalid', all, { path, reason, ...(line !== undefined && { line }) });
}

/** See `EvaluationApi.truthOfReport`. */
export async function truthOfReport(
  { dataSet }: EvaluationReport,
  library: readonly VideoRecord[],
): ReturnType<EvaluationApi['truthOfReport']> {
  const known = new Map(library.map((video) => [video.id, video.path]));
  const rows = dataSet.videos.map(({ path, labels, group, split }, line) => ({
    line,
    path,
    labels: labels.map((label) => dataSet.classes[label] as string),
    tags: [],
    ...(group !== null && { group }),
    ...(split && { split }),
  }));
  // The same video by content; else by where it lies.
  const own = rows.filter(({ line, path }) => known.get(dataSet.videos[line]?.id ?? '') === path);
  const taken = new Set(own.map(({ line }) => line));
  const rest = rows.filter(({ line }) => !taken.has(line));
  const others = await inTurns(matchRows(rest, library));
  const found = [...own.map((row) => ({ row, id: dataSet.videos[row.line]?.id ?? '' })), ...others.matched];
  const matched = new Set(found.map(({ row }) => row.line));
  return {
    truth: found.map(
      ({ row: { labels, group, split }, id }): TruthRow => ({
        id,
        labels,
        ...(group !== undefined && { group }),
        ...(split && { split }),
      }),
    ),
    missing: rows.filter(({ line }) => !matched.has(line)).map(({ path }) => path),
  };
}
