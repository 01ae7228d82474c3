import type { ReportProblem } from './report';

/** Notes a fault of a report: where, as `summary[3].micro`, and why. */
export type Note = (path: string, reason: string) => void;

/** Problems of one report that are told; a list that was cut short would have thousands. */
const told = 20;

export function notes(): { readonly problems: ReportProblem[]; readonly note: Note } {
  const problems: ReportProblem[] = [];
  return {
    problems,
    note(path, reason) {
      if (problems.length < told) problems.push({ path, reason });
    },
  };
}

/** Averages in another order of summing differ by so much. */
const tolerance = 1e-9;

export const differ = (a: number, b: number): boolean => Math.abs(a - b) > tolerance;
