import type { EvaluationReport } from './report';

/** Entries of a long list that are written at once. */
const portion = 500;

/** Writes a report as JSON, in parts, one member or some entries of a list a line. One step a part. */
export function* writeReport(report: EvaluationReport, write: (part: string) => void): Generator<undefined, void> {
  yield* writeValue(report, 4, write);
  write('\n');
}

function* writeValue(value: unknown, depth: number, write: (part: string) => void): Generator<undefined, void> {
  if (Array.isArray(value) && value.length > portion) {
    for (let from = 0; from < value.length; from += portion) {
      const text = JSON.stringify(value.slice(from, from + portion));
      write(`${from === 0 ? '[' : ',\n'}${text.slice(1, -1)}`);
      yield;
    }
    write(']');
  } else if (
    Array.isArray(value) &&
    depth > 0 &&
    value.some((entry) => Array.isArray(entry) && entry.length > portion)
  ) {
    yield* writeMembers(
      value.map((entry) => ['', entry]),
      '[]',
      depth,
      write,
    );
  } else if (typeof value === 'object' && value !== null && !Array.isArray(value) && depth > 0) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    yield* writeMembers(
      members.map(([key, member]) => [`${JSON.stringify(key)}:`, member]),
      '{}',
      depth,
      write,
    );
  } else write(JSON.stringify(value));
}

function* writeMembers(
  members: readonly (readonly [string, unknown])[],
  [open = '', close = '']: string,
  depth: number,
  write: (part: string) => void,
): Generator<undefined, void> {
  write(`${open}\n`);
  for (const [i, [key, member]] of members.entries()) {
    write(`${i > 0 ? ',\n' : ''}${key}`);
    yield* writeValue(member, depth - 1, write);
    yield;
  }
  write(`\n${close}`);
}
