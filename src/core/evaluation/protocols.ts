import { seededRandom } from '../random';
import { classesOf, type EvaluationSet } from './evaluation-set';

/** Which gallery a query is ranked against. Every number carries the name of its protocol. */
export type Protocol =
  /** Queries are the test videos, the gallery the train videos. */
  | { readonly name: 'official-split' }
  /** All others but the query's own group: free of leaks between clips of one source. */
  | { readonly name: 'group-excluded' }
  | { readonly name: 'leave-one-out' }
  /** All, the query included: only to reproduce reports that did so. */
  | { readonly name: 'with-query' }
  /** A share of each class is the gallery, the rest are queries. */
  | { readonly name: 'holdout'; readonly share: number; readonly groupAware: boolean; readonly seed: number };

/** The protocol that suits a set: `group-excluded` where groups are known. */
export function defaultProtocol(set: EvaluationSet): Protocol {
  return set.groupsKnown ? { name: 'group-excluded' } : { name: 'leave-one-out' };
}

export type GalleryRule = {
  /** Videos that are queries, ascending. */
  readonly queries: Int32Array;
  /** Videos that may be found, ascending: the columns of a score row. */
  readonly gallery: Int32Array;
  /** Gallery videos that this query must not find; a view, valid until the next call. */
  readonly excluded: (query: number) => Int32Array;
};

const nothing = new Int32Array();

export function galleryRule(set: EvaluationSet, protocol: Protocol): GalleryRule {
  const all = Int32Array.from(set.videos, (_, i) => i);
  switch (protocol.name) {
    case 'official-split':
      return {
        queries: all.filter((i) => set.videos[i]?.split === 'test'),
        gallery: all.filter((i) => set.videos[i]?.split === 'train'),
        excluded: () => nothing,
      };
    case 'group-excluded': {
      const members = membersOf(set.groups, set.groupCount);
      return { queries: all, gallery: all, excluded: (query) => members(set.groups[query] as number) };
    }
    case 'leave-one-out':
      return { queries: all, gallery: all, excluded: (query) => all.subarray(query, query + 1) };
    case 'with-query':
      return { queries: all, gallery: all, excluded: () => nothing };
    case 'holdout': {
      const training = holdout(set, protocol);
      return {
        queries: all.filter((i) => training[i] === 0),
        gallery: all.filter((i) => training[i] === 1),
        excluded: () => nothing,
      };
    }
  }
}

/** Members of each part of a partition, ascending; the result gives views. */
export function membersOf(part: Int32Array, parts: number): (index: number) => Int32Array {
  const starts = new Int32Array(parts + 1);
  for (const index of part) starts[index + 1] = (starts[index + 1] as number) + 1;
  for (let i = 0; i < parts; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
  const next = starts.slice();
  const members = new Int32Array(part.length);
  part.forEach((index, i) => {
    const at = next[index] as number;
    members[at] = i;
    next[index] = at + 1;
  });
  return (index) => members.subarray(starts[index], starts[index + 1]);
}

/** 1 for the gallery's part. Each class (by a video's first class) deals its shuffled groups until it is nearest to its
 * share; at least one group to either part. A class of one group is all gallery: nothing of its source is asked for. */
function holdout(
  set: EvaluationSet,
  { share, groupAware, seed }: { share: number; groupAware: boolean; seed: number },
): Uint8Array {
  const random = seededRandom(seed);
  const group = groupAware ? set.groups : Int32Array.from(set.videos, (_, i) => i);
  const groupMembers = membersOf(group, groupAware ? set.groupCount : set.videos.length);
  const firstClass = Int32Array.from(set.videos, (_, i) => classesOf(set, i)[0] as number);
  const classMembers = membersOf(firstClass, set.classes.length);
  const training = new Uint8Array(set.videos.length);
  const dealt = new Set<number>();
  for (let label = 0; label < set.classes.length; label++) {
    const groups = [...new Set(classMembers(label).map((video) => group[video] as number))].filter(
      (each) => !dealt.has(each),
    );
    for (let i = groups.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [groups[i], groups[j]] = [groups[j] as number, groups[i] as number];
    }
    const sizes = groups.map((each) => groupMembers(each).length);
    const target = share * sizes.reduce((sum, size) => sum + size, 0);
    let taken = 0;
    let count = 0;
    while (count < Math.max(1, groups.length - 1)) {
      const size = sizes[count] ?? 0;
      if (count > 0 && Math.abs(taken + size - target) > Math.abs(taken - target)) break;
      taken += size;
      count++;
    }
    groups.forEach((each, i) => {
      dealt.add(each);
      if (i < count) for (const video of groupMembers(each)) training[video] = 1;
    });
  }
  return training;
}
