/** What a path from elsewhere (a ground truth, an import) means here. */
export type PathMatch =
  | {
      readonly kind: 'match';
      readonly id: string /** Segments that agree, file name included. */;
      readonly depth: number /** Whether both paths go on above these, and so differ there. */;
      readonly differs: boolean;
    }
  | {
      readonly kind: 'ambiguous' /** Videos that fit equally well, at most ten of them. */;
      readonly ids: readonly string[];
    }
  | { readonly kind: 'none' };

/** A known video and one path of it; a video with several locations appears once for each. */
export type KnownPath = { readonly id: string; readonly path: string };

type Node = {
  children: Map<string, Node> | undefined;
  /** The one video at or below this node; `null` once there are two. */
  only: string | null | undefined;
  /** The one video whose whole path ends here; `null` once there are two. */
  ending: string | null | undefined;
  /** Videos whose whole path ends here. */
  ids: string[] | undefined;
};

/** Matches paths to known ones by the longest suffix of whole segments that they share: `D:\UCF101\YoYo\a.avi` finds
 * `Sport/YoYo/a.avi` when no other known path shares as much. An equal path wins over longer ones.
 * `ambiguous` when several videos share that suffix. `/` and `\` separate alike; case counts.
 * Building and matching take time linear in the number of segments. */
export function pathMatcher(known: Iterable<KnownPath>): (path: string) => PathMatch {
  const root = newNode();
  for (const { id, path } of known) {
    let node = root;
    for (const segment of pathSegments(path).reverse()) {
      node.children ??= new Map();
      let child = node.children.get(segment);
      if (!child) {
        child = newNode();
        node.children.set(segment, child);
      }
      node = child;
      node.only = merge(node.only, id);
    }
    node.ending = merge(node.ending, id);
    node.ids ??= [];
    node.ids.push(id);
  }
  return (path) => matchFrom(root, pathSegments(path));
}

/** Segments of a path, either separator, without empty ones and `.`; composed Unicode. */
export function pathSegments(path: string): string[] {
  return path
    .normalize('NFC')
    .split(/[/\\]+/)
    .filter((segment) => segment !== '' && segment !== '.');
}

/** The form in which two spellings of one path are equal. */
export function normalisePath(path: string): string {
  return pathSegments(path).join('/');
}

const newNode = (): Node => ({ children: undefined, only: undefined, ending: undefined, ids: undefined });

const merge = (known: string | null | undefined, id: string): string | null =>
  known === undefined || known === id ? id : null;

function matchFrom(root: Node, segments: readonly string[]): PathMatch {
  let node = root;
  let depth = 0;
  for (let i = segments.length - 1; i >= 0; i--) {
    const child = node.children?.get(segments[i] as string);
    if (!child) break;
    node = child;
    depth++;
  }
  if (depth === 0) return { kind: 'none' };
  // A known path that ends where the agreement does contradicts nothing; longer ones do, or say more than was asked.
  const id = node.only ?? node.ending;
  if (id == null) return { kind: 'ambiguous', ids: idsBelow(node, 10) };
  return { kind: 'match', id, depth, differs: depth < segments.length && node.ending !== id };
}

function idsBelow(start: Node, limit: number): string[] {
  const found = new Set<string>();
  const open = [start];
  for (let node = open.pop(); node && found.size < limit; node = open.pop()) {
    for (const id of node.ids ?? []) if (found.size < limit) found.add(id);
    for (const child of node.children?.values() ?? []) {
      if (open.length >= 10 * limit) break;
      open.push(child);
    }
  }
  return [...found];
}
