import { readConstants } from './float-constants';
import { halfFloatBits } from './half-float-bits';
import type { Runtime } from './network';
import { attributeOf, newNode, type OnnxModel, type OnnxNode, readOnnx, rewired, writeOnnx } from './onnx-model';
import { elementTypes, integer, tensor } from './onnx-writer';
import { messages, numberIn } from './protobuf';

const { float32, float16, int64 } = elementTypes;

/** Operators that graphics cards compute in 16 bits, and whose results have the type of their first input. */
const operators = new Set(
  'Add AveragePool BatchNormalization Cast Clip Concat Conv Div Erf Flatten Gather Gelu Gemm GlobalAveragePool HardSigmoid HardSwish Identity LayerNormalization LeakyRelu MatMul MaxPool Mul Pad Pow ReduceMean Relu Reshape Shape Sigmoid Slice Softmax Split Sqrt Squeeze Sub Tanh Transpose Unsqueeze'.split(
    ' ',
  ),
);

/** Writes a copy of a network that holds its weights and computes in 16-bit floats, with the inputs and outputs of the
 * network itself; undefined where it has an operator that is not known to. */
export async function inHalfFloats(runtime: Runtime, file: Uint8Array): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const model = readOnnx(file);
  const isConstant = (name: string) => model.constants.has(name);
  const isComputed = (node: OnnxNode) => !node.outputs.every(isConstant);
  const computed = model.nodes.filter(isComputed);
  if (computed.some(({ type }) => !operators.has(type))) return undefined;
  const types = elementTypesOf(model);
  const isFloat = (name: string) => types.get(name) === float32;
  const half = (name: string) => (isFloat(name) ? `${name}/half` : name);
  const read = new Set(computed.flatMap(({ inputs }) => inputs));
  const constants = await readConstants(
    runtime,
    model,
    new Set([...read].filter((name) => isConstant(name) && isFloat(name))),
  );
  const initialisers = new Map(model.initialisers);
  for (const [name, { data, dims }] of constants) {
    initialisers.set(half(name), tensor(half(name), dims, halfFloatBits(data)));
  }
  const cast = (from: string, to: string, type: number) => newNode('Cast', [from], [to], [integer('to', type)]);
  const nodes = [
    ...[...model.inputs.keys()].filter(isFloat).map((name) => cast(name, half(name), float16)),
    ...model.nodes.map((node) => {
      if (!isComputed(node)) return node;
      const [inputs, outputs] = [node.inputs.map(half), node.outputs.map(half)];
      const makesFloats = node.type === 'Cast' && isFloat(node.outputs[0] as string);
      return makesFloats ? cast(inputs[0] as string, outputs[0] as string, float16) : rewired(node, inputs, outputs);
    }),
    ...[...model.outputs.keys()]
      .filter((name) => isFloat(name) && !isConstant(name))
      .map((name) => cast(half(name), name, float32)),
  ];
  return writeOnnx({ ...model, nodes, initialisers });
}

/** Element types of all tensors, as far as the operators tell. */
function elementTypesOf(model: OnnxModel): ReadonlyMap<string, number | undefined> {
  const types = new Map<string, number | undefined>();
  for (const [name, bytes] of model.initialisers) types.set(name, numberIn(bytes, 2));
  for (const [name, info] of model.inputs) {
    for (const type of messages(info, 2)) for (const facts of messages(type, 1)) types.set(name, numberIn(facts, 1));
  }
  for (const node of model.nodes) {
    const type = typeOfResult(node, types);
    for (const name of node.outputs) types.set(name, type);
  }
  return types;
}

function typeOfResult(node: OnnxNode, types: ReadonlyMap<string, number | undefined>): number | undefined {
  const ofTensor = (value: Uint8Array | undefined) => {
    for (const held of value ? messages(value, 5) : []) return numberIn(held, 2);
    return undefined;
  };
  switch (node.type) {
    case 'Shape':
      return int64;
    case 'Cast': {
      const to = attributeOf(node, 'to');
      return to && numberIn(to, 3);
    }
    case 'Constant':
      return attributeOf(node, 'value_float') || attributeOf(node, 'value_floats')
        ? float32
        : ofTensor(attributeOf(node, 'value'));
    case 'ConstantOfShape':
      return ofTensor(attributeOf(node, 'value')) ?? float32;
    case 'DequantizeLinear':
      return types.get(node.inputs[1] as string);
    default:
      return types.get(node.inputs[0] as string);
  }
}
