import { type EvaluationSet, evaluationSet } from '../evaluation/evaluation-set';
import { galleryRule } from '../evaluation/protocols';
import type { SplitSettings } from './settings';

/** Videos of a set, ascending, in parts that do not overlap. */
export type Split = {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
};

/** Parts of labelled videos, classes in about equal shares; the same seed gives the same parts. Groups stay together
 * except under `ratio`. Where official parts include one to validate on, that is taken, else a share of what trains. */
export function splitVideos(set: EvaluationSet, { name, test, validation, seed }: SplitSettings): Split {
  const groupAware = name !== 'ratio';
  const outer = galleryRule(
    set,
    name === 'official' ? { name: 'official-split' } : { name: 'holdout', share: 1 - test, groupAware, seed },
  );
  const rest = outer.gallery;
  if (validation === 0) return { train: rest, validation: new Int32Array(), test: outer.queries };
  const own = Int32Array.from(set.videos.keys()).filter((video) => set.videos[video]?.split === 'validation');
  if (name === 'official' && own.length > 0) return { train: rest, validation: own, test: outer.queries };
  // Its videos keep their order, so that place i is video rest[i].
  const inner = evaluationSet(Array.from(rest, (video) => set.videos[video] as EvaluationSet['videos'][number]));
  const rule = galleryRule(inner, { name: 'holdout', share: 1 - validation, groupAware, seed: seed + 1 });
  const videos = (places: Int32Array) => places.map((place) => rest[place] as number);
  return { train: videos(rule.gallery), validation: videos(rule.queries), test: outer.queries };
}
