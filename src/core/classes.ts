/** A known list of class names: the 1000 of ImageNet, the 521 sounds of AudioSet that YAMNet tells apart. */
export type Vocabulary = 'imagenet' | 'audioset';

/** What a classifier says of each item. */
export type ClassScores = {
  readonly vocabulary: Vocabulary;
  /** Classes of the vocabulary, the length of a row. */
  readonly classes: number;
  /** Probabilities, row-major [count x classes], one row for each vector made beside them. */
  readonly probabilities: Float32Array;
};

/** Classes that are kept of a moment. */
export const classesPerMoment = 5;

/** The likeliest classes of a video's moments, the likeliest of each first. */
export type MomentClasses = {
  readonly vocabulary: Vocabulary;
  /** Numbers of classes, row-major [count x {@link classesPerMoment}]. */
  readonly classes: Uint16Array;
  /** Their probabilities. */
  readonly probabilities: Float32Array;
  /** Probability of every class of the vocabulary, averaged over the moments. */
  readonly means: Float32Array;
};

/** What a network recognised in a video, and the moments, seconds. */
export type ClassMatrix = MomentClasses & {
  /** Key of the space whose network it was. */
  readonly space: string;
  readonly times: Float64Array;
};

/** A class that was recognised in a video. */
export type Recognised = {
  readonly vocabulary: Vocabulary;
  /** Its number in the vocabulary. */
  readonly class: number;
  /** Averaged over the video's moments. */
  readonly probability: number;
  /** That of the moment where it is likeliest, and when that is, seconds. */
  readonly best: number;
  readonly time: number;
};

/** A class that is less likely than this on average is more often wrong than right. */
export const sureProbability = 0.15;

/** A class less likely than this is not worth a word anywhere. */
const leastProbability = 0.02;
const classesPerVideo = 12;

/** The likeliest classes of the moments that `places` names among the rows of `scores`, in that order. */
export function momentClasses(scores: ClassScores, places: ArrayLike<number>): MomentClasses {
  const { vocabulary, classes: width, probabilities } = scores;
  const k = classesPerMoment;
  const classes = new Uint16Array(places.length * k);
  const kept = new Float32Array(places.length * k);
  const sums = new Float64Array(width);
  for (let i = 0; i < places.length; i++) {
    const start = (places[i] as number) * width;
    for (let c = 0; c < width; c++) {
      const probability = probabilities[start + c] as number;
      sums[c] = (sums[c] as number) + probability;
      let at = k;
      while (at > 0 && probability > (kept[i * k + at - 1] as number)) at--;
      if (at === k) continue;
      kept.copyWithin(i * k + at + 1, i * k + at, (i + 1) * k - 1);
      classes.copyWithin(i * k + at + 1, i * k + at, (i + 1) * k - 1);
      kept[i * k + at] = probability;
      classes[i * k + at] = c;
    }
  }
  return { vocabulary, classes, probabilities: kept, means: Float32Array.from(sums, (sum) => sum / places.length) };
}

/** Parts of one video in one piece; undefined unless every part has classes. */
export function joinClasses(parts: readonly (MomentClasses | undefined)[]): MomentClasses | undefined {
  const known = parts.filter((part) => part !== undefined);
  const [first] = known;
  if (!first || known.length < parts.length) return undefined;
  const length = known.reduce((sum, { classes }) => sum + classes.length, 0);
  const classes = new Uint16Array(length);
  const probabilities = new Float32Array(length);
  const means = new Float32Array(first.means.length);
  let at = 0;
  for (const part of known) {
    classes.set(part.classes, at);
    probabilities.set(part.probabilities, at);
    const share = part.classes.length / length;
    for (let c = 0; c < means.length; c++) means[c] = (means[c] as number) + share * (part.means[c] as number);
    at += part.classes.length;
  }
  return { vocabulary: first.vocabulary, classes, probabilities, means };
}

/** What is recognised in a video, the likeliest on average first: at most 12 classes, among them those that only a
 * moment shows clearly. */
export function recognise({ vocabulary, classes, probabilities, means, times }: ClassMatrix): Recognised[] {
  const found = new Map<number, Recognised>();
  for (const [i, index] of classes.entries()) {
    const best = probabilities[i] as number;
    if (best < leastProbability || best <= (found.get(index)?.best ?? 0)) continue;
    const time = times[Math.floor(i / classesPerMoment)] as number;
    found.set(index, { vocabulary, class: index, probability: means[index] as number, best, time });
  }
  const weight = ({ probability, best }: Recognised) => probability + best;
  return [...found.values()]
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, classesPerVideo)
    .sort((a, b) => b.probability - a.probability || b.best - a.best);
}
