import { normalisePath, pathSegments } from '../path-suffix';
import { parseUcf101Name, type Split } from '../video';

export type { Split };

/** What a labels file says of one video. */
export type GroundTruthRow = {
  /** Line of the file, 1 for the first; 0 where the row comes from a name. */
  readonly line: number;
  /** Name of the file, where several were read together. */
  readonly file?: string;
  /** As written in the file. */
  readonly path: string;
  readonly labels: readonly string[];
  readonly group?: string;
  readonly split?: Split;
  readonly title?: string;
  readonly description?: string;
  readonly tags: readonly string[];
};

export type GroundTruthIssue = {
  readonly code:
    | 'encoding'
    | 'header'
    | 'quotes'
    | 'columns'
    | 'no-path'
    | 'no-label'
    | 'duplicate'
    | 'conflict'
    | 'split'
    | 'class-index'
    | 'line';
  readonly line: number;
  readonly reason: string;
  /** Name of the file, where several were read together. */
  readonly file?: string;
};

export type GroundTruth = {
  readonly rows: readonly GroundTruthRow[];
  /** Everything that was not taken as it stood, in order of lines. */
  readonly issues: readonly GroundTruthIssue[];
  /** Columns that mean nothing here. */
  readonly ignoredColumns: readonly string[];
};

/** Adds rows whose path is new; says of the others whether they agree with the first. */
export function rowCollector(rows: GroundTruthRow[], issues: GroundTruthIssue[]) {
  const seen = new Map<string, GroundTruthRow>();
  return {
    add(row: GroundTruthRow): void {
      const key = normalisePath(row.path);
      const known = seen.get(key);
      if (!known) {
        seen.set(key, row);
        rows.push(row);
        return;
      }
      const same =
        known.labels.length === row.labels.length &&
        known.labels.every((label) => row.labels.includes(label)) &&
        known.group === row.group &&
        known.split === row.split;
      const where = `line ${known.line}${known.file === row.file ? '' : ` of ${known.file}`}`;
      issues.push({
        code: same ? 'duplicate' : 'conflict',
        line: row.line,
        reason: same
          ? `${row.path} is already on ${where}.`
          : `${row.path} is already on ${where} with another label, group or split; the first counts.`,
        ...(row.file !== undefined && { file: row.file }),
      });
    },
  };
}

/** Rows from names alone: `v_<Class>_g<NN>_c<NN>` as in UCF101, else the folder a video lies in. Videos in no folder give no row. */
export function labelsFromNames(paths: readonly string[]): readonly GroundTruthRow[] {
  return paths.flatMap((path) => {
    const segments = pathSegments(path);
    const named = parseUcf101Name(path);
    if (named) return [{ line: 0, path, labels: [named.label], group: named.group, tags: [] }];
    const folder = segments.at(-2);
    return folder === undefined ? [] : [{ line: 0, path, labels: [folder], tags: [] }];
  });
}
