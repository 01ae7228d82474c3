import { fields, messages, numberIn, text } from './protobuf';
import { concat, messageField, numberField, textField } from './protobuf-writer';

// Field numbers are those of onnx.proto.

/** A node of a graph; `rest` holds its name, domain and attributes as they lie in the file. */
export type OnnxNode = {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly rest: Uint8Array;
};

/** What is read of an ONNX file. */
export type OnnxModel = {
  /** In the order of computation. */
  readonly nodes: readonly OnnxNode[];
  /** Serialised tensors by name. */
  readonly initialisers: ReadonlyMap<string, Uint8Array>;
  /** Serialised ValueInfoProtos by name, without the initialisers that old files list here too. */
  readonly inputs: ReadonlyMap<string, Uint8Array>;
  readonly outputs: ReadonlyMap<string, Uint8Array>;
  /** Versions of the operator sets by domain; '' is ONNX's own. */
  readonly operators: ReadonlyMap<string, number>;
  /** Names of what is computed from initialisers alone, and those of the initialisers. */
  readonly constants: ReadonlySet<string>;
};

export function readOnnx(model: Uint8Array): OnnxModel {
  const nodes: OnnxNode[] = [];
  const initialisers = new Map<string, Uint8Array>();
  const inputs = new Map<string, Uint8Array>();
  const outputs = new Map<string, Uint8Array>();
  for (const graph of messages(model, 7)) {
    for (const [field, bytes] of fields(graph)) {
      if (field === 1) nodes.push(readNode(bytes));
      else if (field === 5) initialisers.set(nameIn(bytes, 8), bytes);
      else if (field === 11) inputs.set(nameIn(bytes, 1), bytes);
      else if (field === 12) outputs.set(nameIn(bytes, 1), bytes);
    }
  }
  for (const name of initialisers.keys()) inputs.delete(name);
  const constants = new Set(initialisers.keys());
  for (const { inputs: read, outputs: made } of nodes) {
    if (read.every((name) => name === '' || constants.has(name))) for (const name of made) constants.add(name);
  }
  const operators = new Map<string, number>();
  for (const set of messages(model, 8)) operators.set(nameIn(set, 1), numberIn(set, 2) ?? 1);
  return { nodes, initialisers, inputs, outputs, operators, constants };
}

/** A node; `attributes` are serialised. */
export function newNode(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly Uint8Array[] = [],
): OnnxNode {
  return { type, inputs, outputs, rest: concat(...attributes.map((bytes) => messageField(5, bytes))) };
}

/** An attribute of a node, serialised. */
export function attributeOf(node: OnnxNode, name: string): Uint8Array | undefined {
  for (const attribute of messages(node.rest, 5)) if (nameIn(attribute, 1) === name) return attribute;
  return undefined;
}

/** The same node with other inputs and outputs. */
export function rewired(node: OnnxNode, inputs: readonly string[], outputs = node.outputs): OnnxNode {
  return { ...node, inputs, outputs };
}

/** An ONNX file of IR version 8 with these nodes, as far as the outputs need them. */
export function writeOnnx({
  nodes,
  initialisers,
  inputs,
  outputs,
  operators,
}: Omit<OnnxModel, 'constants'>): Uint8Array<ArrayBuffer> {
  const needed = new Set(outputs.keys());
  const kept: OnnxNode[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    for (const name of node.inputs) needed.add(name);
    kept.push(node);
  }
  const parts = (field: number, all: Iterable<Uint8Array>) => [...all].map((bytes) => messageField(field, bytes));
  return concat(
    numberField(1, 8),
    textField(2, 'reelmatch'),
    messageField(
      7,
      ...parts(1, kept.reverse().map(serialised)),
      textField(2, 'graph'),
      ...parts(
        5,
        [...initialisers].filter(([name]) => needed.has(name)).map(([, bytes]) => bytes),
      ),
      ...parts(11, inputs.values()),
      ...parts(12, outputs.values()),
    ),
    ...[...operators].map(([domain, version]) => messageField(8, textField(1, domain), numberField(2, version))),
  );
}

function serialised({ type, inputs, outputs, rest }: OnnxNode): Uint8Array {
  return concat(
    ...inputs.map((name) => textField(1, name)),
    ...outputs.map((name) => textField(2, name)),
    textField(4, type),
    rest,
  );
}

function readNode(bytes: Uint8Array): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const rest: Uint8Array[] = [];
  let type = '';
  for (const [field, value] of fields(bytes)) {
    if (field === 1) inputs.push(text(value));
    else if (field === 2) outputs.push(text(value));
    else if (field === 4) type = text(value);
    else rest.push(messageField(field, value));
  }
  return { type, inputs, outputs, rest: concat(...rest) };
}

function nameIn(bytes: Uint8Array, field: number): string {
  for (const name of messages(bytes, field)) return text(name);
  return '';
}
