import { attributeOf, type OnnxModel, type OnnxNode } from '../onnx-model';
import { messages } from '../protobuf';

/** A convolution with constant weights, and what is folded into it. */
export type Convolution = {
  readonly node: OnnxNode;
  readonly input: string;
  readonly weights: string;
  readonly bias: string | undefined;
  /** A batch normalisation of its result, alone in reading it. */
  readonly normalisation: OnnxNode | undefined;
};

/** What of a network is computed in 8 bits. */
export type Quantisable = {
  readonly convolutions: readonly Convolution[];
  /** Tensors that are held in 8 bits, and whose range has to be measured. */
  readonly measured: ReadonlySet<string>;
  /** Tensors that are held as another one is: results of poolings that only choose among its values. */
  readonly alike: ReadonlyMap<string, string>;
};

const clamps = new Set(['Relu', 'Clip']);

/** Finds the convolutions, and the sums and poolings between them. The first convolution, which reads the pixels, stays in
 * floats: it costs little, and most of the error would be its. */
export function findQuantisable(model: OnnxModel): Quantisable {
  const { nodes, constants, outputs } = model;
  const readers = new Map<string, OnnxNode[]>();
  for (const node of nodes) {
    for (const name of node.inputs) {
      const known = readers.get(name);
      if (known) known.push(node);
      else readers.set(name, [node]);
    }
  }
  /** What alone reads a tensor. */
  const onlyReader = (name: string): OnnxNode | undefined => {
    const [reader, ...others] = readers.get(name) ?? [];
    return reader && others.length === 0 && !outputs.has(name) ? reader : undefined;
  };
  const afterClamp = (name: string): string => {
    const reader = onlyReader(name);
    return reader && clamps.has(reader.type) && reader.inputs[0] === name ? (reader.outputs[0] as string) : name;
  };
  const convolutions: Convolution[] = [];
  let isFirst = true;
  const measured = new Set<string>();
  const alike = new Map<string, string>();
  const isHeld = (name: string | undefined): name is string =>
    name !== undefined && (measured.has(name) || alike.has(name));
  for (const node of nodes) {
    const [first, second, third] = node.inputs;
    const [result] = node.outputs;
    if (first === undefined || result === undefined) continue;
    if (node.type === 'Conv' && second !== undefined && constants.has(second) && !constants.has(first)) {
      const bias = third === undefined || third === '' ? undefined : third;
      if (bias !== undefined && !constants.has(bias)) continue;
      if (isFirst) {
        isFirst = false;
        continue;
      }
      const reader = onlyReader(result);
      const normalises =
        reader?.type === 'BatchNormalization' &&
        reader.outputs.length === 1 &&
        reader.inputs.slice(1).every((name) => constants.has(name));
      const normalisation = normalises ? reader : undefined;
      convolutions.push({ node, input: first, weights: second, bias, normalisation });
      if (!isHeld(first)) measured.add(first);
      measured.add(afterClamp(normalisation?.outputs[0] ?? result));
    } else if (node.type === 'MaxPool' && isHeld(first) && node.outputs.length === 1) {
      alike.set(result, first);
    } else if (node.type === 'Add' && isHeld(first) && isHeld(second)) {
      const sum = afterClamp(result);
      // What leaves the convolutions keeps its precision.
      if ((readers.get(sum) ?? []).some(({ type }) => type === 'Conv')) measured.add(sum);
    }
  }
  return { convolutions, measured, alike };
}

/** A float attribute of a node. */
export function floatAttribute(node: OnnxNode, name: string, otherwise: number): number {
  const attribute = attributeOf(node, name);
  for (const value of attribute ? messages(attribute, 2) : []) {
    return new DataView(value.buffer, value.byteOffset).getFloat32(0, true);
  }
  return otherwise;
}
