import type { ClassScores, Vocabulary } from '../../core/classes';
import { AppError } from '../../core/errors';
import type { InputKind } from '../../extractors/extractor';
import { isFixed, listed, type ValueFacts } from './model-plan';

/** Where the features come out. Maps are averaged over their positions; `vector` also stands for several rows an item. */
export type FeaturesPlan = {
  readonly name: string;
  readonly kind: 'vector' | 'channels-first' | 'channels-last';
  readonly dimensions: number;
};

/** Where the scores of a known vocabulary come out. `size` counts a leading background class. */
export type ScoresPlan = { readonly name: string; readonly vocabulary: Vocabulary; readonly size: number };

export type OutputPlan = { readonly features: FeaturesPlan; readonly scores: ScoresPlan | undefined };

/** What an extractor asks of the outputs. */
export type OutputWish = {
  readonly kind: InputKind;
  /** Undefined: as many as there are. */
  readonly dimensions: number | undefined;
  /** The network's only batch size, if it has one. */
  readonly batch: number | undefined;
  /** The output that the features must come from, where that is known. */
  readonly only?: string;
};

export const featureName = /feature|embed|pool|flatten|penultimate/i;
export const scoreName = /logit|score|prob|class|predict|softmax/i;
const imagenet = new Set([1000, 1001]);
const audioset = 521;

/** Finds the output with the features, by name among several, and that with class scores; undefined where sizes are
 * free and a run must tell (`sizesKnown` says that one told). Errors: `model-output-unsupported`. */
export function planOutput(
  outputs: readonly ValueFacts[],
  wish: OutputWish,
  sizesKnown = false,
): OutputPlan | undefined {
  const floats = outputs.filter((output) => output.type === 'float32' && isPerItem(output, wish));
  const eligible = floats.filter(({ name }) => wish.only === undefined || name === wish.only);
  const found = eligible.flatMap((output) => featuresOf(output, wish) ?? []);
  const named = found.filter(({ name }) => featureName.test(name));
  const features =
    named.find(({ kind }) => kind === 'vector') ?? named[0] ?? found.find(({ kind }) => kind === 'vector') ?? found[0];
  if (features) {
    const scored = floats.flatMap((output) => (output.name === features.name ? [] : (scoresOf(output, wish) ?? [])));
    return { features, scores: scored.find(({ name }) => scoreName.test(name)) ?? scored[0] };
  }
  const unclear = ({ type, shape }: ValueFacts) =>
    type === 'float32' && (shape.length === 0 || shape.slice(1).some((size) => !isFixed(size)));
  if (!sizesKnown && outputs.some(unclear)) return undefined;
  const asked = wish.dimensions === undefined ? 'features' : `${wish.dimensions} features`;
  throw new AppError(
    'model-output-unsupported',
    outputs.every((output) => isScores(output, wish))
      ? `This network gives only class scores (${listed(outputs)}). An export that also gives its ${asked} is needed.`
      : `None of the network's outputs (${listed(outputs)}) has ${asked} for each ${items[wish.kind]}.`,
    { outputs: listed(outputs), ...(wish.dimensions !== undefined && { dimensions: wish.dimensions }) },
  );
}

const items: Record<InputKind, string> = {
  picture: 'picture',
  clip: 'clip',
  patches: 'piece of sound',
  waveform: 'piece of sound',
  tokens: 'text',
};

/** Output of one run of `count` items as [rows x dimensions]: vectors as they are, maps averaged over their positions. */
export function poolFeatures(data: Float32Array, { kind, dimensions }: FeaturesPlan, count: number): Float32Array {
  if (kind === 'vector') return data.slice();
  const positions = data.length / (count * dimensions);
  const pooled = new Float32Array(count * dimensions);
  for (let item = 0; item < count; item++) {
    const start = item * dimensions * positions;
    for (let d = 0; d < dimensions; d++) {
      let sum = 0;
      for (let p = 0; p < positions; p++) {
        sum += data[start + (kind === 'channels-first' ? d * positions + p : p * dimensions + d)] as number;
      }
      pooled[item * dimensions + d] = sum / positions;
    }
  }
  return pooled;
}

