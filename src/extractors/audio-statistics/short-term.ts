import { createMagnitudes } from './dft';

const eps = 2 ** -52;
const blocks = 10;
export const mfccs = 13;
export const melFilters = 40;
export const chromas = 12;
/** Numbers of a frame that do not depend on the level: zero crossings, energy (which does), its entropy, spectral
 * centroid, spread, entropy, flux and rolloff. */
export const basics = 8;

/** What is kept of each frame: the 8 basic features, the energies of 40 mel filters that the MFCCs are made of, and 12 chromas. */
export const frameLength = basics + melFilters + chromas;

/** The short-term features of pyAudioAnalysis (Giannakopoulos 2015), frame after frame, before its normalisation of the
 * level, which needs the whole sound; `write` gets `frameLength` numbers. */
export function createShortTerm(
  sampleRate: number,
  window: number,
): (frame: Float32Array, write: Float32Array) => void {
  const bins = Math.floor(window / 2);
  const magnitudesOf = createMagnitudes(window, bins);
  const filters = triangles(bins, sampleRate);
  const chroma = createChroma(bins, sampleRate);
  let magnitudes: Float64Array = new Float64Array(bins);
  let previous: Float64Array | undefined;
  return (frame, write) => {
    magnitudesOf(frame, magnitudes);
    for (let i = 0; i < bins; i++) magnitudes[i] = (magnitudes[i] as number) / bins;
    const energy = squares(frame, 0, frame.length);
    const { centroid, spread } = centroidAndSpread(magnitudes);
    const total = squares(magnitudes, 0, bins);
    write[0] = zeroCrossings(frame);
    write[1] = energy / frame.length;
    write[2] = entropy(frame, energy);
    write[3] = centroid;
    write[4] = spread;
    write[5] = entropy(magnitudes, total);
    write[6] = flux(magnitudes, previous ?? magnitudes);
    write[7] = rolloff(magnitudes, total);
    for (const [i, { first, weights }] of filters.entries()) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++) sum += (weights[k] as number) * (magnitudes[first + k] as number);
      write[basics + i] = sum;
    }
    chroma(magnitudes, total, write.subarray(basics + melFilters));
    [previous, magnitudes] = [magnitudes, previous ?? new Float64Array(bins)];
  };
}

/** MFCCs of a frame: the cosine transform (orthonormal DCT-II) of its mel energies' logarithms. */
export function mfccOf(energies: Float32Array, scale: number, write: Float64Array): void {
  for (let c = 0; c < mfccs; c++) {
    let sum = 0;
    for (let i = 0; i < melFilters; i++) {
      const level = Math.log10((energies[i] as number) * scale + eps);
      sum += level * (cosines[c * melFilters + i] as number);
    }
    write[c] = sum;
  }
}

const cosines = Float64Array.from({ length: mfccs * melFilters }, (_, at) => {
  const c = Math.floor(at / melFilters);
  const i = at % melFilters;
  return Math.sqrt((c === 0 ? 1 : 2) / melFilters) * Math.cos((Math.PI * c * (2 * i + 1)) / (2 * melFilters));
});

function squares(values: Float32Array | Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += (values[i] as number) ** 2;
  return sum;
}

function zeroCrossings(frame: Float32Array): number {
  let sum = 0;
  for (let i = 1; i < frame.length; i++) {
    sum += Math.abs(Math.sign(frame[i] as number) - Math.sign(frame[i - 1] as number));
  }
  return sum / 2 / (frame.length - 1);
}

/** Entropy, in bits, of how the energy spreads over ten equal parts. */
function entropy(values: Float32Array | Float64Array, energy: number): number {
  const length = Math.floor(values.length / blocks);
  let sum = 0;
  for (let block = 0; block < blocks; block++) {
    const share = squares(values, block * length, (block + 1) * length) / (energy + eps);
    sum -= share * Math.log2(share + eps);
  }
  return sum;
}

