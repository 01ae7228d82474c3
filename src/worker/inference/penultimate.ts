import { fields, messages, text } from './protobuf';
import { concat, messageField, numberField, textField } from './protobuf-writer';

/** A network with one more output: what goes into its last product with weights. */
export type CutNetwork = {
  readonly model: Uint8Array;
  /** Name of that tensor, now an output. */
  readonly name: string;
  /** Whether it comes from a pooling: the last product then is a classifier's. */
  readonly pooled: boolean;
};

type GraphNode = { readonly type: string; readonly inputs: readonly string[]; readonly outputs: readonly string[] };
type Graph = {
  readonly nodes: readonly GraphNode[];
  readonly constants: ReadonlySet<string>;
  readonly outputs: readonly string[];
};

const products = new Set(['Gemm', 'MatMul', 'MatMulInteger', 'QLinearMatMul', 'Conv', 'ConvInteger', 'FusedMatMul']);
const quantisers = new Set(['DynamicQuantizeLinear', 'QuantizeLinear']);
const poolings = new Set(['GlobalAveragePool', 'AveragePool', 'GlobalMaxPool', 'MaxPool', 'ReduceMean', 'ReduceMax']);
const reshapes = new Set(['Flatten', 'Reshape', 'Squeeze', 'Unsqueeze', 'Dropout', 'Identity', 'Transpose', 'Cast']);

/** Finds what goes into the last product with weights before an output (`preferred`, else the first), and makes it an
 * output too: a serialised ModelProto that holds just `graph.output` is appended, which protobuf merges with the file.
 * Undefined where the graph has no such product. */
export function cutAtPenultimate(model: Uint8Array, preferred: RegExp): CutNetwork | undefined {
  const graph = readGraph(model);
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const varying = (node: GraphNode) => node.inputs.find((name) => name !== '' && !graph.constants.has(name));
  const back = (from: string, passes: (node: GraphNode) => boolean): string => {
    let name = from;
    for (let maker = makers.get(name); maker && passes(maker); maker = makers.get(name)) {
      const input = varying(maker);
      if (input === undefined) break;
      name = input;
    }
    return name;
  };
  const output = graph.outputs.find((name) => preferred.test(name)) ?? graph.outputs[0];
  if (output === undefined) return undefined;
  const product = makers.get(back(output, ({ type }) => !products.has(type)));
  const input = product && products.has(product.type) ? varying(product) : undefined;
  if (input === undefined) return undefined;
  const name = back(input, ({ type }) => quantisers.has(type));
  if (!makers.has(name) || graph.outputs.includes(name)) return undefined;
  const origin = makers.get(back(name, ({ type }) => reshapes.has(type)));
  return { model: concat(model, withOutput(name)), name, pooled: origin !== undefined && poolings.has(origin.type) };
}

// Field numbers are those of onnx.proto.
function readGraph(model: Uint8Array): Graph {
  const nodes: GraphNode[] = [];
  const constants = new Set<string>();
  const outputs: string[] = [];
  for (const graph of messages(model, 7)) {
    for (const [field, bytes] of fields(graph)) {
      if (field === 1) nodes.push(readNode(bytes));
      else if (field === 5) for (const name of messages(bytes, 8)) constants.add(text(name));
      else if (field === 12) for (const name of messages(bytes, 1)) outputs.push(text(name));
    }
  }
  // Nodes come in the order of computation.
  for (const { inputs, outputs: made } of nodes) {
    if (inputs.every((name) => name === '' || constants.has(name))) for (const name of made) constants.add(name);
  }
  return { nodes, constants, outputs };
}

function readNode(bytes: Uint8Array): GraphNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  let type = '';
  for (const [field, value] of fields(bytes)) {
    if (field === 1) inputs.push(text(value));
    else if (field === 2) outputs.push(text(value));
    else if (field === 4) type = text(value);
  }
  return { type, inputs, outputs };
}

/** ModelProto { graph { output { name, type { tensor_type { elem_type: float } } } } }. */
function withOutput(name: string): Uint8Array {
  const type = messageField(2, messageField(1, numberField(1, 1)));
  return messageField(7, messageField(12, textField(1, name), type));
}
