/** Taps of the filter before it is widened for a lower rate, the share of the band it keeps, and the window's shape: those
 * of ffmpeg's swresample, so that both decoders give the same sound. */
const baseTaps = 32;
const cutoff = 0.97;
const kaiserBeta = 9;

/** Changes the sample rate of a stream by a windowed sinc, as ffmpeg's swresample does, to within a
 * thousandth. What `push` and `flush` give is
 * the caller's; the first sample out sounds when the first sample in does. */
export type Resampler = {
  push(samples: Float32Array): Float32Array;
  /** The stream has ended: what the filter still held. */
  flush(): Float32Array;
};

export function createResampler(from: number, to: number): Resampler {
  if (from === to) return { push: (samples) => samples.slice(), flush: () => new Float32Array() };
  const divisor = greatestCommonDivisor(from, to);
  const phases = to / divisor;
  const step = from / divisor;
  const { taps, filterOf } = createFilters(Math.min(1, (to * cutoff) / from), phases);
  const centre = Math.floor((taps - 1) / 2);
  let buffer = new Float32Array();
  /** Index in the stream of the buffer's first sample; negative for what stands before the beginning. */
  let first = 0;
  let begun = false;
  let written = 0;

  function drain(): Float32Array {
    const end = first + buffer.length;
    const output = new Float32Array(Math.max(0, Math.ceil((end * phases) / step) - written));
    let count = 0;
    for (;;) {
      const position = written * step;
      const base = Math.floor(position / phases);
      const start = base - centre - first;
      if (base - centre + taps > end) break;
      const filter = filterOf(position % phases);
      let sum = 0;
      for (let i = 0; i < taps; i++) sum += (filter[i] as number) * (buffer[start + i] as number);
      output[count++] = sum;
      written++;
    }
    const keptFrom = Math.min(Math.floor((written * step) / phases) - centre, end);
    buffer = buffer.slice(keptFrom - first);
    first = keptFrom;
    return output.slice(0, count);
  }

  function begin(): void {
    // The filter looks at what was before the beginning: the beginning mirrored.
    const mirrored = Float32Array.from(
      { length: centre },
      (_, i) => buffer[Math.min(centre - i, buffer.length - 1)] ?? 0,
    );
    buffer = joined(mirrored, buffer);
    first = -centre;
    begun = true;
  }

  return {
    push(samples) {
      buffer = joined(buffer, samples);
      if (!begun) {
        if (buffer.length <= centre) return new Float32Array();
        begin();
      }
      return drain();
    },
    flush() {
      if (buffer.length === 0) return new Float32Array();
      if (!begun) begin();
      const end = first + buffer.length;
      const last = buffer.length - 1;
      const mirrored = Float32Array.from({ length: taps }, (_, i) => buffer[Math.max(0, last - i)] ?? 0);
      const whole = Math.ceil((end * phases) / step) - written;
      buffer = joined(buffer, mirrored);
      return drain().slice(0, Math.max(0, whole));
    },
  };
}

function createFilters(factor: number, phases: number) {
  const taps = Math.max(1, Math.ceil(baseTaps / factor));
  const centre = Math.floor((taps - 1) / 2);
  const filters = new Map<number, Float64Array>();
  const shape = (phase: number) =>
    Float64Array.from({ length: taps }, (_, i) => {
      const x = Math.PI * (i - centre - phase / phases) * factor;
      const w = (2 * x) / (factor * taps * Math.PI);
      return (x === 0 ? 1 : Math.sin(x) / x) * bessel(kaiserBeta * Math.sqrt(Math.max(0, 1 - w * w)));
    });
  const norm = shape(0).reduce((sum, value) => sum + value, 0);
  return {
    taps,
    filterOf(phase: number): Float64Array {
      let filter = filters.get(phase);
      if (!filter) {
        filter = shape(phase).map((value) => value / norm);
        filters.set(phase, filter);
      }
      return filter;
    },
  };
}

/** Modified Bessel function of the first kind, order 0. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let i = 1; term > sum * 1e-17; i++) {
    term *= (x / (2 * i)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function joined(a: Float32Array, b: Float32Array): Float32Array<ArrayBuffer> {
  const all = new Float32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
