/** Indices of the `k` highest scores, best first; equal scores by `before(i, j)`: whether i comes ahead of j. NaN is no
 * score, and what is not `sought` is passed over; it is asked of those alone that would be among the best so far.
 * O(n log k), by a heap whose root is the worst of those kept. */
export function topK(
  scores: Float64Array,
  k: number,
  before: (i: number, j: number) => boolean,
  sought: (i: number) => boolean = () => true,
): number[] {
  const limit = Math.min(Math.max(0, Math.floor(k)), scores.length);
  const heap: number[] = [];
  const worse = (i: number, j: number) => {
    const [a, b] = [scores[i] as number, scores[j] as number];
    return a < b || (a === b && before(j, i));
  };
  const at = (position: number) => heap[position] as number;
  const swap = (i: number, j: number) => {
    const kept = at(i);
    heap[i] = at(j);
    heap[j] = kept;
  };
  const sink = () => {
    let position = 0;
    for (;;) {
      let next = position;
      for (const child of [2 * position + 1, 2 * position + 2]) {
        if (child < heap.length && worse(at(child), at(next))) next = child;
      }
      if (next === position) return;
      swap(position, next);
      position = next;
    }
  };
  // The score of the root, at hand for the many that are below it.
  let bar = Number.NEGATIVE_INFINITY;
  for (let index = 0; limit > 0 && index < scores.length; index++) {
    if (!((scores[index] as number) >= bar)) continue;
    if (heap.length < limit) {
      if (!sought(index)) continue;
      heap.push(index);
      for (let position = heap.length - 1; position > 0; ) {
        const parent = (position - 1) >> 1;
        if (!worse(at(position), at(parent))) break;
        swap(position, parent);
        position = parent;
      }
    } else if (worse(at(0), index) && sought(index)) {
      heap[0] = index;
      sink();
    } else continue;
    if (heap.length === limit) bar = scores[at(0)] as number;
  }
  return heap.sort((i, j) => (worse(j, i) ? -1 : 1));
}
