import type { InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import { AppError } from '../../core/errors';
import type { Backend } from './device';
import { type InputPlan, type OutputPlan, planInput, planOutput, poolFeatures, type ValueFacts } from './model-plan';
import { operatorMissing } from './runtime-errors';

/** The part of ONNX Runtime that is used; the web and the native build both fit. */
export type Runtime = {
  open(model: Uint8Array, backend: Backend): Promise<InferenceSession>;
  tensor(data: Float32Array, dims: readonly number[]): Tensor;
};

/** A network in memory on one backend. Calls must not overlap, nor with those of another network. */
export type Network = {
  readonly backend: Backend;
  readonly input: InputPlan;
  readonly dimensions: number;
  /** Floats of one item of input. */
  readonly itemLength: number;
  /** One run of exactly `count` items; gives [count x dimensions]. */
  run(items: Float32Array, count: number): Promise<Float32Array>;
  release(): Promise<void>;
};

/** Loads a model and finds its features. Errors: `model-invalid`, `model-operator-unsupported`, `model-output-unsupported`. */
export async function openNetwork(
  runtime: Runtime,
  model: Uint8Array,
  backend: Backend,
  dimensions: number,
): Promise<Network> {
  const session = await runtime.open(model, backend).catch((error: unknown) => {
    const operator = operatorMissing(error);
    if (operator) {
      throw new AppError(
        'model-operator-unsupported',
        `The network uses the operator ${operator}, which this app cannot run in the browser.`,
        { operator },
        { cause: error },
      );
    }
    throw new AppError('model-invalid', 'The file is not a complete ONNX network.', {}, { cause: error });
  });
  try {
    const input = planInput(session.inputMetadata.map(toFacts));
    const itemLength = 3 * input.width * input.height;
    const outputs = session.outputMetadata.map(toFacts);
    const feeds = (items: Float32Array, count: number) => {
      const size = [input.height, input.width];
      const dims = input.layout === 'NCHW' ? [count, 3, ...size] : [count, ...size, 3];
      return { [input.name]: runtime.tensor(items, dims) };
    };
    const output =
      planOutput(outputs, dimensions, input.fixedBatch) ??
      (await probeOutput(session, input.fixedBatch ?? 1, itemLength, feeds, dimensions));
    return {
      backend,
      input,
      dimensions,
      itemLength,
      async run(items, count) {
        const results = await session.run(feeds(items, count), [output.name]);
        const result = results[output.name] as Tensor;
        const data = (await result.getData()) as Float32Array;
        result.dispose();
        return poolFeatures(data, output.kind, count, dimensions);
      },
      release: () => session.release(),
    };
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** Runs one blank picture to learn the sizes that the file leaves open. */
async function probeOutput(
  session: InferenceSession,
  count: number,
  itemLength: number,
  feeds: (items: Float32Array, count: number) => Record<string, Tensor>,
  dimensions: number,
): Promise<OutputPlan> {
  const results = await session.run(feeds(new Float32Array(count * itemLength), count)).catch((error: unknown) => {
    throw new AppError('model-invalid', 'The network fails on a picture of its own size.', {}, { cause: error });
  });
  const facts = Object.entries(results).map(([name, value]) => ({ name, type: value.type, shape: value.dims }));
  const plan = planOutput(facts, dimensions, count);
  if (!plan) throw new AppError('model-output-unsupported', `The network gives no ${dimensions} features.`);
  return plan;
}

function toFacts(value: InferenceSession.ValueMetadata): ValueFacts {
  return value.isTensor
    ? { name: value.name, type: value.type, shape: value.shape }
    : { name: value.name, type: undefined, shape: [] };
}
