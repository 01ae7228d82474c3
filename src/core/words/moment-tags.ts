import { classesPerMoment, sureProbability, type Vocabulary } from '../classes';
import type { SeenMoments } from './word-query';

/** What a network is sure of for a while. */
export type MomentTag = {
  readonly vocabulary: Vocabulary;
  readonly class: number;
  /** When it is first and last the likeliest, seconds. */
  readonly from: number;
  readonly to: number;
  /** The highest in between. */
  readonly probability: number;
};

/** The likeliest class of every moment, neighbours with the same one as one tag; in order of time. */
export function momentTags(seen: readonly SeenMoments[]): MomentTag[] {
  return seen
    .flatMap(({ vocabulary, classes, probabilities, times }) => {
      const tags: MomentTag[] = [];
      let last = -2;
      for (let moment = 0; moment < times.length; moment++) {
        const probability = probabilities[moment * classesPerMoment] as number;
        if (probability < sureProbability) continue;
        const likeliest = classes[moment * classesPerMoment] as number;
        const time = times[moment] as number;
        const before = tags.at(-1);
        if (before && last === moment - 1 && before.class === likeliest) {
          tags[tags.length - 1] = { ...before, to: time, probability: Math.max(before.probability, probability) };
        } else tags.push({ vocabulary, class: likeliest, from: time, to: time, probability });
        last = moment;
      }
      return tags;
    })
    .sort((a, b) => a.from - b.from);
}
