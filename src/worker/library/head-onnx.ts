import type { TrainedHead } from '../../core/classify/head';
import type { Preprocessing } from '../../core/classify/preprocessing';
import { OnnxGraph } from '../inference/onnx-graph';
import { integer, integers, onnxFile, valueInfo } from '../inference/onnx-writer';
import { fields, messages, text } from '../inference/protobuf';
import { arraysOf, type HeadTexts, invalidHead, type ReadArray } from './head-file';
import { readMoments } from './head-onnx-moments';

/** Keeps a length of 0 from being divided by. */
const tiny = 1e-30;

/** A head as an ONNX network of opset 13: `features` [N, dimensions], not normalised, to `probabilities` [N, classes],
 * the preprocessing included. Neighbours vote by a product with all voters and TopK. A head over moments takes
 * [N, moments, dimensions] and `present` [N, moments]: 1 for each moment that there is, which come first, else 0. */
export function headToOnnx(head: TrainedHead, texts: HeadTexts): Uint8Array<ArrayBuffer> {
  const { dimensions, classes, preprocessing, model, outcome } = head;
  const graph = new OnnxGraph();
  for (const [name, { shape, values }] of Object.entries(arraysOf(head))) graph.array(name, shape, values);
  const moments = model.name === 'frame-network' ? model.reading.moments : undefined;
  let value = prepared(graph, preprocessing, moments === undefined ? 1 : 2);
  if (model.name === 'nearest-neighbours') {
    const voters = model.labelStarts.length - 1;
    const columns = graph.add('Transpose', [divided(graph, 'voters', 'ReduceL2')], [integers('perm', [1, 0])]);
    const similarities = graph.add('MatMul', [divided(graph, value, 'ReduceL2'), columns]);
    const nearest = graph.numbers(Math.min(model.neighbours, voters));
    const best = graph.add('TopK', [similarities, nearest], [], ['voter']);
    const weights = divided(graph, graph.add('Relu', [best]), 'ReduceL1');
    const axis = graph.numbers(1);
    const ballots = graph.add('Gather', ['votes', 'voter']);
    const sums = graph.add('MatMul', [graph.add('Unsqueeze', [weights, axis]), ballots]);
    value = graph.add('Squeeze', [sums, axis]);
  } else {
    if (model.name === 'frame-network') value = readMoments(graph, value, model.reading);
    const first = model.name === 'frame-network' ? model.layers.length - 1 : 0;
    for (let i = first; i < model.layers.length; i++) {
      value = graph.add('Gemm', [value, `weights_${i}`, `bias_${i}`]);
      if (i < model.layers.length - 1) value = graph.add('Relu', [value]);
    }
    value = graph.add(outcome === 'one-label' ? 'Softmax' : 'Sigmoid', [value]);
  }
  graph.out(value, 'probabilities');
  const { nodes, initialisers } = graph;
  return onnxFile({
    nodes,
    initialisers,
    inputs:
      moments === undefined
        ? [valueInfo('features', ['N', dimensions])]
        : [valueInfo('features', ['N', moments, dimensions]), valueInfo('present', ['N', moments])],
    outputs: [valueInfo('probabilities', ['N', classes.length])],
    producer: 'Reelmatch',
    metadata: texts,
  });
}

/** The input as the head takes it; the vectors lie along `axis`. */
function prepared(graph: OnnxGraph, { root, standard }: Preprocessing, axis: number): string {
  let value = 'features';
  if (root) {
    const roots = graph.add('Sqrt', [graph.add('Abs', [value])]);
    value = divided(graph, graph.add('Mul', [graph.add('Sign', [value]), roots]), 'ReduceL2', axis);
  }
  if (standard) value = graph.add('Mul', [graph.add('Sub', [value, 'mean']), 'factor']);
  return value;
}

function divided(graph: OnnxGraph, value: string, norm: 'ReduceL1' | 'ReduceL2', axis = 1): string {
  const lengths = graph.add(norm, [value], [integers('axes', [axis]), integer('keepdims', 1)]);
  return graph.add('Div', [value, graph.add('Max', [lengths, graph.number(tiny)])]);
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
