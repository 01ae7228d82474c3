import type { ClassScores } from '../core/classes';
import { AppError } from '../core/errors';
import type { SoundBlock } from '../core/media';
import type { ExtractionContext, Listener, Moments } from './extractor';
import { createLogMel, melBands, melHop, melRate, melWindow } from './log-mel';
import { createSlidingWindow } from './sliding-window';

const patchRows = 96;
/** Samples that a patch of 96 rows looks at. */
const patchSamples = melWindow + (patchRows - 1) * melHop;
/** Windows that are gathered before the network runs. */
const windowsPerRun = 16;

export type MelNetwork = {
  /** Rows from one patch to the next: 48 are 0.48 s. */
  readonly hop: number;
  /** ln(mel + offset). */
  readonly offset: number;
  /** Whether silence completes the last patch, or what is short of a patch is left out. Sound shorter than a patch is
   * always completed. */
  readonly padded: boolean;
};

/** Runs a network of the VGGish family along sound of 16 kHz: log-mel patches of 96 rows where it takes patches; where it
 * takes a waveform the samples under them, or as many as it must have. Errors: `model-missing`, `model-output-unsupported`, `inference-failed`. */
export function listenWithNetwork(
  { hop, offset, padded }: MelNetwork,
  { inference, signal }: ExtractionContext,
): Listener {
  if (!inference) throw new AppError('model-missing', 'This descriptor needs its model file.');
  const network = inference;
  const waveform = network.input.kind === 'waveform' ? network.input : undefined;
  const windowSamples = waveform?.samples ?? patchSamples;
  const itemLength = waveform ? windowSamples : patchRows * melBands;
  // Windows much longer than a patch would show everything many times over.
  const step = windowSamples > 2 * patchSamples ? Math.ceil(windowSamples / 2) : hop * melHop;
  const waiting: Float32Array[] = [];
  const gather = (window: Float32Array) => void waiting.push(window.slice());
  const cutPatches = createSlidingWindow(patchRows * melBands, hop * melBands, gather);
  const push = waveform ? createSlidingWindow(windowSamples, step, gather) : createLogMel(offset, cutPatches);
  let heard = 0;
  let windows = 0;
  let start: number | undefined;

  async function run(least: number): Promise<Moments> {
    const parts: Float32Array[] = [];
    const scored: ClassScores[] = [];
    const times: number[] = [];
    while (waiting.length >= least && waiting.length > 0) {
      signal?.throwIfAborted();
      const some = waiting.splice(0, windowsPerRun);
      const items = new Float32Array(some.length * itemLength);
      some.forEach((window, i) => {
        items.set(window, i * itemLength);
      });
      const { features, scores } = await network.run(items, some.length);
      const rows = features.length / network.dimensions;
      // A network that cuts a waveform itself may add rows of its own padding: the first row of each window is the window.
      if (rows % some.length !== 0) {
        throw new AppError('model-output-unsupported', `The network gives ${rows} rows for ${some.length} windows.`);
      }
      parts.push(everyNth(features, features.length / some.length, some.length, rows / some.length));
      if (scores) {
        const { probabilities } = scores;
        const kept = everyNth(probabilities, probabilities.length / some.length, some.length, rows / some.length);
        scored.push({ ...scores, probabilities: kept });
      }
      for (let i = 0; i < some.length; i++) times.push((start ?? 0) + (windows++ * step) / melRate);
    }
    return { vectors: joined(parts), scores: joinScores(scored, parts.length), times: Float64Array.from(times) };
  }

  return {
    hear({ samples, time }: SoundBlock) {
      start ??= time;
      heard += samples.length;
      push(samples);
      return run(windowsPerRun);
    },
    finish() {
      const beyond = Math.max(0, heard - windowSamples);
      const whole = windowSamples + (padded ? Math.ceil(beyond / step) * step : 0);
      if (heard > 0 && heard < whole) push(new Float32Array(whole - heard));
      return run(1);
    },
  };
}

/** The first of every `rows` rows of each of `count` items of `length` numbers. */
function everyNth(data: Float32Array, length: number, count: number, rows: number): Float32Array {
  if (rows === 1) return data;
  const width = length / rows;
  const first = new Float32Array(count * width);
  for (let i = 0; i < count; i++) first.set(data.subarray(i * length, i * length + width), i * width);
  return first;
}

function joinScores(parts: readonly ClassScores[], expected: number): ClassScores | undefined {
  const [first] = parts;
  if (!first || parts.length < expected) return undefined;
  return { ...first, probabilities: joined(parts.map(({ probabilities }) => probabilities)) };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
