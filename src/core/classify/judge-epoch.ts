import { classRanks } from '../evaluation/class-average-precision';
import type { NetworkPart, NetworkTrainer } from './fit-network';
import { likeliest } from './head';
import type { Outcome } from './settings';
import { someOf } from './training-data';

export type Judgement = {
  /** Without penalty and dropout. */
  readonly judgedLoss: number;
  readonly accuracy: number;
  readonly map: number;
};

/** Pairs of video and class that are judged after an epoch: 100 MB of scores. */
const mostPairs = 24_000_000;
const rowsAtOnce = 256;

/** Judges a network on a part, or on evenly many of it where it is too large. Yields often. */
export async function* judgeEpoch(
  trainer: Pick<NetworkTrainer, 'logits'>,
  part: NetworkPart,
  classCount: number,
  outcome: Outcome,
): AsyncGenerator<undefined, Judgement> {
  const judged = someOf({ ...part, videos: part.videos.map((_, i) => i) }, Math.floor(mostPairs / classCount));
  const rows = judged.videos;
  const count = rows.length;
  const logits = new Float32Array(count * classCount);
  for (let from = 0; from < count; from += rowsAtOnce) {
    logits.set(await trainer.logits(part.features.read(rows.subarray(from, from + rowsAtOnce))), from * classCount);
    yield;
  }
  const first = likeliest(logits, classCount);
  let right = 0;
  let loss = 0;
  for (let i = 0; i < count; i++) {
    const own = judged.labels.subarray(judged.labelStarts[i], judged.labelStarts[i + 1]);
    if (own.includes(first[i] as number)) right++;
    const row = logits.subarray(i * classCount, (i + 1) * classCount);
    loss += outcome === 'one-label' ? softmaxLoss(row, own) : sigmoidLoss(row, own);
    if (i % rowsAtOnce === 0) yield;
  }
  let [sum, present] = [0, 0];
  for (const ranks of classRanks(logits, classCount, judged)) {
    yield;
    if (ranks.length === 0) continue;
    present++;
    sum += ranks.reduce((precisions, at, i) => precisions + (i + 1) / at, 0) / ranks.length;
  }
  return { judgedLoss: loss / count, accuracy: right / count, map: sum / present };
}

/** Cross-entropy of the softmaxed row, its labels in equal shares. */
function softmaxLoss(row: Float32Array, labels: Int32Array): number {
  const most = row.reduce((best, value) => Math.max(best, value), Number.NEGATIVE_INFINITY);
  const log = most + Math.log(row.reduce((sum, value) => sum + Math.exp(value - most), 0));
  return labels.reduce((sum, label) => sum + (log - (row[label] as number)) / labels.length, 0);
}

/** Cross-entropy of the row's sigmoids, summed. */
function sigmoidLoss(row: Float32Array, labels: Int32Array): number {
  let loss = 0;
  for (const value of row) loss += Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
  for (const label of labels) loss -= row[label] as number;
  return loss;
}
