import { AppError } from '../errors';
import { bestColumns } from '../evaluation/strict-ranks';
import { dot, norm } from '../similarity/dot';
import { cosineFromDot } from '../similarity/similarity';
import type { TrainedHead, Voters } from './head';

/** A head that needs no training: all labelled rows vote, as they are. `labels` are those of each row.
 * Errors: `training-impossible`. */
export function neighbourHead(
  rows: {
    readonly matrix: Float32Array;
    readonly dimensions: number;
    readonly labels: readonly (readonly string[])[];
  },
  neighbours: number,
): TrainedHead & { readonly model: Voters } {
  const { matrix: vectors, dimensions, labels: labelsOf } = rows;
  const classes = [...new Set(labelsOf.flat())].sort();
  if (classes.length === 0) {
    const reason = 'no labelled video has vectors of this descriptor';
    throw new AppError('training-impossible', `Nobody votes: ${reason}`, { reason });
  }
  const indexOf = new Map(classes.map((label, i) => [label, i]));
  const labels = labelsOf.map((own) => own.map((label) => indexOf.get(label) as number).sort((a, b) => a - b));
  const labelStarts = new Int32Array(labels.length + 1);
  labels.forEach((own, i) => {
    labelStarts[i + 1] = (labelStarts[i] as number) + own.length;
  });
  return {
    classes,
    outcome: labelsOf.some(({ length }) => length > 1) ? 'several-labels' : 'one-label',
    dimensions,
    preprocessing: { root: false, standard: undefined },
    model: { name: 'nearest-neighbours', neighbours, vectors, labels: Int32Array.from(labels.flat()), labelStarts },
  };
}

/**
 * Probabilities [count x classes] by the vote of the nearest in cosine, each voting with its similarity (0 where
 * negative) for all of its classes. One step a vector, giving the share done.
 */
export function* neighbourVotes(
  { neighbours, vectors, labels, labelStarts }: Voters,
  features: Float32Array,
  dimensions: number,
  classCount: number,
): Generator<number, Float32Array> {
  const count = features.length / dimensions;
  const voters = labelStarts.length - 1;
  const lengths = Float64Array.from({ length: voters }, (_, i) =>
    norm(vectors.subarray(i * dimensions, (i + 1) * dimensions)),
  );
  const similarities = new Float32Array(voters);
  const nearest = new Int32Array(neighbours);
  const votes = new Float32Array(neighbours);
  const out = new Float32Array(count * classCount);
  for (let i = 0; i < count; i++) {
    const asked = features.subarray(i * dimensions, (i + 1) * dimensions);
    const length = norm(asked);
    for (let voter = 0; voter < voters; voter++) {
      similarities[voter] = cosineFromDot(dot(vectors, voter * dimensions, asked), length, lengths[voter] as number);
    }
    const size = bestColumns(similarities, nearest, votes);
    const weights = votes.subarray(0, size).map((similarity) => Math.max(0, similarity));
    const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
    weights.forEach((weight, place) => {
      const voter = nearest[place] as number;
      for (const label of labels.subarray(labelStarts[voter], labelStarts[voter + 1])) {
        const at = i * classCount + label;
        out[at] = (out[at] as number) + weight / total;
      }
    });
    yield (i + 1) / count;
  }
  return out;
}
