import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { halfToNumber } from '../../core/half-float';
import { decodeIntegers, decodeNumbers, decodeStrings, numberDecoder } from './npy';

const header = (descr: string, shape: readonly number[], fortran = false) => ({ descr, fortran, shape, bytes: 128 });

/** What numpy would write: each value by `set` of a DataView. */
function bytesOf(values: readonly number[], size: number, set: (view: DataView, at: number, value: number) => void) {
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) set(view, i * size, value);
  return bytes;
}

const halves = new Map(Array.from({ length: 0x7c00 }, (_, bits) => [halfToNumber(bits), bits]));

const types: [kind: string, size: number, set: (view: DataView, at: number, value: number, little: boolean) => void][] =
  [
    ['f2', 2, (view, at, value, little) => view.setUint16(at, halves.get(value) as number, little)],
    ['f4', 4, (view, at, value, little) => view.setFloat32(at, value, little)],
    ['f8', 8, (view, at, value, little) => view.setFloat64(at, value, little)],
    ['u1', 1, (view, at, value) => view.setUint8(at, value)],
    ['u2', 2, (view, at, value, little) => view.setUint16(at, value, little)],
    ['u4', 4, (view, at, value, little) => view.setUint32(at, value, little)],
    ['u8', 8, (view, at, value, little) => view.setBigUint64(at, BigInt(value), little)],
    ['i1', 1, (view, at, value) => view.setInt8(at, value)],
    ['i2', 2, (view, at, value, little) => view.setInt16(at, value, little)],
    ['i4', 4, (view, at, value, little) => view.setInt32(at, value, little)],
    ['i8', 8, (view, at, value, little) => view.setBigInt64(at, BigInt(value), little)],
  ];

describe.each(types)('numbers of type %s', (kind, size, set) => {
  const small = Array.from({ length: 24 }, (_, i) => i);

  test.each(['<', '>'])('with byte order %s', (order) => {
    const bytes = bytesOf(small, size, (...all) => set(...all, order === '<'));
    expect(decodeNumbers(bytes, header(order + kind, [6, 4]), 'x')).toEqual(Float32Array.from(small));
  });

  test.each(['<', '>'])('in Fortran order, with byte order %s', (order) => {
    const bytes = bytesOf(small, size, (...all) => set(...all, order === '<'));
    // numpy: np.arange(24).reshape(2, 3, 4, order='F').ravel()
    const inC = [0, 6, 12, 18, 2, 8, 14, 20, 4, 10, 16, 22, 1, 7, 13, 19, 3, 9, 15, 21, 5, 11, 17, 23];
    expect(decodeNumbers(bytes, header(order + kind, [2, 3, 4], true), 'x')).toEqual(Float32Array.from(inC));
    expect(decodeNumbers(bytes, header(order + kind, [24], true), 'x')).toEqual(Float32Array.from(small));
  });

  test('in pieces cut anywhere, and wherever they lie in memory', () => {
    const bytes = bytesOf(small, size, (...all) => set(...all, true));
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), fc.nat(8), fc.boolean(), (cuts, offset, fortran) => {
        const shape = header(`<${kind}`, [4, 6], fortran);
        const { values, take } = numberDecoder(shape, 'x');
        const ends = [...cuts, bytes.length].sort((a, b) => a - b);
        for (const [i, end] of ends.entries()) {
          const piece = bytes.subarray(ends[i - 1] ?? 0, end);
          const moved = new Uint8Array(offset + piece.length).subarray(offset);
          moved.set(piece);
          take(moved);
        }
        expect(values).toEqual(decodeNumbers(bytes, shape, 'x'));
      }),
      { numRuns: 50 },
    );
  });
});

test('truth is 0 and 1', () => {
  expect(decodeNumbers(Uint8Array.of(0, 1, 2), header('|b1', [3]), 'x')).toEqual(Float32Array.of(0, 1, 1));
});

test('three million of float64 become the float32 next to them', () => {
  const doubles = Float64Array.from({ length: 3_000_000 }, (_, i) => Math.sin(i) * 10 ** (i % 30));
  const bytes = new Uint8Array(doubles.buffer);
  const values = decodeNumbers(bytes, header('<f8', [1_500_000, 2]), 'x');
  expect(values).toHaveLength(doubles.length);
  expect(values.findIndex((value, i) => value !== Math.fround(doubles[i] as number))).toBe(-1);
});

test('texts lose the zeros after them, and no others', () => {
  const points = Uint32Array.from([0, 97, 0, 98, 0, 0, 0, 0, 0, 0x1f3ac, 0, 0]);
  expect(decodeStrings(new Uint8Array(points.buffer), header('<U4', [3]), 'x')).toEqual(['\0a\0b', '', '\0🎬']);
  const bytes = new TextEncoder().encode('\0a\0\0é\0\0\0');
  expect(decodeStrings(bytes, header('|S3', [3]), 'x')).toEqual(['\0a', '\0é', '']);
  // A regular expression would take an hour for this one.
  const long = new Uint8Array(2_000_000);
  long[long.length - 1] = 97;
  expect(decodeStrings(long, header('|S2000000', [1]), 'x')[0]).toHaveLength(2_000_000);
});

test('texts of no length are read', () => {
  expect(decodeStrings(new Uint8Array(0), header('<U0', [2]), 'x')).toEqual(['', '']);
  expect(decodeStrings(new Uint8Array(0), header('|S0', []), 'x')).toEqual(['']);
});

test('whole numbers are read, and others named by their row', () => {
  const numbers = (...values: number[]) => new Uint8Array(Float64Array.from(values).buffer);
  expect(decodeIntegers(numbers(0, -2, 2 ** 53), header('<f8', [3, 1]), 'x')).toEqual([0, -2, 2 ** 53]);
  expect(() => decodeIntegers(numbers(0, 0.5, Number.NaN), header('<f8', [3]), 'x')).toThrow(/row 1 holds 0.5/);
  expect(() => decodeIntegers(numbers(0, 1), header('<f8', [1, 2]), 'x')).toThrow(/shape \(1, 2\)/);
});
