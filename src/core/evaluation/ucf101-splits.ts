import { pathSegments } from '../path-suffix';
import { parseUcf101Name } from '../video';
import { lineEndNormaliser } from './csv';
import { type GroundTruth, type GroundTruthIssue, type GroundTruthRow, rowCollector, type Split } from './ground-truth';

export type Ucf101ListKind = 'classes' | Split;

const patterns = {
  classes: /^(\d+)\s+(\S+)$/,
  train: /^(\S+\.\w+)\s+(\d+)$/,
  test: /^(\S+\.\w+)$/,
} as const;

/** Which of UCF101's lists a text is, by its first line; undefined for anything else (a labels CSV, say). */
export function ucf101ListKind(text: string): Ucf101ListKind | undefined {
  const first =
    text
      .slice(0, 4096)
      .trimStart()
      .split(/[\r\n]/, 1)[0]
      ?.trim() ?? '';
  return (['classes', 'train', 'test'] as const).find((kind) => patterns[kind].test(first));
}

type Visit = (match: RegExpExecArray, line: number) => void;

/**
 * Reads `classInd.txt`, `trainlist0N.txt` and `testlist0N.txt` of one split, in any order. Labels come from the folder,
 * checked against the class index where both are there; groups from the file names. One step a line.
 */
export function* parseUcf101Lists(
  files: readonly { readonly name: string; readonly text: string }[],
): Generator<undefined, GroundTruth> {
  const rows: GroundTruthRow[] = [];
  const issues: GroundTruthIssue[] = [];
  const collector = rowCollector(rows, issues);
  const lists = files.map((file) => ({ ...file, kind: ucf101ListKind(file.text) }));
  const classes = new Map<number, string>();
  function* lines({ kind, name, text }: (typeof lists)[number], visit: Visit): Generator<undefined, void> {
    if (!kind) {
      const reason = 'Neither a class index nor a train or test list of UCF101.';
      issues.push({ code: 'header', line: 1, reason, file: name });
      return;
    }
    for (const [i, written] of lineEndNormaliser()(text).split('\n').entries()) {
      const own = written.trim();
      const match = patterns[kind].exec(own);
      if (match) visit(match, i + 1);
      else if (own !== '') {
        const reason = `Not a line of a ${kind} list: ${own.slice(0, 80)}`;
        issues.push({ code: 'line', line: i + 1, reason, file: name });
      }
      yield;
    }
  }

  for (const list of lists.filter(({ kind }) => kind === 'classes')) {
    yield* lines(list, ([, index, label], line) => {
      const known = classes.get(Number(index));
      if (known !== undefined && known !== label)
        issues.push({ code: 'class-index', line, reason: `Class ${index} is already ${known}.`, file: list.name });
      else classes.set(Number(index), label as string);
    });
  }
  for (const list of lists.filter(({ kind }) => kind !== 'classes')) {
    yield* lines(list, ([, path, index], line) => {
      const parts = pathSegments(path as string);
      const named = parseUcf101Name(path as string);
      const indexed = index === undefined ? undefined : classes.get(Number(index));
      const label = parts.at(-2) ?? named?.label ?? indexed;
      if (index !== undefined && classes.size > 0 && indexed !== label) {
        const reason = `${path} has class ${index}, which is ${indexed ?? 'not in the class index'}; its folder's name counts.`;
        issues.push({ code: 'class-index', line, reason, file: list.name });
      }
      if (label === undefined)
        issues.push({ code: 'no-label', line, reason: `${path} has no label.`, file: list.name });
      collector.add({
        line,
        file: list.name,
        path: path as string,
        labels: label === undefined ? [] : [label],
        split: list.kind as Split,
        tags: [],
        ...(named && { group: named.group }),
      });
    });
  }
  return { rows, issues, ignoredColumns: [] };
}
