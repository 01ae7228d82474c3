/** Brings a vector of `from` frames laid end to end to `to` frames, each taken from the nearest place in time:
 * a still image is repeated, a longer sampling thinned. Length of the result: `to` x dimensions. */
export function tileFrames(vector: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return vector;
  const dimensions = vector.length / from;
  const tiled = new Float32Array(to * dimensions);
  for (let i = 0; i < to; i++) {
    const source = Math.floor(((i + 0.5) * from) / to) * dimensions;
    tiled.set(vector.subarray(source, source + dimensions), i * dimensions);
  }
  return tiled;
}
