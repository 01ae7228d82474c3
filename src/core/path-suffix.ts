/** What a path from elsewhere (a labels file, an import) means in a library. */
export type SuffixMatch =
  | {
      readonly kind: 'found';
      readonly id: string /** Segments that agree, file name included. */;
      readonly depth: number;
    }
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'ambiguous' /** Paths that fit equally well, at most ten. */;
      readonly candidates: readonly string[];
    };

export type PathIndex = { match(path: string): SuffixMatch };

type Node = {
  children: Map<string, Node> | undefined;
  /** The one video below this node; `null` once there are two. */
  only: string | null | undefined;
  /** The one video whose whole path ends here; `null` once there are two. */
  ending: string | null | undefined;
  paths: string[] | undefined;
};

const newNode = (): Node => ({ children: undefined, only: undefined, ending: undefined, paths: undefined });

/** Segments of a path, either separator, without `.`, empty ones or a drive's colon; composed Unicode. */
export function pathSegments(path: string): string[] {
  return path
    .normalize('NFC')
    .split(/[/\\]/)
    .filter((segment) => segment !== '' && segment !== '.');
}

/** The form in which two spellings of one path are equal. */
export function normalisePath(path: string): string {
  return pathSegments(path).join('/');
}

const merge = (known: string | null | undefined, id: string): string | null =>
  known === undefined || known === id ? id : null;

/**
 * Finds videos by the longest path suffix that names one of them: `/data/YoYo/a.avi` finds `UCF101/YoYo/a.avi`, although
 * `UCF101/Diving/a.avi` has the same name. The file name must agree. A video may be listed under several paths.
 * Building and matching take time linear in the number of segments.
 */
export function indexPaths(entries: Iterable<{ readonly id: string; readonly path: string }>): PathIndex {
  const root = newNode();
  for (const { id, path } of entries) {
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
    node.paths ??= [];
    node.paths.push(path);
  }
  return { match: (path) => matchFrom(root, pathSegments(path)) };
}

function matchFrom(root: Node, segments: readonly string[]): SuffixMatch {
  let node = root;
  let depth = 0;
  for (let i = segments.length - 1; i >= 0; i--) {
    const child = node.children?.get(segments[i] as string);
    if (!child) break;
    node = child;
    depth++;
  }
  if (depth === 0) return { kind: 'missing' };
  // A path that ends where the agreement does contradicts nothing; its siblings with further folders do, or say more.
  const id = node.only ?? node.ending;
  return id ? { kind: 'found', id, depth } : { kind: 'ambiguous', candidates: pathsBelow(node, 10) };
}

function pathsBelow(start: Node, limit: number): string[] {
  const found: string[] = [];
  const open = [start];
  for (let node = open.pop(); node && found.length < limit; node = open.pop()) {
    if (node.paths) found.push(...node.paths.slice(0, limit - found.length));
    if (node.children) {
      for (const child of node.children.values()) {
        if (open.length >= limit) break;
        open.push(child);
      }
    }
  }
  return found;
}
