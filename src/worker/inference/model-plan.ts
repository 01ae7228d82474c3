import { AppError } from '../../core/errors';
import type { ModelInput } from '../../extractors/extractor';

/** What a network says of one of its inputs or outputs; a name or a number below 1 stands for a free dimension. */
export type ValueFacts = {
  readonly name: string;
  /** Element type, `float32`; undefined for what is no tensor. */
  readonly type: string | undefined;
  readonly shape: readonly (number | string)[];
};

export type InputPlan = {
  readonly name: string;
  readonly layout: ModelInput['layout'];
  readonly width: number;
  readonly height: number;
  /** The only batch size that the network takes, or undefined where it is free. */
  readonly fixedBatch: number | undefined;
};

/** Where the features come out. Maps are averaged over their positions. */
export type OutputPlan = { readonly name: string; readonly kind: 'vector' | 'map-nchw' | 'map-nhwc' };

const defaultSide = 224;
const largestSide = 1024;
const featureName = /feature|embed|pool|flatten|penultimate/i;

const isFixed = (size: number | string | undefined): size is number => typeof size === 'number' && size >= 1;

/** Reads the picture input of an image network. Errors: `model-invalid`. */
export function planInput(inputs: readonly ValueFacts[]): InputPlan {
  const [input] = inputs;
  if (!input || inputs.length > 1 || input.shape.length !== 4) {
    throw notAnImageNetwork(`It takes ${listed(inputs) || 'nothing'}, not one batch of pictures.`);
  }
  if (input.type !== 'float32') {
    throw notAnImageNetwork(`Its input is ${input.type ?? 'no tensor'}; an export with float32 input is needed.`);
  }
  const [batch, second, third, fourth] = input.shape;
  const layout = second === 3 ? 'NCHW' : fourth === 3 ? 'NHWC' : isFixed(second) ? undefined : 'NCHW';
  if (!layout) throw notAnImageNetwork(`Its input ${listed(inputs)} has no three colour channels.`);
  const [height, width] = layout === 'NCHW' ? [third, fourth] : [second, third];
  const plan = {
    name: input.name,
    layout,
    height: isFixed(height) ? height : defaultSide,
    width: isFixed(width) ? width : defaultSide,
    fixedBatch: isFixed(batch) ? batch : undefined,
  } as const;
  if (plan.width > largestSide || plan.height > largestSide || (plan.fixedBatch ?? 1) > 256) {
    throw notAnImageNetwork(`Its input ${listed(inputs)} is too large.`);
  }
  return plan;
}

/** Finds the output with `dimensions` channels a picture, by name among several; undefined where sizes are free and a
 * run must tell. `batch` is the network's only batch size, if it has one. Errors: `model-output-unsupported`. */
export function planOutput(
  outputs: readonly ValueFacts[],
  dimensions: number,
  batch: number | undefined,
): OutputPlan | undefined {
  const found: OutputPlan[] = [];
  for (const { name, type, shape } of outputs) {
    const perPicture = !isFixed(shape[0]) || shape[0] === batch;
    if (type !== 'float32' || !perPicture) continue;
    if (shape.length === 2 && shape[1] === dimensions) found.push({ name, kind: 'vector' });
    else if (shape.length === 4 && shape[1] === dimensions) found.push({ name, kind: 'map-nchw' });
    else if (shape.length === 4 && shape[3] === dimensions) found.push({ name, kind: 'map-nhwc' });
  }
  const named = found.find(({ name }) => featureName.test(name));
  const chosen = named ?? found.find(({ kind }) => kind === 'vector') ?? found[0];
  if (chosen) return chosen;
  const unclear = ({ type, shape }: ValueFacts) =>
    type === 'float32' && (shape.length === 0 || shape.slice(1).some((size) => !isFixed(size)));
  if (outputs.some(unclear)) return undefined;
  const onlyScores = outputs.every(({ shape }) => shape.length === 2 && (shape[1] === 1000 || shape[1] === 1001));
  throw new AppError(
    'model-output-unsupported',
    onlyScores
      ? `This network gives only class scores (${listed(outputs)}). An export that also gives its ${dimensions} features is needed.`
      : `None of the network's outputs (${listed(outputs)}) has ${dimensions} features for each picture.`,
    { outputs: listed(outputs), dimensions },
  );
}

/** The usual preprocessing of exports with this layout: PyTorch writes NCHW, Keras NHWC. */
export function guessInput(layout: ModelInput['layout']): ModelInput {
  return layout === 'NCHW'
    ? { layout, channels: 'RGB', normalisation: 'torchvision' }
    : { layout, channels: 'BGR', normalisation: 'caffe' };
}

/** Output of one run as [count x dimensions]: vectors as they are, maps averaged over their positions. */
export function poolFeatures(
  data: Float32Array,
  kind: OutputPlan['kind'],
  count: number,
  dimensions: number,
): Float32Array {
  if (kind === 'vector') return data.slice(0, count * dimensions);
  const positions = data.length / (count * dimensions);
  const pooled = new Float32Array(count * dimensions);
  for (let item = 0; item < count; item++) {
    const start = item * dimensions * positions;
    for (let d = 0; d < dimensions; d++) {
      let sum = 0;
      for (let p = 0; p < positions; p++) {
        sum += data[start + (kind === 'map-nchw' ? d * positions + p : p * dimensions + d)] as number;
      }
      pooled[item * dimensions + d] = sum / positions;
    }
  }
  return pooled;
}

function listed(values: readonly ValueFacts[]): string {
  return values.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ');
}

function notAnImageNetwork(message: string): AppError {
  return new AppError('model-invalid', `This is not an image network that can be used. ${message}`);
}
