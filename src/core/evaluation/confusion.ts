/** Sparse confusion counts: rows are true classes, columns predicted ones. */
export type Confusion = {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly counts: readonly number[];
};

/**
 * Counts predictions. With several labels a prediction still weighs 1: shared labels split it on the diagonal; with none
 * shared, every (true, predicted) pair takes an equal part.
 */
export function confusionCounter(classCount: number) {
  const cells = new Map<number, number>();
  const bump = (row: number, column: number, weight: number) => {
    const key = row * classCount + column;
    cells.set(key, (cells.get(key) ?? 0) + weight);
  };
  return {
    add(truth: Int32Array, predicted: Int32Array): void {
      const shared = truth.filter((label) => predicted.includes(label));
      if (shared.length > 0) for (const label of shared) bump(label, label, 1 / shared.length);
      else
        for (const row of truth)
          for (const column of predicted) bump(row, column, 1 / (truth.length * predicted.length));
    },
    finish(): Confusion {
      const keys = [...cells.keys()].sort((a, b) => a - b);
      return {
        rows: keys.map((key) => Math.floor(key / classCount)),
        columns: keys.map((key) => key % classCount),
        counts: keys.map((key) => cells.get(key) as number),
      };
    },
  };
}

/** Row-major [classCount x classCount]; `row` and `column` divide by the sum of the row or column, 0 where that is 0. */
export function denseConfusion(
  { rows, columns, counts }: Confusion,
  classCount: number,
  normalise: 'counts' | 'row' | 'column' = 'counts',
): Float64Array {
  const sums = new Float64Array(classCount);
  const part = normalise === 'column' ? columns : rows;
  counts.forEach((count, i) => {
    sums[part[i] as number] = (sums[part[i] as number] as number) + count;
  });
  const dense = new Float64Array(classCount * classCount);
  counts.forEach((count, i) => {
    const by = normalise === 'counts' ? 1 : (sums[part[i] as number] as number);
    dense[(rows[i] as number) * classCount + (columns[i] as number)] = count / by;
  });
  return dense;
}

export type ConfusedPair = {
  readonly truth: number;
  readonly predicted: number;
  readonly count: number;
  /** Part of the true class's predictions, 0..1. */
  readonly share: number;
};

/** Wrong cells, the largest share of their row first, then the largest count, then class order. */
export function mostConfusedPairs({ rows, columns, counts }: Confusion, limit: number): readonly ConfusedPair[] {
  const sums = new Map<number, number>();
  rows.forEach((row, i) => {
    sums.set(row, (sums.get(row) ?? 0) + (counts[i] as number));
  });
  return rows
    .map((truth, i) => ({
      truth,
      predicted: columns[i] as number,
      count: counts[i] as number,
      share: (counts[i] as number) / (sums.get(truth) as number),
    }))
    .filter(({ truth, predicted }) => truth !== predicted)
    .sort((a, b) => b.share - a.share || b.count - a.count || a.truth - b.truth || a.predicted - b.predicted)
    .slice(0, limit);
}

export type ClassScores = {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Samples that truly are of the class. */
  readonly support: number;
};

/**
 * Precision, recall and F1 of each class from sets of true and predicted classes; 0 where undefined. Macro averages are
 * over all classes given, as scikit-learn's with `zero_division=0`.
 */
export function classScorer(classCount: number) {
  const right = new Float64Array(classCount);
  const predictions = new Float64Array(classCount);
  const support = new Float64Array(classCount);
  const bump = (counts: Float64Array, label: number) => {
    counts[label] = (counts[label] as number) + 1;
  };
  return {
    add(truth: Int32Array, predicted: Int32Array): void {
      for (const label of truth) bump(support, label);
      for (const label of predicted) {
        bump(predictions, label);
        if (truth.includes(label)) bump(right, label);
      }
    },
    finish(): readonly ClassScores[] {
      return Array.from(right, (hits, label) => {
        const predicted = predictions[label] as number;
        const actual = support[label] as number;
        return {
          precision: predicted === 0 ? 0 : hits / predicted,
          recall: actual === 0 ? 0 : hits / actual,
          f1: predicted + actual === 0 ? 0 : (2 * hits) / (predicted + actual),
          support: actual,
        };
      });
    },
  };
}
