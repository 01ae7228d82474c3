import { z } from 'zod';
import { frameLayerSizes, type Layer, type TrainedHead, type Voters } from '../../core/classify/head';
import type { Preprocessing } from '../../core/classify/preprocessing';
import { AppError } from '../../core/errors';
import { firstNonFinite } from '../../core/similarity/similarity';

// The page forbids eval, which zod would otherwise probe for.
z.config({ jitless: true });

export const headFormat = 'reelmatch-head/1';

/** What a file says of a head beside its numbers: each entry a text, JSON where it is no plain text. */
export type HeadTexts = {
  readonly format: string;
  readonly name: string;
  /** Names of the classes, a JSON list. */
  readonly labels: string;
  /** Key of the space whose vectors the head takes; empty where that is not known. */
  readonly space: string;
  /** JSON: how a vector is prepared, what the numbers are, and what is told of a video. */
  readonly head: string;
  /** What it was trained with, JSON; for people to read. */
  readonly settings?: string;
};

/** A matrix or a vector of float32, row-major. */
export type HeadArray = { readonly shape: readonly number[]; readonly values: Float32Array };

/** A head as the library keeps it, without its test. */
export type HeadContent = {
  readonly name: string;
  /** Undefined where it is not known whose vectors the head takes. */
  readonly space: string | undefined;
  readonly head: TrainedHead;
};

/** The numbers of a head by name: `mean` and `factor`; `weights_0`, `bias_0`, … of its layers; or `voters`
 * [videos x dimensions] and `votes` [videos x classes], 1 for each class of a voter. */
export function arraysOf({ preprocessing: { standard }, model, dimensions, classes }: TrainedHead) {
  const arrays: Record<string, HeadArray> = {};
  if (standard) {
    arrays['mean'] = { shape: [dimensions], values: standard.mean };
    arrays['factor'] = { shape: [dimensions], values: standard.factor };
  }
  if (model.name !== 'nearest-neighbours') {
    for (const [i, { inputs, outputs, weights, bias }] of model.layers.entries()) {
      arrays[`weights_${i}`] = { shape: [inputs, outputs], values: weights };
      arrays[`bias_${i}`] = { shape: [outputs], values: bias };
    }
    return arrays;
  }
  const { vectors, labels, labelStarts } = model;
  const count = labelStarts.length - 1;
  const votes = new Float32Array(count * classes.length);
  for (let voter = 0; voter < count; voter++) {
    for (const label of labels.subarray(labelStarts[voter], labelStarts[voter + 1])) {
      votes[voter * classes.length + label] = 1;
    }
  }
  arrays['voters'] = { shape: [count, dimensions], values: vectors };
  arrays['votes'] = { shape: [count, classes.length], values: votes };
  return arrays;
}

export function textsOf({ name, space, head }: HeadContent, settings: unknown): HeadTexts {
  const { classes, outcome, dimensions, preprocessing, model } = head;
  const content: z.input<typeof headSchema> = {
    dimensions,
    outcome,
    root: preprocessing.root,
    standardised: preprocessing.standard !== undefined,
    model: described(model),
  };
  return {
    format: headFormat,
    name,
    labels: JSON.stringify(classes),
    space: space ?? '',
    head: JSON.stringify(content),
    ...(settings !== undefined && { settings: JSON.stringify(settings) }),
  };
}

function described(model: TrainedHead['model']): z.input<typeof headSchema>['model'] {
  switch (model.name) {
    case 'network':
      return { name: model.name, layers: model.layers.length };
    case 'frame-network':
      return { name: model.name, ...model.reading, scales: [...model.reading.scales] };
    case 'nearest-neighbours':
      return { name: model.name, neighbours: model.neighbours };
  }
}

const most = { classes: 100_000, dimensions: 1_000_000, layers: 20, text: 500, moments: 10_000 };

const labelsSchema = z
  .array(z.string().min(1).max(most.text))
  .min(1)
  .max(most.classes)
  .refine((labels) => new Set(labels).size === labels.length, 'a name is there twice');
const headSchema = z.object({
  dimensions: z.int().positive().max(most.dimensions),
  outcome: z.enum(['one-label', 'several-labels']),
  root: z.boolean(),
  standardised: z.boolean(),
  model: z.discriminatedUnion('name', [
    z.object({ name: z.literal('network'), layers: z.int().positive().max(most.layers) }),
    z.object({
      name: z.literal('frame-network'),
      kind: z.enum(['attention', 'gru']),
      moments: z.int().positive().max(most.moments),
      width: z.int().positive().max(most.dimensions),
      units: z.int().positive().max(most.dimensions),
      scales: z.array(z.int().positive().max(most.moments)).min(1).max(most.layers).readonly(),
    }),
    z.object({ name: z.literal('nearest-neighbours'), neighbours: z.int().positive().max(most.classes) }),
  ]),
});

