import type { FrameReader } from '../../core/classify/head';
import type { OnnxGraph } from '../inference/onnx-graph';
import { integer, integers } from '../inference/onnx-writer';

/** Vectors [N, steps, width], zeros where there is none, and which there are [N, steps]. */
type Seen = { readonly values: string; readonly there: string; readonly steps: number };

/** What all time scales read of `values` [N, moments, width], side by side, as `frameLogits` of `worker/classify` does. */
export function readMoments(graph: OnnxGraph, values: string, reader: FrameReader): string {
  const known = graph.add('Unsqueeze', ['present', graph.numbers(2)]);
  const moments: Seen = { values: graph.add('Mul', [values, known]), there: 'present', steps: reader.moments };
  const read = reader.scales.map((scale, i) => {
    const seen = atScale(graph, moments, scale, reader.width);
    return reader.kind === 'attention' ? attended(graph, seen, 2 * i) : lastState(graph, seen, 2 * i, reader.units);
  });
  return read.length === 1 ? (read[0] as string) : graph.add('Concat', read, [integer('axis', 1)]);
}

/** Means of `scale` moments in a row, of those that there are. */
function atScale(graph: OnnxGraph, { values, there, steps }: Seen, scale: number, width: number): Seen {
  if (scale === 1) return { values, there, steps };
  const fewer = Math.ceil(steps / scale);
  const missing = fewer * scale - steps;
  const padded = (value: string, ends: readonly number[]) =>
    missing > 0 ? graph.add('Pad', [value, graph.numbers(...ends)]) : value;
  const sum = (value: string, ...shape: readonly number[]) =>
    graph.add(
      'ReduceSum',
      [graph.add('Reshape', [value, graph.numbers(0, fewer, scale, ...shape)]), graph.numbers(2)],
      [integer('keepdims', 0)],
    );
  const counts = sum(padded(there, [0, 0, 0, missing]));
  const one = graph.number(1);
  const divisors = graph.add('Unsqueeze', [graph.add('Max', [counts, one]), graph.numbers(2)]);
  const sums = sum(padded(values, [0, 0, 0, 0, missing, 0]), width);
  return {
    values: graph.add('Div', [sums, divisors]),
    there: graph.add('Min', [counts, one]),
    steps: fewer,
  };
}

function layer(graph: OnnxGraph, value: string, i: number): string {
  return graph.add('Add', [graph.add('MatMul', [value, `weights_${i}`]), `bias_${i}`]);
}

function attended(graph: OnnxGraph, { values, there }: Seen, first: number): string {
  const asked = layer(graph, graph.add('Tanh', [layer(graph, values, first)]), first + 1);
  const absent = graph.add('Mul', [graph.add('Sub', [there, graph.number(1)]), graph.number(1e9)]);
  const last = graph.numbers(2);
  const shares = graph.add(
    'Softmax',
    [graph.add('Add', [asked, graph.add('Unsqueeze', [absent, last])])],
    [integer('axis', 1)],
  );
  const shared = graph.add('Mul', [values, shares]);
  return graph.add('ReduceSum', [shared, graph.numbers(1)], [integer('keepdims', 0)]);
}

/** ONNX's own GRU, whose gates come in another order than ours: update, reset, new. */
function lastState(graph: OnnxGraph, { values, there }: Seen, first: number, units: number): string {
  const places = Array.from({ length: units }, (_, i) => i);
  const order = graph.numbers(...[1, 0, 2].flatMap((gate) => places.map((i) => gate * units + i)));
  const direction = graph.numbers(0);
  const gates = (name: string) => graph.add('Gather', [name, order], [integer('axis', 0)]);
  const weights = (i: number) => {
    const rows = graph.add('Transpose', [`weights_${i}`], [integers('perm', [1, 0])]);
    return graph.add('Unsqueeze', [gates(rows), direction]);
  };
  const biases = graph.add('Concat', [gates(`bias_${first}`), gates(`bias_${first + 1}`)], [integer('axis', 0)]);
  const counts = graph.add('ReduceSum', [there, graph.numbers(1)], [integer('keepdims', 0)]);
  const inTime = graph.add('Transpose', [values], [integers('perm', [1, 0, 2])]);
  const state = `state_${first}`;
  graph.add(
    'GRU',
    [
      inTime,
      weights(first),
      weights(first + 1),
      graph.add('Unsqueeze', [biases, direction]),
      graph.add('Cast', [counts], [integer('to', 6)]),
    ],
    [integer('hidden_size', units), integer('linear_before_reset', 1)],
    [state],
  );
  return graph.add('Squeeze', [state, direction]);
}
