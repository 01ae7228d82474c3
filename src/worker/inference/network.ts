import type { InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import { AppError } from '../../core/errors';
import type { InputKind, NetworkOutput } from '../../extractors/extractor';
import type { Backend } from './device';
import { externalData } from './external-data';
import { modelInvalid } from './model-invalid';
import { type InputPlan, inputDims, itemLengthOf, planInput, type ValueFacts } from './model-plan';
import {
  featureName,
  type OutputPlan,
  type OutputWish,
  planOutput,
  poolFeatures,
  scoreName,
  toClassScores,
} from './output-plan';
import { cutAtPenultimate } from './penultimate';
import { operatorMissing } from './runtime-errors';

type TensorData = Float32Array | BigInt64Array | Int32Array;

/** The part of ONNX Runtime that is used; the web and the native build both fit. */
export type Runtime = {
  open(model: Uint8Array, backend: Backend): Promise<InferenceSession>;
  /** A tensor of the element type of `data`. */
  tensor(data: TensorData, dims: readonly number[]): Tensor;
};

/** What an extractor asks of a network. */
export type NetworkWish = {
  readonly accepts: readonly InputKind[];
  /** Floats of a row of features; undefined takes as many as the file gives. */
  readonly dimensions: number | undefined;
};

/** A network in memory on one backend. Calls must not overlap, nor with those of another network. */
export type Network = {
  readonly backend: Backend;
  readonly input: InputPlan;
  readonly dimensions: number;
  /** Numbers of one item of input; of a network that takes any length, of one to test it with. */
  readonly itemLength: number;
  /** One run of exactly `count` items of equal length. */
  run(items: Float32Array, count: number): Promise<NetworkOutput>;
  release(): Promise<void>;
};

/** Loads a model and finds its features and class scores. A classifier without the features that are asked for is cut
 * before its last layer. Errors: `model-invalid`, `model-operator-unsupported`, `model-output-unsupported`. */
export async function openNetwork(
  runtime: Runtime,
  model: Uint8Array,
  backend: Backend,
  wish: NetworkWish,
): Promise<Network> {
  const whole = await openSession(runtime, model, backend);
  let refusal: unknown;
  try {
    const network = await planNetwork(runtime, whole, backend, wish);
    if (wish.dimensions !== undefined || featureName.test(network.output.features.name)) return network;
    // The features were asked for without a number: an output of no telling name may be a classifier's.
    const cut = await openCut(runtime, model, backend, wish, ({ pooled }) => pooled);
    if (!cut) return network;
    await whole.release();
    return cut;
  } catch (error) {
    await whole.release();
    if (!(error instanceof AppError && error.code === 'model-output-unsupported')) throw error;
    refusal = error;
  }
  const cut = await openCut(runtime, model, backend, wish, () => true);
  if (!cut) throw refusal;
  return cut;
}

async function openSession(runtime: Runtime, model: Uint8Array, backend: Backend): Promise<InferenceSession> {
  return runtime.open(model, backend).catch((error: unknown) => {
    const operator = operatorMissing(error);
    if (operator) {
      throw new AppError(
        'model-operator-unsupported',
        `The network uses the operator ${operator}, which this app cannot run in the browser.`,
        { operator },
        { cause: error },
      );
    }
    const elsewhere = externalData(model);
    throw modelInvalid(
      elsewhere === undefined
        ? 'it is cut short, or no ONNX network'
        : `its weights lie in another file, ${elsewhere}, but it has to hold them itself`,
      error,
    );
  });
}

/** The network cut before its last layer; undefined where it has none, or not the features that are asked for. */
async function openCut(
  runtime: Runtime,
  model: Uint8Array,
  backend: Backend,
  wish: NetworkWish,
  takes: (cut: { readonly pooled: boolean }) => boolean,
): Promise<Network | undefined> {
  const cut = cutAtPenultimate(model, scoreName);
  if (!cut || !takes(cut)) return undefined;
  const session = await openSession(runtime, cut.model, backend);
  try {
    return await planNetwork(runtime, session, backend, wish, cut.name);
  } catch (error) {
    await session.release();
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

async function planNetwork(
  runtime: Runtime,
  session: InferenceSession,
  backend: Backend,
  { accepts, dimensions }: NetworkWish,
  only?: string,
): Promise<Network & { readonly output: OutputPlan }> {
  const input = planInput(session.inputMetadata.map(toFacts), accepts);
  const itemLength = itemLengthOf(input);
  const feeds = (items: Float32Array, count: number) => feedsOf(runtime, input, items, count);
  const wish = { kind: input.kind, dimensions, batch: input.fixedBatch, ...(only !== undefined && { only }) };
  const output =
    planOutput(session.outputMetadata.map(toFacts), wish) ??
    (await probeOutput(session, feeds(new Float32Array((wish.batch ?? 1) * itemLength), wish.batch ?? 1), wish));
  const { features, scores } = output;
  return {
    backend,
    input,
    output,
    dimensions: features.dimensions,
    itemLength,
    async run(items, count) {
      const names = scores ? [features.name, scores.name] : [features.name];
      const results = await session.run(feeds(items, count), names);
      const read = async (name: string) => {
        const result = results[name] as Tensor;
        const data = (await result.getData()) as Float32Array;
        result.dispose();
        return data;
      };
      const rows = poolFeatures(await read(features.name), features, count);
      const scored = scores && toClassScores(await read(scores.name), scores);
      const paired = scored && scored.probabilities.length / scored.classes === rows.length / features.dimensions;
      return { features: rows, scores: paired ? scored : undefined };
    },
    release: () => session.release(),
  };
}

function feedsOf(runtime: Runtime, input: InputPlan, items: Float32Array, count: number): Record<string, Tensor> {
  const dims = inputDims(input, count, items.length / count);
  if (input.kind !== 'tokens') return { [input.name]: runtime.tensor(items, dims) };
  const integers = (value: (i: number) => number) =>
    input.type === 'int32'
      ? Int32Array.from(items, (_, i) => value(i))
      : BigInt64Array.from({ length: items.length }, (_, i) => BigInt(value(i)));
  return {
    [input.name]: runtime.tensor(
      integers((i) => items[i] as number),
      dims,
    ),
    // Attention is causal: what pads a text after its end changes nothing.
    ...(input.mask && {
      [input.mask]: runtime.tensor(
        integers(() => 1),
        dims,
      ),
    }),
  };
}

/** One run of blank items, to learn the sizes that the file leaves open. */
async function probeOutput(
  session: InferenceSession,
  feeds: Record<string, Tensor>,
  wish: OutputWish,
): Promise<OutputPlan> {
  const results = await session.run(feeds).catch((error: unknown) => {
    throw modelInvalid('it fails on an input of its own shape', error);
  });
  const facts = Object.entries(results).map(([name, value]) => ({ name, type: value.type, shape: value.dims }));
  const plan = planOutput(facts, { ...wish, batch: wish.batch ?? 1 }, true);
  if (!plan) throw new AppError('model-output-unsupported', 'The network gives no features.');
  return plan;
}

function toFacts(value: InferenceSession.ValueMetadata): ValueFacts {
  return value.isTensor
    ? { name: value.name, type: value.type, shape: value.shape }
    : { name: value.name, type: undefined, shape: [] };
}
