import FFT from 'fft.js';

/** Magnitudes of the first `bins` frequencies of a discrete Fourier transform of any length, by Bluestein's convolution
 * over one of a power of two. `write` gets real samples of that length. */
export function createMagnitudes(length: number, bins: number): (samples: Float32Array, write: Float64Array) => void {
  let size = 1;
  while (size < 2 * length - 1) size *= 2;
  const fft = new FFT(size);
  const cos = new Float64Array(length);
  const sin = new Float64Array(length);
  const chirp = new Float64Array(2 * size);
  for (let i = 0; i < length; i++) {
    // i² grows past what keeps the angle exact.
    const angle = (Math.PI * ((i * i) % (2 * length))) / length;
    cos[i] = Math.cos(angle);
    sin[i] = Math.sin(angle);
    for (const at of i === 0 ? [0] : [i, size - i]) {
      chirp[2 * at] = cos[i] as number;
      chirp[2 * at + 1] = sin[i] as number;
    }
  }
  const response = new Float64Array(2 * size);
  fft.transform(response, chirp);
  const data = new Float64Array(2 * size);
  const spectrum = new Float64Array(2 * size);
  return (samples, write) => {
    data.fill(0);
    for (let i = 0; i < length; i++) {
      data[2 * i] = (samples[i] as number) * (cos[i] as number);
      data[2 * i + 1] = -(samples[i] as number) * (sin[i] as number);
    }
    fft.transform(spectrum, data);
    for (let i = 0; i < 2 * size; i += 2) {
      const [a, b] = [spectrum[i] as number, spectrum[i + 1] as number];
      const [c, d] = [response[i] as number, response[i + 1] as number];
      spectrum[i] = a * c - b * d;
      spectrum[i + 1] = a * d + b * c;
    }
    fft.inverseTransform(data, spectrum);
    // The chirp that is left to multiply by has magnitude 1.
    for (let bin = 0; bin < bins; bin++) {
      const [re, im] = [data[2 * bin] as number, data[2 * bin + 1] as number];
      write[bin] = Math.sqrt(re * re + im * im);
    }
  };
}
