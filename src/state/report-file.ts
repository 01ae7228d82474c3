import type { EvaluationReport } from '../core/evaluation/report';
import { writeReport } from '../core/evaluation/report-json';
import { inTurns } from '../protocol/turn';

/** The report as a JSON file, written in slices: that of a large set has tens of megabytes. */
export async function reportFile(report: EvaluationReport): Promise<Blob> {
  const parts: string[] = [];
  await inTurns(writeReport(report, (part) => parts.push(part)));
  return new Blob(parts, { type: 'application/json' });
}
