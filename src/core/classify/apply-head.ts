import { AppError } from '../errors';
import { probabilities, type TrainedHead } from './head';
import { neighbourVotes } from './neighbours';
import { preprocessedRows } from './preprocessing';
import { matrixRows } from './rows';

/** Probabilities of the classes [classes] for one vector as its extractor made it. Plain loops: right for a vector now
 * and then; many at once go faster through `TrainApi.predict`.
 * Errors: `spaces-differ` for a head that reads moments. */
export function applyHead(head: TrainedHead, vector: Float32Array): Float32Array {
  const { model, dimensions, classes, outcome, preprocessing } = head;
  if (model.name === 'frame-network')
    throw new AppError('spaces-differ', 'The head reads the moments of a whole video');
  let values = preprocessedRows(matrixRows(vector, dimensions), preprocessing).read([0]);
  if (model.name === 'nearest-neighbours') {
    const steps = neighbourVotes(model, values, dimensions, classes.length);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
    }
  }
  for (const [place, { inputs, outputs, weights, bias }] of model.layers.entries()) {
    const next = bias.slice();
    for (let i = 0; i < inputs; i++) {
      const value = values[i] as number;
      if (value === 0) continue;
      const row = i * outputs;
      for (let o = 0; o < outputs; o++) next[o] = (next[o] as number) + value * (weights[row + o] as number);
    }
    values = place < model.layers.length - 1 ? next.map((value) => Math.max(0, value)) : next;
  }
  return probabilities(values, classes.length, outcome);
}
