import { integer, integers, node, type OnnxPart, onnxFile, tensor, valueInfo } from '../inference/onnx-writer';
import { fields, messages, text } from '../inference/protobuf';
import { arraysOf, type HeadTexts, invalidHead, type PortableHead, type ReadArray } from './head-file';

/** Keeps a length of 0 from being divided by. */
const tiny = 1e-30;

/** A head as an ONNX network of opset 13: `features` [N, dimensions], not normalised, to `probabilities` [N, classes],
 * the preprocessing included. Neighbours vote by a product with all voters and TopK. */
export function headToOnnx(head: PortableHead, texts: HeadTexts): Uint8Array<ArrayBuffer> {
  const { dimensions, classes, preprocessing, model, outcome } = head;
  const nodes: OnnxPart[] = [];
  const arrays = Object.entries(arraysOf(head));
  const initialisers = arrays.map(([name, { shape, values }]) => tensor(name, shape, values));
  const then = (type: string, inputs: readonly string[], attributes: readonly OnnxPart[] = [], more: string[] = []) => {
    const name = `value_${nodes.length}`;
    nodes.push(node(type, inputs, [name, ...more], attributes));
    return name;
  };
  const constant = (name: string, dims: readonly number[], data: Float32Array | BigInt64Array) => {
    initialisers.push(tensor(name, dims, data));
    return name;
  };
  const divided = (value: string, norm: 'ReduceL1' | 'ReduceL2') => {
    const lengths = then(norm, [value], [integers('axes', [1]), integer('keepdims', 1)]);
    return then('Div', [value, then('Max', [lengths, 'tiny'])]);
  };
  if (preprocessing.root || model.name === 'nearest-neighbours') constant('tiny', [1], Float32Array.of(tiny));

  let value = 'features';
  if (preprocessing.root) {
    const roots = then('Sqrt', [then('Abs', [value])]);
    value = divided(then('Mul', [then('Sign', [value]), roots]), 'ReduceL2');
  }
  if (preprocessing.standard) value = then('Mul', [then('Sub', [value, 'mean']), 'factor']);

  if (model.name === 'network') {
    for (const i of model.layers.keys()) {
      value = then('Gemm', [value, `weights_${i}`, `bias_${i}`]);
      if (i < model.layers.length - 1) value = then('Relu', [value]);
    }
    nodes.push(node(outcome === 'one-label' ? 'Softmax' : 'Sigmoid', [value], ['probabilities']));
  } else {
    const voters = model.labelStarts.length - 1;
    const columns = then('Transpose', [divided('voters', 'ReduceL2')], [integers('perm', [1, 0])]);
    const similarities = then('MatMul', [divided(value, 'ReduceL2'), columns]);
    const nearest = constant('nearest', [1], BigInt64Array.of(BigInt(Math.min(model.neighbours, voters))));
    const best = then('TopK', [similarities, nearest], [], ['voter']);
    const weights = divided(then('Relu', [best]), 'ReduceL1');
    const axis = constant('axis', [1], BigInt64Array.of(1n));
    const ballots = then('Gather', ['votes', 'voter']);
    const sums = then('MatMul', [then('Unsqueeze', [weights, axis]), ballots]);
    nodes.push(node('Squeeze', [sums, axis], ['probabilities']));
  }
  return onnxFile({
    nodes,
    initialisers,
    inputs: [valueInfo('features', ['N', dimensions])],
    outputs: [valueInfo('probabilities', ['N', classes.length])],
    producer: 'Reelmatch',
    metadata: texts,
  });
}

/** The texts and arrays of a file that {@link headToOnnx} wrote. The graph itself is not looked at: what runs here is
 * made anew of the numbers. Errors: `head-invalid`. */
export function openHeadOnnx(file: Uint8Array<ArrayBuffer>): { texts: Map<string, string>; array: ReadArray } {
  const texts = new Map<string, string>();
  const arrays = new Map<string, Uint8Array | undefined>();
  for (const [field, bytes] of fields(file)) {
    if (field === 14) {
      const [key] = messages(bytes, 1);
      const [value] = messages(bytes, 2);
      if (key && value) texts.set(text(key), text(value));
    }
    if (field !== 7) continue;
    for (const initialiser of messages(bytes, 5)) {
      const [name] = messages(initialiser, 8);
      const [raw] = messages(initialiser, 9);
      if (name) arrays.set(text(name), raw);
    }
  }
  return {
    texts,
    async array(name) {
      const raw = arrays.get(name);
      if (!raw) return undefined;
      if (raw.length % 4 !== 0) throw invalidHead(`the array ${name} is not of float32`);
      return new Float32Array(raw.slice().buffer as ArrayBuffer);
    },
  };
}
