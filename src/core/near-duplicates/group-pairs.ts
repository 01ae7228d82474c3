/** Sets of ids that pairs connect, each of at least two, in the order in which their first ids come up; ids in order too. */
export function groupPairs(pairs: readonly { readonly first: string; readonly second: string }[]): string[][] {
  const roots = new Map<string, string>();
  const rootOf = (id: string): string => {
    const above = roots.get(id) ?? id;
    if (above === id) return id;
    const root = rootOf(above);
    roots.set(id, root);
    return root;
  };
  const ids = new Set<string>();
  for (const { first, second } of pairs) {
    ids.add(first).add(second);
    const [a, b] = [rootOf(first), rootOf(second)];
    if (a !== b) roots.set(b, a);
  }
  const groups = new Map<string, string[]>();
  for (const id of ids) {
    const root = rootOf(id);
    const group = groups.get(root);
    if (group) group.push(id);
    else groups.set(root, [id]);
  }
  return [...groups.values()];
}
