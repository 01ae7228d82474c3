import { probabilities, type TrainedHead } from '../../core/classify/head';
import { neighbourVotes } from '../../core/classify/neighbours';
import { preprocessedRows } from '../../core/classify/preprocessing';
import { matrixRows, momentRows, type Rows } from '../../core/classify/rows';
import { AppError } from '../../core/errors';
import type { CallOptions } from '../../protocol/progress';
import type { TrainApi } from '../../protocol/train-api';
import { inSlices, slices } from '../library/slices';
import { createNetwork } from './network';

const rowsAtOnce = 256;

/** See `TrainApi.predict`. */
export function predict(
  { head, rows }: Parameters<TrainApi['predict']>[0],
  options: CallOptions = {},
): Promise<Float32Array> {
  const { model } = head;
  const wanted = model.name === 'frame-network' ? model.reading.moments : undefined;
  const given = 'matrix' in rows ? matrixRows(rows.matrix, rows.dimensions) : momentRows(rows, wanted);
  return scoresOf(head, preprocessedRows(given, head.preprocessing), options);
}

/** Probabilities [rows x classes] of rows as the head takes them. */
export async function scoresOf(head: TrainedHead, rows: Rows, options: CallOptions): Promise<Float32Array> {
  const { model, classes, outcome, dimensions } = head;
  const { count } = rows;
  if (count === 0) return new Float32Array();
  const all = () => rows.read(Int32Array.from({ length: count }, (_, i) => i));
  if (model.name === 'nearest-neighbours') {
    const votes = neighbourVotes(model, all(), dimensions, classes.length);
    return inSlices(votes, slices(options), 'Asking the neighbours', (share) => share);
  }
  const reader = model.name === 'frame-network' ? model.reading : undefined;
  if (reader && rows.dimensions !== reader.moments * (reader.width + 1)) {
    throw new AppError('spaces-differ', `The head reads ${reader.moments} moments of ${reader.width} values`);
  }
  const network = createNetwork(model.layers, { outcome, penalty: 0, learningRate: 0, reader });
  const pause = slices(options);
  const out = new Float32Array(count * classes.length);
  try {
    for (let from = 0; from < count; from += rowsAtOnce) {
      const some = Int32Array.from({ length: Math.min(rowsAtOnce, count - from) }, (_, i) => from + i);
      const logits = await network.logits(rows.read(some));
      out.set(probabilities(logits, classes.length, outcome), from * classes.length);
      const wait = pause('Asking the head', from / count);
      if (wait) await wait;
    }
    return out;
  } finally {
    network.dispose();
  }
}
