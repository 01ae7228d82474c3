import { seededRandom } from '../random';
import type { Preprocessing } from './preprocessing';
import type { FrameReading, Outcome } from './settings';

/** One layer of a network: `weights` row-major [inputs x outputs]. All but the last are followed by a ReLU. */
export type Layer = {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
};

/** The videos that vote: vectors as preprocessed, row-major, and the classes of each. */
export type Voters = {
  readonly name: 'nearest-neighbours';
  readonly neighbours: number;
  readonly vectors: Float32Array;
  readonly labels: Int32Array;
  readonly labelStarts: Int32Array;
};

/** What training made: from a vector of a space to a probability of each class. */
export type TrainedHead = {
  readonly classes: readonly string[];
  readonly outcome: Outcome;
  readonly dimensions: number;
  readonly preprocessing: Preprocessing;
  readonly model: { readonly name: 'network'; readonly layers: readonly Layer[] } | FrameNetwork | Voters;
};

/** Takes the moments of a video, `moments` at most, of `dimensions` values each. */
export type FrameNetwork = {
  readonly name: 'frame-network';
  readonly reading: FrameReader;
  readonly layers: readonly Layer[];
};

/** A network over moments. Its layers: for each time scale those that read it (attention: hidden, scores; GRU: input and
 * state, each to the three gates), then the last one, from all scales to the classes. */
export type FrameReader = FrameReading & {
  readonly kind: 'attention' | 'gru';
  readonly moments: number;
  readonly width: number;
};

/** Inputs and outputs of each layer of a network over moments, in their order. */
export function frameLayerSizes(
  { kind, width, units, scales }: FrameReader,
  classCount: number,
): readonly (readonly [inputs: number, outputs: number])[] {
  const read = kind === 'attention' ? width : units;
  const sizes = scales.flatMap((): (readonly [number, number])[] =>
    kind === 'attention'
      ? [
          [width, units],
          [units, 1],
        ]
      : [
          [width, 3 * units],
          [units, 3 * units],
        ],
  );
  return [...sizes, [read * scales.length, classCount]];
}

/** As {@link initialLayers}, for a network over moments. */
export function initialFrameLayers(reader: FrameReader, classCount: number, seed: number): readonly Layer[] {
  return frameLayerSizes(reader, classCount).map(([inputs, outputs], i) => {
    const [layer] = initialLayers([inputs, outputs, 1], seed + i);
    return layer as Layer;
  });
}

/** Layers to begin with: Glorot's uniform weights (2010); zeros where there is but one layer, whose loss is convex. */
export function initialLayers(sizes: readonly number[], seed: number): readonly Layer[] {
  const random = seededRandom(seed);
  return sizes.slice(1).map((outputs, i) => {
    const inputs = sizes[i] as number;
    const bound = sizes.length === 2 ? 0 : Math.sqrt(6 / (inputs + outputs));
    const weights = Float32Array.from({ length: inputs * outputs }, () => bound * (2 * random() - 1));
    return { inputs, outputs, weights, bias: new Float32Array(outputs) };
  });
}

/** Probabilities from a network's last layer [count x classes]: softmax of each row, or the sigmoid of each value. */
export function probabilities(logits: Float32Array, classCount: number, outcome: Outcome): Float32Array {
  if (outcome === 'several-labels') return logits.map((value) => 1 / (1 + Math.exp(-value)));
  const out = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classCount) {
    const row = logits.subarray(start, start + classCount);
    const most = row.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY);
    let sum = 0;
    for (const value of row) sum += Math.exp(value - most);
    row.forEach((value, i) => {
      out[start + i] = Math.exp(value - most) / sum;
    });
  }
  return out;
}

/** Index of the largest value of each row; the first of equal ones. */
export function likeliest(scores: Float32Array, classCount: number): Int32Array {
  return Int32Array.from({ length: scores.length / classCount }, (_, i) => {
    const row = scores.subarray(i * classCount, (i + 1) * classCount);
    let best = 0;
    for (let c = 1; c < classCount; c++) if ((row[c] as number) > (row[best] as number)) best = c;
    return best;
  });
}
