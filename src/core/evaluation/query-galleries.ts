import { classesOf, type EvaluationSet } from './evaluation-set';
import type { GalleryRule } from './protocols';

export type QueryGallery = {
  /** Videos that the query may find, and those of them that share a class with it. */
  readonly gallery: number;
  readonly relevant: number;
  /** Relevant videos but for the query itself; without any it is not answered. */
  readonly others: number;
};

/** Counts of a query's gallery, as {@link queryAccumulator} finds them while it ranks. */
export function queryGalleries(set: EvaluationSet, rule: GalleryRule): (query: number) => QueryGallery {
  const isFound = new Uint8Array(set.videos.length);
  for (const video of rule.gallery) isFound[video] = 1;
  const membersOfClass = set.classes.map((): number[] => []);
  for (const video of rule.gallery) for (const label of classesOf(set, video)) membersOfClass[label]?.push(video);
  const countedFor = new Int32Array(set.videos.length).fill(-1);
  return (query) => {
    let gallery = rule.gallery.length;
    for (const video of rule.excluded(query)) {
      if (isFound[video] === 0) continue;
      gallery--;
      countedFor[video] = query;
    }
    let relevant = 0;
    let self = 0;
    for (const label of classesOf(set, query)) {
      for (const video of membersOfClass[label] ?? []) {
        if (countedFor[video] === query) continue;
        countedFor[video] = query;
        relevant++;
        if (video === query) self = 1;
      }
    }
    return { gallery, relevant, others: relevant - self };
  };
}
