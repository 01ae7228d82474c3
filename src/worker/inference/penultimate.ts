import { type OnnxNode, readOnnx } from './onnx-model';
import { concat, messageField, numberField, textField } from './protobuf-writer';

/** A network with one more output: what goes into its last product with weights. */
export type CutNetwork = {
  readonly model: Uint8Array;
  /** Name of that tensor, now an output. */
  readonly name: string;
  /** Whether it comes from a pooling: the last product then is a classifier's. */
  readonly pooled: boolean;
};

const products = new Set(['Gemm', 'MatMul', 'MatMulInteger', 'QLinearMatMul', 'Conv', 'ConvInteger', 'FusedMatMul']);
const quantisers = new Set(['DynamicQuantizeLinear', 'QuantizeLinear']);
const poolings = new Set(['GlobalAveragePool', 'AveragePool', 'GlobalMaxPool', 'MaxPool', 'ReduceMean', 'ReduceMax']);
const reshapes = new Set(['Flatten', 'Reshape', 'Squeeze', 'Unsqueeze', 'Dropout', 'Identity', 'Transpose', 'Cast']);

/** Finds what goes into the last product with weights before an output (`preferred`, else the first), and makes it an
 * output too: a serialised ModelProto that holds just `graph.output` is appended, which protobuf merges with the file.
 * Undefined where the graph has no such product. */
export function cutAtPenultimate(model: Uint8Array, preferred: RegExp): CutNetwork | undefined {
  const graph = readOnnx(model);
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const varying = (node: OnnxNode) => node.inputs.find((name) => name !== '' && !graph.constants.has(name));
  const back = (from: string, passes: (node: OnnxNode) => boolean): string => {
    let name = from;
    for (let maker = makers.get(name); maker && passes(maker); maker = makers.get(name)) {
      const input = varying(maker);
      if (input === undefined) break;
      name = input;
    }
    return name;
  };
  const outputs = [...graph.outputs.keys()];
  const output = outputs.find((name) => preferred.test(name)) ?? outputs[0];
  if (output === undefined) return undefined;
  const product = makers.get(back(output, ({ type }) => !products.has(type)));
  const input = product && products.has(product.type) ? varying(product) : undefined;
  if (input === undefined) return undefined;
  const name = back(input, ({ type }) => quantisers.has(type));
  if (!makers.has(name) || graph.outputs.has(name)) return undefined;
  const origin = makers.get(back(name, ({ type }) => reshapes.has(type)));
  return { model: concat(model, withOutput(name)), name, pooled: origin !== undefined && poolings.has(origin.type) };
}

/** ModelProto { graph { output { name, type { tensor_type { elem_type: float } } } } }. */
function withOutput(name: string): Uint8Array {
  const type = messageField(2, messageField(1, numberField(1, 1)));
  return messageField(7, messageField(12, textField(1, name), type));
}
