import { AppError } from '../errors';
import { seededRandom } from '../random';
import type { Layer } from './head';
import { type Judgement, judgeEpoch } from './judge-epoch';
import type { Rows } from './rows';
import type { Descent, Outcome } from './settings';
import type { Part } from './training-data';

/** Rows of one Adam step, padded to the batch size with rows of weight 0. */
export type Batch = {
  /** [size x inputs]. */
  readonly features: Float32Array;
  /** [size x classes]. */
  readonly targets: Float32Array;
  readonly weights: Float32Array;
  /** One for each layer whose outputs are dropped, [size x units]: 0, or 1 / (1 - dropout). Empty without dropout. */
  readonly masks: readonly Float32Array[];
};

/** All that Adam needs to go on: weights, and its two moments of each. */
export type OptimiserState = {
  readonly weights: readonly Layer[];
  readonly first: readonly Layer[];
  readonly second: readonly Layer[];
  readonly steps: number;
};

/** A network on some device, and its optimiser. */
export type NetworkTrainer = {
  /** One Adam step; gives the mean loss of the batch before it, the penalty included. */
  step(batch: Batch): Promise<number>;
  /** Outputs of the last layer [rows x classes], without dropout. */
  logits(features: Float32Array): Promise<Float32Array>;
  layers(): Promise<readonly Layer[]>;
  state(): Promise<OptimiserState>;
  dispose(): void;
};

/** One part's features, as the network takes them, row i for entry i of the part. */
export type NetworkPart = Part & { readonly features: Rows };

export type Epoch = Judgement & {
  /** From 1. */
  readonly epoch: number;
  /** Mean over the training videos, with dropout and the penalty. */
  readonly loss: number;
  /** On the validation part where there is one, else on the training part. */
  readonly judged: 'validation' | 'training';
};

/** Where a training stands. */
export type FitPosition = {
  /** The epoch under way, from 1, how many of its batches are done, and the sum of their losses. */
  readonly epoch: number;
  readonly batches: number;
  readonly loss: number;
  readonly best: { readonly layers: readonly Layer[]; readonly epoch: Epoch } | undefined;
};

/** A step towards the end; `epoch` where it was the last of an epoch. */
export type FitStep = { readonly epoch: Epoch | undefined; readonly position: FitPosition };

export type FitTask = {
  readonly train: NetworkPart;
  /** Undefined where nothing is held back. */
  readonly validation: NetworkPart | undefined;
  readonly classCount: number;
  /** Units of the layers whose outputs are dropped. */
  readonly dropped: readonly number[];
  readonly dropout: number;
  readonly outcome: Outcome;
  readonly descent: Descent;
  readonly seed: number;
  /** Where to go on, with a trainer that stands there too. */
  readonly from?: FitPosition | undefined;
};

/**
 * Trains epoch by epoch on shuffled batches: one step a batch, and some more while an epoch is judged. Stops early once the
 * validation mAP (then its loss) has not improved for `patience` epochs, and gives the best epoch's layers; the last one's
 * without validation. The same seed gives the same batches, however often it was interrupted. Errors: `training-diverged`.
 */
export async function* fitNetwork(
  trainer: NetworkTrainer,
  task: FitTask,
): AsyncGenerator<FitStep, { readonly layers: readonly Layer[]; readonly epoch: number }> {
  const { train, validation, classCount, dropped, dropout, outcome, descent, seed } = task;
  const count = train.videos.length;
  const size = Math.min(descent.batch, count);
  const judged = validation ?? train;
  let { epoch, batches, loss: sum, best } = task.from ?? { epoch: 1, batches: 0, loss: 0, best: undefined };
  const step = (): FitStep => ({ epoch: undefined, position: { epoch, batches, loss: sum, best } });
  for (; epoch <= descent.epochs; epoch++, batches = 0, sum = 0) {
    if (best && epoch - 1 - best.epoch.epoch >= descent.patience) break;
    const order = shuffled(count, seededRandom(seed + epoch * 0x9e3779b1));
    for (let from = batches * size; from < count; from += size) {
      const rows = order.subarray(from, from + size);
      const random = seededRandom(seed + epoch * 0x9e3779b1 + from * 0x85ebca6b + 1);
      const masks = dropout > 0 ? dropped.map((units) => dropoutMask(size * units, dropout, random)) : [];
      const loss = await trainer.step({ ...batchOf(train, rows, size, classCount, outcome), masks });
      if (!Number.isFinite(loss)) {
        throw new AppError('training-diverged', `The loss is ${loss} in epoch ${epoch}`, { epoch });
      }
      sum += loss * rows.length;
      batches++;
      yield step();
    }
    const judging = judgeEpoch(trainer, judged, classCount, outcome);
    let judgement = await judging.next();
    for (; !judgement.done; judgement = await judging.next()) yield step();
    const told: Epoch = {
      epoch,
      loss: sum / count,
      judged: validation ? 'validation' : 'training',
      ...judgement.value,
    };
    if (validation && (!best || isBetter(told, best.epoch))) best = { layers: await trainer.layers(), epoch: told };
    yield { epoch: told, position: { epoch: epoch + 1, batches: 0, loss: 0, best } };
  }
  return best
    ? { layers: best.layers, epoch: best.epoch.epoch }
    : { layers: await trainer.layers(), epoch: descent.epochs };
}

const isBetter = (a: Epoch, b: Epoch): boolean => a.map > b.map || (a.map === b.map && a.judgedLoss < b.judgedLoss);

function shuffled(count: number, random: () => number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

function dropoutMask(length: number, dropout: number, random: () => number): Float32Array {
  const kept = 1 / (1 - dropout);
  return Float32Array.from({ length }, () => (random() < dropout ? 0 : kept));
}

function batchOf(part: NetworkPart, rows: Int32Array, size: number, classCount: number, outcome: Outcome) {
  const features = new Float32Array(size * part.features.dimensions);
  features.set(part.features.read(rows));
  const targets = new Float32Array(size * classCount);
  const weights = new Float32Array(size);
  rows.forEach((row, i) => {
    const own = part.labels.subarray(part.labelStarts[row], part.labelStarts[row + 1]);
    // Where one is to be told of several, they share it.
    const share = outcome === 'one-label' ? 1 / own.length : 1;
    for (const label of own) targets[i * classCount + label] = share;
    weights[i] = 1;
  });
  return { features, targets, weights };
}