/** Both as shares of half the sample rate. */
function centroidAndSpread(magnitudes: Float64Array): { centroid: number; spread: number } {
  const bins = magnitudes.length;
  let largest = 0;
  for (const value of magnitudes) largest = Math.max(largest, value);
  const scale = largest === 0 ? 0 : 1 / largest;
  let weighted = 0;
  let total = eps;
  for (let i = 0; i < bins; i++) {
    const value = (magnitudes[i] as number) * scale;
    weighted += ((i + 1) / bins) * value;
    total += value;
  }
  const centroid = weighted / total;
  let deviation = 0;
  for (let i = 0; i < bins; i++) deviation += ((i + 1) / bins - centroid) ** 2 * (magnitudes[i] as number) * scale;
  return { centroid, spread: Math.sqrt(deviation / total) };
}

function flux(magnitudes: Float64Array, previous: Float64Array): number {
  let sum = 0;
  let before = 0;
  for (let i = 0; i < magnitudes.length; i++) {
    sum += (magnitudes[i] as number) + eps;
    before += (previous[i] as number) + eps;
  }
  let difference = 0;
  for (let i = 0; i < magnitudes.length; i++) {
    difference += ((magnitudes[i] as number) / sum - (previous[i] as number) / before) ** 2;
  }
  return difference;
}

/** Share of the spectrum below which nine tenths of its energy lie. */
function rolloff(magnitudes: Float64Array, energy: number): number {
  let sum = eps;
  for (let i = 0; i < magnitudes.length; i++) {
    sum += (magnitudes[i] as number) ** 2;
    if (sum > 0.9 * energy) return i / magnitudes.length;
  }
  return 0;
}

/** The 13 linear and 27 logarithmic triangles of the MFCCs. Frequencies of bins are counted as pyAudioAnalysis does, over
 * the whole sample rate, so that its figures compare. */
function triangles(bins: number, sampleRate: number): { readonly first: number; readonly weights: Float64Array }[] {
  const linear = 13;
  const edges = Array.from({ length: melFilters + 2 }, (_, i) =>
    i < linear ? 133.33 + (i * 200) / 3 : (133.33 + ((linear - 1) * 200) / 3) * 1.0711703 ** (i - linear + 1),
  );
  const binOf = (hertz: number) => Math.floor((hertz * bins) / sampleRate) + 1;
  return Array.from({ length: melFilters }, (_, i) => {
    const [low = 0, centre = 0, high = 0] = edges.slice(i, i + 3);
    const height = 2 / (high - low);
    const first = binOf(low);
    const weights = Float64Array.from({ length: Math.max(0, binOf(high) - first) }, (_, k) => {
      const hertz = ((first + k) * sampleRate) / bins;
      return first + k < binOf(centre)
        ? (height * (hertz - low)) / (centre - low)
        : (height * (high - hertz)) / (high - centre);
    });
    return { first, weights };
  });
}

/** Energy of the 12 semitones, octaves added up, as pyAudioAnalysis counts it: of the bins of a semitone the last one
 * stands for all; semitones below 27.5 Hz fall to the end of the list. */
function createChroma(
  bins: number,
  sampleRate: number,
): (magnitudes: Float64Array, total: number, write: Float32Array) => void {
  const semitones = Int32Array.from({ length: bins }, (_, i) => {
    const hertz = ((i + 1) * sampleRate) / (2 * bins);
    return roundHalfEven(12 * Math.log2(hertz / 27.5));
  });
  const counts = new Map<number, number>();
  for (const semitone of semitones) counts.set(semitone, (counts.get(semitone) ?? 0) + 1);
  const sharing = Array.from(semitones, (semitone) => counts.get(semitone) as number);
  const place = (semitone: number) => (semitone < 0 ? bins + semitone : semitone);
  const lastBin = new Map<number, number>();
  semitones.forEach((semitone, bin) => {
    lastBin.set(place(semitone), bin);
  });
  const entries = Array.from(lastBin, ([at, bin]) => ({
    bin,
    chroma: at % chromas,
    divisor: sharing[place(semitones[at] as number)] as number,
  }));
  return (magnitudes, total, write) => {
    write.fill(0);
    if (total === 0) return;
    const sums = new Float64Array(chromas);
    for (const { bin, chroma, divisor } of entries) {
      sums[chroma] = (sums[chroma] as number) + (magnitudes[bin] as number) ** 2 / divisor;
    }
    for (let i = 0; i < chromas; i++) write[i] = (sums[i] as number) / total;
  };
}

function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  if (value - down !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}
