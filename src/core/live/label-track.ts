/** A stretch of time in which one label was the likeliest; seconds. */
export type Stretch = {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  /** The highest probability in it. */
  readonly probability: number;
};

/** Moments further apart than this, seconds, do not belong together. */
const gap = 3;

/** The track with one more moment: it lengthens the last stretch or begins another. What ended more than `kept` seconds
 * before it is dropped. */
export function withMoment(
  track: readonly Stretch[],
  { time, label, probability }: { readonly time: number; readonly label: string; readonly probability: number },
  kept: number,
): readonly Stretch[] {
  const recent = track.filter(({ to }) => time - to < kept);
  const last = recent.at(-1);
  if (!last || time - last.to > gap) return [...recent, { from: time, to: time, label, probability }];
  if (last.label !== label) {
    return [...recent.slice(0, -1), { ...last, to: time }, { from: time, to: time, label, probability }];
  }
  return [...recent.slice(0, -1), { ...last, to: time, probability: Math.max(last.probability, probability) }];
}

/** The likeliest of the classes, the likeliest first. */
export function likeliestLabels(
  probabilities: Float32Array,
  nameOf: (label: number) => string,
  most: number,
): readonly { readonly label: string; readonly probability: number }[] {
  return Array.from(probabilities, (probability, label) => ({ label, probability }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, most)
    .map(({ label, probability }) => ({ label: nameOf(label), probability }));
}
