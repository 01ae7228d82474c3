import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type HashKind, hashKinds } from '../../core/near-duplicates/hash-kind';
import { type Luma, toLuma } from '../luma';
import { frameHash } from './frame-hash';
import { extractor } from './wavelet-hash-extractor';

type Golden = {
  readonly number: number;
  readonly sum: number;
  readonly luma: number;
  readonly box: Readonly<Record<HashKind, string>>;
  readonly lanczos: Readonly<Record<HashKind, string>>;
};
/** Made by fixtures/make_fixtures.py with PyWavelets, SciPy and Pillow. */
const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/golden.json'), 'utf8')) as Golden[];
const side = 128;

function picture(number: number): Uint8Array {
  const pixels = new Uint8Array(side * side * 3);
  let state = number;
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      for (let c = 0; c < 3; c++, at++) {
        state = Number((BigInt(state) * 1_103_515_245n + 12_345n) % 2_147_483_648n);
        const wave = (x * (number + 2) + y * (5 - number) + 40 * c) % 170;
        const slope = Math.floor((x * y * (c + 1)) / 400);
        const value = 40 + Math.floor(wave / (1 + c)) + (slope % 60) + ((state >> 16) % 23);
        pixels[at] = Math.min(255, value);
      }
    }
  }
  return pixels;
}

const lumaOf = (number: number) => toLuma(picture(number), side, side);
const whole = (hash: Float32Array) => hash.subarray(0, 64);
const hex = (hash: Float32Array) =>
  BigInt(`0b${Array.from(hash, (bit) => (bit > 0 ? '1' : '0')).join('')}`)
    .toString(16)
    .padStart(16, '0');
const differing = (a: Float32Array, b: Float32Array) => a.reduce((sum, bit, i) => sum + Number(bit !== b[i]), 0);
const sum = (values: Uint8Array) => values.reduce((total, value) => total + value, 0);

/** A picture of another size with this one in it, the rest black. */
function within(luma: Luma, size: { width: number; height: number }, left: number, top: number): Luma {
  const data = new Uint8Array(size.width * size.height).fill(3);
  for (let y = 0; y < luma.height; y++) {
    data.set(luma.data.subarray(y * luma.width, (y + 1) * luma.width), (top + y) * size.width + left);
  }
  return { data, ...size };
}

describe.each(golden)('picture $number', ({ number, sum: pixels, luma, box, lanczos }) => {
  test('has the brightness that Pillow gives it', () => {
    expect(sum(picture(number))).toBe(pixels);
    expect(sum(lumaOf(number).data)).toBe(luma);
  });

  test.each(hashKinds)("has ImageHash's %s hash, and nearly the one that it scales otherwise for", (kind) => {
    const hash = hex(whole(frameHash(lumaOf(number), kind)));
    expect(hash).toBe(box[kind]);
    const away = (BigInt(`0x${hash}`) ^ BigInt(`0x${lanczos[kind]}`)).toString(2).replaceAll('0', '').length;
    expect(away).toBeLessThanOrEqual(8);
  });
});

test('black bars do not count, on whichever side', () => {
  for (const kind of hashKinds) {
    const plain = frameHash(lumaOf(1), kind);
    const boxed = frameHash(within(lumaOf(1), { width: 128, height: 180 }, 0, 20), kind);
    const pillared = frameHash(within(lumaOf(1), { width: 190, height: 128 }, 60, 0), kind);
    expect(boxed).toEqual(plain);
    expect(pillared).toEqual(plain);
  }
});

test('the middle of a picture has the second hash of the whole', () => {
  const { data } = lumaOf(2);
  const size = side - 2 * 13;
  const middle = new Uint8Array(size * size);
  for (let y = 0; y < size; y++) middle.set(data.subarray((y + 13) * side + 13, (y + 13) * side + 13 + size), y * size);
  for (const kind of hashKinds) {
    const cropped = frameHash({ data: middle, width: size, height: size }, kind);
    expect(differing(whole(cropped), frameHash(lumaOf(2), kind).subarray(64))).toBe(0);
  }
});

test('dark and plain pictures have no hash; light ones do, however faint', () => {
  const flat = (value: number) => ({ data: new Uint8Array(side * side).fill(value), width: side, height: side });
  const dim = { ...flat(0), data: lumaOf(1).data.map((value) => value / 12) };
  const faint = { ...flat(0), data: lumaOf(1).data.map((value) => 120 + value / 3) };
  for (const kind of hashKinds) {
    for (const empty of [flat(0), flat(200), dim]) expect(frameHash(empty, kind).every((bit) => bit === 0)).toBe(true);
    expect(differing(whole(frameHash(faint, kind)), whole(frameHash(lumaOf(1), kind)))).toBeLessThanOrEqual(2);
  }
});

test('the extractor hashes every frame by the kind that was chosen', async () => {
  const data = new Uint8Array(3 * side * side * 3);
  data.set(picture(1));
  data.set(picture(3), 2 * side * side * 3);
  const batch = { data, count: 3, width: side, height: side, times: Float64Array.of(0, 1, 2) };
  const rows = async (options: Record<string, string>) => {
    const made = await extractor.extract(batch, { inference: undefined, signal: undefined, options });
    const vectors = made instanceof Float32Array ? made : made.vectors;
    expect(vectors.length).toBe(3 * 128);
    expect(vectors.subarray(128, 256).every((bit) => bit === 0)).toBe(true);
    return [hex(vectors.subarray(0, 64)), hex(vectors.subarray(256, 320))];
  };
  expect(await rows({})).toEqual([golden[0]?.box.wavelet, golden[2]?.box.wavelet]);
  expect(await rows({ hash: 'dct' })).toEqual([golden[0]?.box.dct, golden[2]?.box.dct]);
});