/** Scores [rows x size] as probabilities without the background class. Files give logits or probabilities; the 1000
 * classes of pictures exclude one another (softmax), sounds do not (sigmoid). */
export function toClassScores(data: Float32Array, { vocabulary, size }: ScoresPlan): ClassScores {
  const background = vocabulary === 'imagenet' ? size - 1000 : 0;
  const classes = size - background;
  const rows = data.length / size;
  const probabilities = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const values = data.subarray(row * size, (row + 1) * size);
    const made = vocabulary === 'imagenet' ? softmax(values) : sigmoid(values);
    probabilities.set(made.subarray(background), row * classes);
  }
  return { vocabulary, classes, probabilities };
}

function softmax(values: Float32Array): Float32Array {
  let sum = 0;
  let most = Number.NEGATIVE_INFINITY;
  let least = 0;
  for (const value of values) {
    sum += value;
    most = Math.max(most, value);
    least = Math.min(least, value);
  }
  if (least >= 0 && Math.abs(sum - 1) < 1e-3) return values;
  const powers = values.map((value) => Math.exp(value - most));
  const total = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / total);
}

function sigmoid(values: Float32Array): Float32Array {
  if (values.every((value) => value >= 0 && value <= 1)) return values;
  return values.map((value) => 1 / (1 + Math.exp(-value)));
}

/** Of a waveform a network makes any number of rows; of other things one an item, which only a network of one item leaves
 * without a batch. */
function isPerItem({ shape }: ValueFacts, { kind, batch }: OutputWish): boolean {
  if (kind === 'waveform') return true;
  return shape.length === 1 ? batch === 1 : !isFixed(shape[0]) || shape[0] === batch;
}

function featuresOf({ name, shape }: ValueFacts, wish: OutputWish): FeaturesPlan | undefined {
  const { kind, dimensions } = wish;
  const fits = (size: number | string | undefined): size is number =>
    isFixed(size) && (dimensions === undefined || size === dimensions);
  const last = shape.at(-1);
  // What has no batch at all gives the vector of its one item.
  if (shape.length === 1) return fits(last) ? { name, kind: 'vector', dimensions: last } : undefined;
  // Clips and patches may come out as a row a place or a moment.
  if (shape.length === 3 && (kind === 'clip' || kind === 'patches')) {
    return fits(last) ? { name, kind: 'channels-last', dimensions: last } : undefined;
  }
  if (shape.length === 2 || (kind === 'waveform' && shape.length === 3)) {
    const isOther = dimensions === undefined && isScores({ name, shape, type: 'float32' }, wish);
    return fits(last) && !isOther ? { name, kind: 'vector', dimensions: last } : undefined;
  }
  if (shape.length !== 4 && shape.length !== 5) return undefined;
  if (fits(shape[1])) return { name, kind: 'channels-first', dimensions: shape[1] };
  return fits(last) ? { name, kind: 'channels-last', dimensions: last } : undefined;
}

function scoresOf({ name, shape }: ValueFacts, { kind }: OutputWish): ScoresPlan | undefined {
  const size = shape.at(-1);
  if (!isFixed(size)) return undefined;
  if (kind === 'picture' && shape.length === 2 && imagenet.has(size)) return { name, vocabulary: 'imagenet', size };
  const isSound = kind === 'patches' || (kind === 'waveform' && shape.length < 4);
  return isSound && shape.length > 1 && size === audioset ? { name, vocabulary: 'audioset', size } : undefined;
}

/** Scores of a known vocabulary, or by their name. */
function isScores(output: ValueFacts, wish: OutputWish): boolean {
  return scoresOf(output, wish) !== undefined || (output.shape.length === 2 && scoreName.test(output.name));
}
