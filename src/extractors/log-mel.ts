import FFT from 'fft.js';
import { createSlidingWindow } from './sliding-window';

/** What networks of the VGGish family hear: mono sound at this rate, as a spectrogram of so many mel bands. */
export const melRate = 16_000;
export const melBands = 64;
/** Samples from one row of the spectrogram to the next, and samples that a row looks at. */
export const melHop = 160;
export const melWindow = 400;
const fftSize = 512;
const lowest = 125;
const highest = 7500;

/** A log-mel spectrogram as VGGish and YAMNet compute it (Hershey et al. 2017): periodic Hann window, magnitudes, HTK's
 * mel scale, ln(mel + offset). Takes samples of any number, and calls back with a row of 64 bands for every 160; the row
 * is good only until the call returns. */
export function createLogMel(offset: number, onRow: (row: Float32Array) => void): (samples: Float32Array) => void {
  const fft = new FFT(fftSize);
  const hann = Float64Array.from({ length: melWindow }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / melWindow));
  const filters = melFilters();
  const frame = new Float64Array(fftSize);
  const spectrum = new Float64Array(2 * fftSize);
  const magnitudes = new Float64Array(fftSize / 2 + 1);
  const row = new Float32Array(melBands);
  return createSlidingWindow(melWindow, melHop, (window) => {
    for (let i = 0; i < melWindow; i++) frame[i] = (window[i] as number) * (hann[i] as number);
    fft.realTransform(spectrum, frame);
    for (let bin = 0; bin < magnitudes.length; bin++) {
      const [re, im] = [spectrum[2 * bin] as number, spectrum[2 * bin + 1] as number];
      magnitudes[bin] = Math.sqrt(re * re + im * im);
    }
    for (const [band, { first, weights }] of filters.entries()) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += (weights[i] as number) * (magnitudes[first + i] as number);
      row[band] = Math.log(sum + offset);
    }
    onRow(row);
  });
}

/** Triangles on the mel scale over the bins of the spectrum: for each band its first bin and the weights from there. */
function melFilters(): { readonly first: number; readonly weights: Float64Array }[] {
  const mel = (hertz: number) => 1127 * Math.log(1 + hertz / 700);
  const [from, to] = [mel(lowest), mel(highest)];
  const edge = (i: number) => from + ((to - from) * i) / (melBands + 1);
  const bins = Array.from({ length: fftSize / 2 + 1 }, (_, bin) => mel((bin * melRate) / fftSize));
  return Array.from({ length: melBands }, (_, band) => {
    const [low, centre, high] = [edge(band), edge(band + 1), edge(band + 2)];
    const weights = bins.map((at) => Math.max(0, Math.min((at - low) / (centre - low), (high - at) / (high - centre))));
    const first = Math.max(
      0,
      weights.findIndex((weight) => weight > 0),
    );
    const last = weights.findLastIndex((weight) => weight > 0);
    return { first, weights: Float64Array.from(weights.slice(first, last + 1)) };
  });
}
