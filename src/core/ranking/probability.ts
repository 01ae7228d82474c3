/** How similarities become probabilities. `softmax`: exp(-d / tau) over its sum, d = 1 - similarity. `published`:
 * softmax(1 - softmax(d)), the form of the published similarity search by audio and video; it knows no tau. */
export type ProbabilityForm = 'softmax' | 'published';

export type Probability = { readonly form: ProbabilityForm; readonly tau: number };

/** Probability of similarity of each candidate; they sum up to 1 over all of them. `tau` is above 0. */
export function probabilities(similarities: Float64Array, { form, tau }: Probability): Float64Array {
  if (form === 'softmax') return softmax(similarities.map((similarity) => (similarity - 1) / tau));
  return softmax(softmax(similarities.map((similarity) => 1 - similarity)).map((share) => 1 - share));
}

function softmax(values: Float64Array): Float64Array {
  const most = values.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY);
  const powers = values.map((value) => Math.exp(value - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
