import type { Extractor, Moments } from '../extractor';
import { createSlidingWindow } from '../sliding-window';
import { beatOf } from './beat';
import { basics, chromas, createShortTerm, frameLength, melFilters, mfccOf, mfccs } from './short-term';

/** A frame is 50 ms, without overlap; 20 of them make a moment. */
const frameSeconds = 0.05;
const framesPerMoment = 20;
const features = basics + mfccs + chromas + 1;
const dimensions = 4 * features + 2;
/** Features whose peaks tell the beat: all basics but the entropy of energy, and 11 MFCCs. */
const beating = [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18];
const framesPerChunk = 1200;

/** For each second, mean and standard deviation of the 34 features and of their changes, and the beat of the whole sound:
 * 138 numbers. As pyAudioAnalysis does, features are those of the sound brought to peak level 1; its mean is left, which
 * a stream does not know. */
export const extractor: Extractor<'audio'> = {
  listen({ signal }) {
    const chunks: Float32Array[] = [];
    let frames = 0;
    let peak = 0;
    let start: number | undefined;
    let shape: { window: number; seconds: number; push: (samples: Float32Array) => void } | undefined;

    function open(sampleRate: number) {
      const window = Math.round(frameSeconds * sampleRate);
      const measure = createShortTerm(sampleRate, window);
      const push = createSlidingWindow(window, window, (frame) => {
        if (frames % framesPerChunk === 0) chunks.push(new Float32Array(framesPerChunk * frameLength));
        const at = (frames % framesPerChunk) * frameLength;
        measure(frame, (chunks.at(-1) as Float32Array).subarray(at, at + frameLength));
        frames++;
      });
      return { window, seconds: window / sampleRate, push };
    }

    const none: Moments = { vectors: new Float32Array(), scores: undefined, times: new Float64Array() };
    return {
      async hear({ samples, sampleRate, time }) {
        signal?.throwIfAborted();
        start ??= time;
        shape ??= open(sampleRate);
        for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
        shape.push(samples);
        return none;
      },
      async finish() {
        // Sound shorter than a frame is completed by silence.
        if (shape && frames === 0) shape.push(new Float32Array(shape.window));
        if (!shape || frames === 0) return none;
        const rows = toRows(chunks, frames, 1 / (peak + 1e-10));
        const { bpm, confidence } = beatOf(
          beating.map((row) => rows[row] as Float64Array),
          shape.seconds,
        );
        const count = Math.ceil(frames / framesPerMoment);
        const vectors = new Float32Array(count * dimensions);
        const times = new Float64Array(count);
        for (let i = 0; i < count; i++) {
          const from = i * framesPerMoment;
          const to = Math.min(frames, from + framesPerMoment);
          rows.forEach((row, feature) => {
            const { mean, deviation } = statistics(row, from, to);
            vectors[i * dimensions + feature] = mean;
            vectors[i * dimensions + rows.length + feature] = deviation;
          });
          vectors.set([bpm, confidence], (i + 1) * dimensions - 2);
          times[i] = (start ?? 0) + from * shape.seconds;
        }
        return { vectors, scores: undefined, times };
      },
    };
  },
};

/** The 34 features and their 34 changes over time, one value a frame. */
function toRows(chunks: readonly Float32Array[], frames: number, scale: number): Float64Array[] {
  const rows = Array.from({ length: 2 * features }, () => new Float64Array(frames));
  const current = new Float64Array(features);
  for (let frame = 0; frame < frames; frame++) {
    const at = (frame % framesPerChunk) * frameLength;
    const kept = (chunks[Math.floor(frame / framesPerChunk)] as Float32Array).subarray(at, at + frameLength);
    current.set(kept.subarray(0, basics));
    current[1] = (current[1] as number) * scale * scale;
    mfccOf(kept.subarray(basics), scale, current.subarray(basics));
    const chroma = kept.subarray(basics + melFilters);
    current.set(chroma, basics + mfccs);
    current[features - 1] = statistics(chroma, 0, chromas).deviation;
    for (let i = 0; i < features; i++) {
      const row = rows[i] as Float64Array;
      row[frame] = current[i] as number;
      (rows[features + i] as Float64Array)[frame] =
        frame === 0 ? 0 : (row[frame] as number) - (row[frame - 1] as number);
    }
  }
  return rows;
}

function statistics(values: Float32Array | Float64Array, from: number, to: number) {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i] as number;
  const mean = sum / (to - from);
  let squares = 0;
  for (let i = from; i < to; i++) squares += ((values[i] as number) - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / (to - from)) };
}
