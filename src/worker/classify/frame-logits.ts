import { type Array as JaxArray, nn, numpy as np } from '@jax-js/jax';
import type { FrameReader } from '../../core/classify/head';
import type { Weights } from './network-loss';

/**
 * Outputs of a network over moments, for rows as `FrameRows` has them. Takes all arrays; `masks` has at most one, of what all
 * scales read. Attention pooling: Ilse, Tomczak and Welling 2018. GRU: Cho et al. 2014, its state over moments that are there.
 */
export function frameLogits(of: Weights, rows: JaxArray, masks: JaxArray[], reader: FrameReader): JaxArray {
  const { kind, moments, width, scales } = reader;
  const [size = 0] = rows.shape;
  const values = rows.ref.slice([], [0, moments * width]).reshape([size, moments, width]);
  const there = rows.slice([], [moments * width, moments * (width + 1)]);
  const read = scales.map((scale, i) => {
    const own = of.slice(2 * i, 2 * i + 2);
    const seen = atScale(values.ref, there.ref, scale);
    return kind === 'attention' ? attended(seen, own) : lastState(seen, own, reader.units);
  });
  values.dispose();
  there.dispose();
  const joined = read.length === 1 ? (read[0] as JaxArray) : np.concatenate(read, 1);
  const [mask] = masks;
  const last = of.at(-1) as Weights[number];
  return np.dot(mask ? joined.mul(mask) : joined, last.weights).add(last.bias);
}

/** Vectors [size x steps x width] and which of them there are [size x steps]. */
type Seen = { readonly values: JaxArray; readonly there: JaxArray };

/** Means of `scale` moments in a row, of those that there are. */
function atScale(values: JaxArray, there: JaxArray, scale: number): Seen {
  const [size = 0, moments = 0, width = 0] = values.shape;
  const steps = Math.ceil(moments / scale);
  if (scale === 1) return { values, there };
  const missing = steps * scale - moments;
  const padded =
    missing > 0
      ? np.pad(values, [
          [0, 0],
          [0, missing],
          [0, 0],
        ])
      : values;
  const known =
    missing > 0
      ? np.pad(there, [
          [0, 0],
          [0, missing],
        ])
      : there;
  const counts = known.reshape([size, steps, scale]).sum(2);
  // Absent moments are zeros, so that sums need no mask.
  const sums = padded.reshape([size, steps, scale, width]).sum(2);
  const means = sums.div(np.maximum(counts.ref, 1).reshape([size, steps, 1]));
  return { values: means, there: np.minimum(counts, 1) };
}

function attended({ values, there }: Seen, [hidden, scores]: Weights): JaxArray {
  const [size = 0, steps = 0, width = 0] = values.shape;
  const flat = values.ref.reshape([size * steps, width]);
  const { weights, bias } = hidden as Weights[number];
  const seen = np.tanh(np.dot(flat, weights).add(bias));
  const last = scores as Weights[number];
  const asked = np.dot(seen, last.weights).add(last.bias).reshape([size, steps]);
  const shares = nn.softmax(asked.add(there.sub(1).mul(1e9)), 1);
  return values.mul(shares.reshape([size, steps, 1])).sum(1);
}

function lastState({ values, there }: Seen, [input, recurrent]: Weights, units: number): JaxArray {
  const [size = 0, steps = 0, width = 0] = values.shape;
  const into = input as Weights[number];
  const on = recurrent as Weights[number];
  const gates = np
    .dot(values.reshape([size * steps, width]), into.weights)
    .add(into.bias)
    .reshape([size, steps, 3 * units]);
  let state = np.zeros([size, units]);
  const part = (of: JaxArray, i: number) => of.slice([], [i * units, (i + 1) * units]);
  for (let step = 0; step < steps; step++) {
    const given = gates.ref.slice([], step, []);
    const own = np.dot(state.ref, on.weights.ref).add(on.bias.ref);
    const reset = nn.sigmoid(part(given.ref, 0).add(part(own.ref, 0)));
    const keep = nn.sigmoid(part(given.ref, 1).add(part(own.ref, 1)));
    const fresh = np.tanh(part(given, 2).add(reset.mul(part(own, 2))));
    const moved = keep.ref.mul(state.ref).add(np.multiply(np.subtract(1, keep), fresh));
    const present = there.ref.slice([], [step, step + 1]);
    state = present.ref.mul(moved).add(np.subtract(1, present).mul(state));
  }
  gates.dispose();
  there.dispose();
  on.weights.dispose();
  on.bias.dispose();
  return state;
}
