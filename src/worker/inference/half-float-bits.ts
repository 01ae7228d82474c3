const smallestNormal = 0x3880_0000;
const beyondLargest = 0x4780_0000;
const infinity = 0x7f80_0000;

/** Floats rounded to 16-bit floats, ties to even (IEEE 754 binary16), as their bits. @petamoriken/float16 takes 4 µs a value
 * and Float16Array is not in every browser with WebGPU: a network has 25 million. */
export function halfFloatBits(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const subnormal = new Float32Array(1);
  const subnormalBits = new Uint32Array(subnormal.buffer);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const whole = bits[i] as number;
    const size = whole & 0x7fff_ffff;
    let half: number;
    if (size >= beyondLargest) half = size > infinity ? 0x7e00 : 0x7c00;
    else if (size >= smallestNormal) half = (size - 0x3800_0000 + 0xfff + ((size >>> 13) & 1)) >>> 13;
    else {
      // Next to 0.5 a float has just the steps of the subnormal ones, and rounds to them.
      subnormal[0] = Math.abs(values[i] as number) + 0.5;
      half = (subnormalBits[0] as number) - 0x3f00_0000;
    }
    halves[i] = ((whole >>> 16) & 0x8000) | half;
  }
  return halves;
}
