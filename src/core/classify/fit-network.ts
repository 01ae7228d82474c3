import { AppError } from '../errors';
import { classAveragePrecisions } from '../evaluation/class-average-precision';
import { seededRandom } from '../random';
import { type Layer, likeliest } from './head';
import type { Descent, Outcome } from './settings';
import type { Part } from './training-data';

/** Rows of one Adam step, padded to the batch size with rows of weight 0. */
export type Batch = {
  /** [size x inputs]. */
  readonly features: Float32Array;
  /** [size x classes]. */
  readonly targets: Float32Array;
  readonly weights: Float32Array;
  /** One for each hidden layer, [size x units]: 0, or 1 / (1 - dropout). Empty without dropout. */
  readonly masks: readonly Float32Array[];
};

/** A network on some device, and its optimiser. */
export type NetworkTrainer = {
  /** One Adam step; gives the mean loss of the batch before it, the penalty included. */
  step(batch: Batch): Promise<number>;
  /** Outputs of the last layer [rows x classes], without dropout. */
  logits(features: Float32Array): Promise<Float32Array>;
  layers(): Promise<readonly Layer[]>;
  dispose(): void;
};

/** Features and targets of one part, as the network takes them. */
export type NetworkPart = Part & { readonly features: Float32Array; readonly targets: Float32Array };

export type Epoch = {
  /** From 1. */
  readonly epoch: number;
  /** Mean over the training videos, with dropout and the penalty. */
  readonly loss: number;
  /** On the validation part where there is one, else on the training part; the loss without penalty. */
  readonly judged: 'validation' | 'training';
  readonly judgedLoss: number;
  readonly accuracy: number;
  readonly map: number;
};

export type FitTask = {
  readonly train: NetworkPart;
  /** Undefined where nothing is held back. */
  readonly validation: NetworkPart | undefined;
  readonly inputs: number;
  readonly classCount: number;
  readonly hidden: readonly number[];
  readonly dropout: number;
  readonly outcome: Outcome;
  readonly descent: Descent;
  readonly seed: number;
};

/**
 * Trains epoch by epoch on shuffled batches: one step a batch, with the epoch after the last of its batches. Stops early
 * once the validation mAP (then its loss) has not improved for `patience` epochs, and gives the best epoch's layers; the
 * last one's without validation. Errors: `training-diverged`.
 */
export async function* fitNetwork(
  trainer: NetworkTrainer,
  { train, validation, inputs, classCount, hidden, dropout, outcome, descent, seed }: FitTask,
): AsyncGenerator<Epoch | undefined, { readonly layers: readonly Layer[]; readonly epoch: number }> {
  const random = seededRandom(seed);
  const order = Int32Array.from(train.videos.keys());
  const size = Math.min(descent.batch, order.length);
  const judged = validation ?? train;
  let best: { layers: readonly Layer[]; epoch: Epoch } | undefined;
  let last = 0;
  for (let epoch = 1; epoch <= descent.epochs; epoch++) {
    shuffle(order, random);
    let sum = 0;
    for (let from = 0; from < order.length; from += size) {
      const rows = order.subarray(from, from + size);
      const masks = dropout > 0 ? hidden.map((units) => dropoutMask(size * units, dropout, random)) : [];
      const loss = await trainer.step({ ...batchOf(train, rows, size, inputs, classCount), masks });
      if (!Number.isFinite(loss)) {
        throw new AppError('training-diverged', `The loss is ${loss} in epoch ${epoch}`, { epoch });
      }
      sum += loss * rows.length;
      yield undefined;
    }
    const judgement = judge(await trainer.logits(judged.features), judged, classCount, outcome);
    const told: Epoch = {
      epoch,
      loss: sum / order.length,
      judged: validation ? 'validation' : 'training',
      ...judgement,
    };
    last = epoch;
    yield told;
    if (!validation) continue;
    if (!best || isBetter(told, best.epoch)) best = { layers: await trainer.layers(), epoch: told };
    else if (epoch - best.epoch.epoch >= descent.patience) break;
  }
  return best ? { layers: best.layers, epoch: best.epoch.epoch } : { layers: await trainer.layers(), epoch: last };
}

const isBetter = (a: Epoch, b: Epoch): boolean => a.map > b.map || (a.map === b.map && a.judgedLoss < b.judgedLoss);

function shuffle(order: Int32Array, random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
}

function dropoutMask(length: number, dropout: number, random: () => number): Float32Array {
  const kept = 1 / (1 - dropout);
  return Float32Array.from({ length }, () => (random() < dropout ? 0 : kept));
}

function batchOf(part: NetworkPart, rows: Int32Array, size: number, inputs: number, classCount: number) {
  const features = new Float32Array(size * inputs);
  const targets = new Float32Array(size * classCount);
  const weights = new Float32Array(size);
  rows.forEach((row, i) => {
    features.set(part.features.subarray(row * inputs, (row + 1) * inputs), i * inputs);
    targets.set(part.targets.subarray(row * classCount, (row + 1) * classCount), i * classCount);
    weights[i] = 1;
  });
  return { features, targets, weights };
}

function judge(logits: Float32Array, part: NetworkPart, classCount: number, outcome: Outcome) {
  const { labels, labelStarts, targets } = part;
  const count = labelStarts.length - 1;
  const first = likeliest(logits, classCount);
  const right = first.filter((label, i) => labels.subarray(labelStarts[i], labelStarts[i + 1]).includes(label)).length;
  const precisions = classAveragePrecisions(logits, classCount, part).filter((each) => each !== undefined);
  const loss = outcome === 'one-label' ? softmaxLoss(logits, targets, classCount) : sigmoidLoss(logits, targets);
  return {
    judgedLoss: loss / count,
    accuracy: right / count,
    map: precisions.reduce((sum, each) => sum + each, 0) / precisions.length,
  };
}

/** Cross-entropy of softmaxed rows, summed. */
function softmaxLoss(logits: Float32Array, targets: Float32Array, classCount: number): number {
  let loss = 0;
  for (let start = 0; start < logits.length; start += classCount) {
    const row = logits.subarray(start, start + classCount);
    const most = row.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY);
    const log = most + Math.log(row.reduce((sum, value) => sum + Math.exp(value - most), 0));
    for (let c = 0; c < classCount; c++) loss += (targets[start + c] as number) * (log - (row[c] as number));
  }
  return loss;
}

/** Cross-entropy of sigmoids, summed. */
function sigmoidLoss(logits: Float32Array, targets: Float32Array): number {
  let loss = 0;
  for (let i = 0; i < logits.length; i++) {
    const value = logits[i] as number;
    loss += Math.max(value, 0) - value * (targets[i] as number) + Math.log1p(Math.exp(-Math.abs(value)));
  }
  return loss;
}
