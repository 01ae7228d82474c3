import { modelInvalid } from './model-invalid';
import type { Runtime } from './network';
import { newNode, type OnnxModel, writeOnnx } from './onnx-model';
import { valueInfo } from './onnx-writer';

/** Floats of a constant, row-major. */
export type Constant = { readonly data: Float32Array; readonly dims: readonly number[] };

/** Reads constants of 32-bit floats, whatever the file makes them of. */
export async function readConstants(
  runtime: Runtime,
  model: OnnxModel,
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Constant>> {
  // ONNX Runtime takes no initialiser for an output.
  const copies = [...names].map((name) => newNode('Identity', [name], [`${name}/copy`]));
  const alone = writeOnnx({
    ...model,
    nodes: [...model.nodes, ...copies],
    inputs: new Map(),
    outputs: floatOutputs(copies.flatMap(({ outputs }) => outputs)),
  });
  const session = await runtime.open(alone, 'wasm');
  try {
    const results = await session.run({});
    return new Map(
      await Promise.all(
        [...names].map(async (name) => {
          const result = results[`${name}/copy`];
          if (result?.type !== 'float32') throw modelInvalid(`its constants ${name} are no 32-bit floats`);
          return [name, { data: (await result.getData()) as Float32Array, dims: result.dims }] as const;
        }),
      ),
    );
  } finally {
    await session.release();
  }
}

export function floatOutputs(names: readonly string[]): ReadonlyMap<string, Uint8Array> {
  return new Map(names.map((name) => [name, valueInfo(name)]));
}
