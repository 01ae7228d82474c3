import { concat, messageField, numberField, textField } from './protobuf-writer';

// Field numbers are those of onnx.proto.

/** Part of an ONNX file, serialised. */
export type OnnxPart = Uint8Array<ArrayBuffer>;

/** An ONNX file of IR version 8, opset 13. `metadata` becomes its `metadata_props`. */
export function onnxFile(graph: {
  readonly nodes: readonly OnnxPart[];
  readonly initialisers: readonly OnnxPart[];
  readonly inputs: readonly OnnxPart[];
  readonly outputs: readonly OnnxPart[];
  readonly producer?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}): Uint8Array<ArrayBuffer> {
  const { nodes, initialisers, inputs, outputs, producer, metadata = {} } = graph;
  const all = (field: number, parts: readonly OnnxPart[]) => parts.map((part) => messageField(field, part));
  return concat(
    numberField(1, 8),
    ...(producer ? [textField(2, producer)] : []),
    messageField(
      7,
      ...all(1, nodes),
      textField(2, 'graph'),
      ...all(5, initialisers),
      ...all(11, inputs),
      ...all(12, outputs),
    ),
    messageField(8, textField(1, ''), numberField(2, 13)),
    ...Object.entries(metadata).map(([key, value]) => messageField(14, textField(1, key), textField(2, value))),
  );
}

/** An initialiser, row-major. */
export function tensor(name: string, dims: readonly number[], data: TensorData): OnnxPart {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const type = numberField(2, elementType(data));
  return concat(...dims.map((size) => numberField(1, size)), type, textField(8, name), messageField(9, bytes));
}

/** Data of 16-bit floats are their bits. */
type TensorData = Float32Array | Uint8Array | Int8Array | Uint16Array | Int32Array | BigInt64Array;

/** Element types of ONNX. */
export const elementTypes = { float32: 1, int64: 7, float16: 10 } as const;

function elementType(data: TensorData): number {
  if (data instanceof Float32Array) return 1;
  if (data instanceof Uint8Array) return 2;
  if (data instanceof Int8Array) return 3;
  if (data instanceof Uint16Array) return elementTypes.float16;
  return data instanceof Int32Array ? 6 : 7;
}

export function node(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly OnnxPart[] = [],
): OnnxPart {
  return concat(
    ...inputs.map((name) => textField(1, name)),
    ...outputs.map((name) => textField(2, name)),
    textField(4, type),
    ...attributes.map((bytes) => messageField(5, bytes)),
  );
}

/** An attribute. It must not be negative. */
export function integer(name: string, value: number): OnnxPart {
  return concat(textField(1, name), numberField(3, value), numberField(20, 2));
}

export function integers(name: string, values: readonly number[]): OnnxPart {
  return concat(textField(1, name), ...values.map((value) => numberField(8, value)), numberField(20, 7));
}

/** An input or output; sizes that are free have names, and without `dims` nothing is said of them. Element types of
 * ONNX: 1 float32, 6 int32, 7 int64. */
export function valueInfo(name: string, dims?: readonly (number | string)[], type: 1 | 6 | 7 = 1): OnnxPart {
  const shape = dims?.map((size) =>
    messageField(1, typeof size === 'number' ? numberField(1, size) : textField(2, size)),
  );
  const facts = concat(numberField(1, type), ...(shape ? [messageField(2, ...shape)] : []));
  return concat(textField(1, name), messageField(2, messageField(1, facts)));
}
