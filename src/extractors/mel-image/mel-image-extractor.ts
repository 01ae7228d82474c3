import type { Extractor, Moments } from '../extractor';
import { createLogMel, melBands, melWindow } from '../log-mel';
import { createShrinkingRows, fitRows } from './time-slices';

const slices = 96;
/** As YAMNet hears it. */
const offset = 0.001;

/** One picture of the whole sound: its log-mel spectrogram averaged into 96 slices of equal length, each of 64 bands, the
 * lowest first. Sound of less than 96 rows (0.97 s) has slices that repeat. */
export const extractor: Extractor<'audio'> = {
  listen({ signal }) {
    const rows = createShrinkingRows(melBands, 16 * slices);
    const push = createLogMel(offset, rows.add);
    let heard = 0;
    let start: number | undefined;
    const none: Moments = { vectors: new Float32Array(), scores: undefined, times: new Float64Array() };
    return {
      async hear({ samples, time }) {
        signal?.throwIfAborted();
        start ??= time;
        heard += samples.length;
        push(samples);
        return none;
      },
      async finish() {
        if (heard === 0) return none;
        // Sound shorter than a row is completed by silence.
        if (heard < melWindow) push(new Float32Array(melWindow - heard));
        const vectors = fitRows(rows.finish(), melBands, slices);
        return { vectors, scores: undefined, times: Float64Array.of(start ?? 0) };
      },
    };
  },
};
