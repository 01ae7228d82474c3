import { type InputPlan, inputDims } from '../model-plan';
import type { Runtime } from '../network';
import { notQuantisable, type Range } from './quantise-network';

/** A range is as wide as three quarters of the runs need: few values are cut, and steps stay small for all others. */
const rangeQuantile = 0.75;

/** `batch` gives the pictures of one run, normalised. */
export type CalibrationRuns = {
  readonly plan: InputPlan;
  readonly batches: number;
  readonly batch: (index: number) => Promise<{ readonly items: Float32Array; readonly count: number }>;
};

/** Runs a network that gives these tensors, and finds how wide each is. */
export async function measureRanges(
  runtime: Runtime,
  file: Uint8Array,
  tensors: readonly string[],
  { plan, batches, batch }: CalibrationRuns,
): Promise<ReadonlyMap<string, Range>> {
  const lowest = new Map(tensors.map((name) => [name, [] as number[]]));
  const highest = new Map(tensors.map((name) => [name, [] as number[]]));
  const session = await runtime.open(file, 'wasm');
  try {
    for (let index = 0; index < batches; index++) {
      const { items, count } = await batch(index);
      const dims = inputDims(plan, count, items.length / count);
      const results = await session.run({ [plan.name]: runtime.tensor(items, dims) });
      for (const name of tensors) {
        const result = results[name];
        if (result?.type !== 'float32') throw notQuantisable(`${name} is no 32-bit floats`);
        const [low, high] = extremes((await result.getData()) as Float32Array);
        result.dispose();
        lowest.get(name)?.push(low);
        highest.get(name)?.push(high);
      }
    }
  } finally {
    await session.release();
  }
  return new Map(
    tensors.map((name) => {
      const low = -quantile((lowest.get(name) ?? []).map((value) => -value));
      return [name, [rounded(low), rounded(quantile(highest.get(name) ?? []))]];
    }),
  );
}

function extremes(values: Float32Array): Range {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!Number.isFinite(low) || !Number.isFinite(high)) throw notQuantisable('it gives values that are no numbers');
  return [low, high];
}

function quantile(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * rangeQuantile)] as number;
}

/** Processors differ in the last digits; their copies should not. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