const text = z.string().max(1000);
const spaceKeySchema = z.tuple([text.min(1), z.int().nonnegative(), text.nullable(), text]);

/** The values of an array by name; undefined where the file has none. */
export type ReadArray = (name: string) => Promise<Float32Array | undefined>;

/** Makes a head of a file's parts, taking nothing on trust: every length must fit and every value be a number.
 * Errors: `head-invalid`, with the reason. */
export async function readHead(
  text: (name: keyof HeadTexts) => string | undefined,
  array: ReadArray,
): Promise<HeadContent> {
  const format = text('format');
  if (format === undefined) throw invalidHead('it does not say that it is a head of Reelmatch');
  if (format !== headFormat) throw invalidHead(`it is of the format “${format.slice(0, 40)}”, not ${headFormat}`);
  const classes = parsed(labelsSchema, text('labels'), 'labels');
  const { dimensions, outcome, root, standardised, model } = parsed(headSchema, text('head'), 'head');
  const space = text('space');
  if (space === undefined || space.length > 2000) throw invalidHead('it does not say whose vectors it takes');
  // Any other text is the key of an import.
  if (space.startsWith('[')) parsed(spaceKeySchema, space, 'space');

  const values = async (name: string, length?: number) => {
    const found = await array(name);
    if (!found) throw invalidHead(`the array ${name} is missing`);
    if (length !== undefined && found.length !== length) {
      throw invalidHead(`the array ${name} has ${found.length} values, and ${length} are needed`);
    }
    const broken = firstNonFinite(found);
    if (broken >= 0) throw invalidHead(`value ${broken} of the array ${name} is not a number`);
    return found;
  };
  const preprocessing: Preprocessing = {
    root,
    standard: standardised
      ? { mean: await values('mean', dimensions), factor: await values('factor', dimensions) }
      : undefined,
  };
  const name = (text('name') ?? '').trim().slice(0, 200) || 'Imported head';
  const shared = { classes, outcome, dimensions, preprocessing };
  if (model.name === 'nearest-neighbours') {
    const vectors = await values('voters');
    const count = vectors.length / dimensions;
    if (count < 1 || !Number.isInteger(count)) throw invalidHead(`voters has no rows of ${dimensions} values`);
    const voters = votersOf(await values('votes', count * classes.length), vectors, count, model.neighbours);
    return { name, space: space || undefined, head: { ...shared, model: voters } };
  }
  const layer = async (i: number, inputs: number, outputs: number): Promise<Layer> => ({
    inputs,
    outputs,
    weights: await values(`weights_${i}`, inputs * outputs),
    bias: await values(`bias_${i}`, outputs),
  });
  const layers: Layer[] = [];
  if (model.name === 'frame-network') {
    const { name: kind, ...reading } = model;
    if (reading.width !== dimensions) throw invalidHead(`its moments have ${reading.width} values, not ${dimensions}`);
    for (const [i, [inputs, outputs]] of frameLayerSizes(reading, classes.length).entries()) {
      layers.push(await layer(i, inputs, outputs));
    }
    return { name, space: space || undefined, head: { ...shared, model: { name: kind, reading, layers } } };
  }
  let inputs = dimensions;
  for (let i = 0; i < model.layers; i++) {
    const { length } = await values(`bias_${i}`, i === model.layers - 1 ? classes.length : undefined);
    if (length === 0) throw invalidHead(`the array bias_${i} is empty`);
    layers.push(await layer(i, inputs, length));
    inputs = length;
  }
  return { name, space: space || undefined, head: { ...shared, model: { name: 'network', layers } } };
}

function votersOf(votes: Float32Array, vectors: Float32Array, count: number, neighbours: number): Voters {
  const classCount = votes.length / count;
  const labels: number[] = [];
  const labelStarts = new Int32Array(count + 1);
  for (let voter = 0; voter < count; voter++) {
    for (let label = 0; label < classCount; label++) if (votes[voter * classCount + label] === 1) labels.push(label);
    labelStarts[voter + 1] = labels.length;
  }
  return { name: 'nearest-neighbours', neighbours, vectors, labels: Int32Array.from(labels), labelStarts };
}

function parsed<Schema extends z.ZodType>(schema: Schema, text: string | undefined, name: string): z.output<Schema> {
  if (text === undefined) throw invalidHead(`its ${name} are missing`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalidHead(`its ${name} are no JSON`);
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalidHead(`its ${name} are unsound: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(' ')}`);
}

export const invalidHead = (reason: string, cause?: unknown) =>
  new AppError('head-invalid', `The file is no sound head: ${reason}`, { reason }, { cause });
