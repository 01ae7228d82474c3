import type { Placement } from './fit';

/** One colour plane in memory: the sample of column x, row y lies at `offset + y * stride + x * step`. Samples wider than
 * eight bits are in a Uint16Array (`offset`, `stride` and `step` count its elements), `depth` bits each. */
export type Plane = {
  readonly data: Uint8Array | Uint8ClampedArray | Uint16Array;
  readonly offset: number;
  readonly stride: number;
  readonly step: number;
  readonly width: number;
  readonly height: number;
  readonly depth: number;
};

export type Matrix = 'bt601' | 'bt709' | 'bt2020' | 'smpte240m';

type YuvColours = { readonly matrix: Matrix; readonly fullRange: boolean };

/** A decoded picture as it was coded, to be turned `rotation` degrees clockwise for display. */
export type PlanarPicture = {
  readonly rotation: 0 | 90 | 180 | 270;
} & (
  | {
      readonly model: 'yuv';
      readonly planes: readonly [Plane, Plane, Plane];
      readonly matrix: Matrix;
      readonly fullRange: boolean;
    }
  | { readonly model: 'rgb'; readonly planes: readonly [Plane, Plane, Plane] }
);

/** Scales and converts a picture into `at.width` x `at.height` RGB bytes at `target[start…]`, as ffmpeg's
 * `scale=flags=bilinear` does (a triangle filter as wide as the ratio, so that shrinking does not alias), to within a
 * rounding step. */
export function writeRgb(picture: PlanarPicture, at: Placement, target: Uint8Array, start: number): void {
  const { rotation, model } = picture;
  const [first, second, third] = picture.planes;
  // swscale lets two neighbouring pixels of a row share their chroma and looks colours up, unless the width is odd or the
  // chroma is whole: then it computes exactly.
  const whole = second.width === first.width && second.height === first.height;
  const shared = model === 'yuv' && !whole && at.scaledWidth % 2 === 0 ? 2 : 1;
  const a = scalePlane(first, rotation, at, 1);
  const b = scalePlane(second, rotation, at, shared);
  const c = scalePlane(third, rotation, at, shared);
  const { width, height, left } = at;
  const columns = b.length / height;
  const firstColumn = Math.floor(left / shared);
  const convert =
    model === 'rgb' ? writeLevels : shared === 1 ? exactConversion(picture) : tableConversion(picture, at);
  for (let y = 0, i = 0, out = start; y < height; y++) {
    for (let x = 0; x < width; x++, i++, out += 3) {
      const j = y * columns + (shared === 2 ? ((left + x) >> 1) - firstColumn : x);
      convert(target, out, a[i] as number, b[j] as number, c[j] as number);
    }
  }
}

type Conversion = (target: Uint8Array, out: number, first: number, second: number, third: number) => void;

function writeLevels(target: Uint8Array, out: number, red: number, green: number, blue: number): void {
  target[out] = toByte(red);
  target[out + 1] = toByte(green);
  target[out + 2] = toByte(blue);
}

function exactConversion({ matrix, fullRange }: YuvColours): Conversion {
  const [redV, blueU, greenU, greenV] = coefficients[matrix].map(
    (value) => (value / 65536) * (fullRange ? 224 / 255 : 1),
  ) as unknown as Four;
  const [gain, black] = fullRange ? [1, 0] : [255 / 219, 16];
  return (target, out, y, u, v) => {
    const level = (y - black) * gain;
    writeLevels(
      target,
      out,
      level + redV * (v - 128),
      level - greenU * (u - 128) - greenV * (v - 128),
      level + blueU * (u - 128),
    );
  };
}

function tableConversion(picture: PlanarPicture & { model: 'yuv' }, at: Placement): Conversion {
  const { level, redV, greenU, greenV, blueU } = yuvTables(picture);
  // Between two rows swscale truncates; over more it rounds.
  const turned = picture.rotation % 180 !== 0;
  const enlarged = picture.planes.every((plane) => (turned ? plane.width : plane.height) < at.scaledHeight);
  const rounding = enlarged ? 0 : 0.5;
  return (target, out, y, u, v) => {
    const luma = (y + rounding) | 0;
    const i = (u + rounding) | 0;
    const j = (v + rounding) | 0;
    target[out] = level[luma + (redV[j] as number)] as number;
    target[out + 1] = level[luma + (greenU[i] as number) + (greenV[j] as number)] as number;
    target[out + 2] = level[luma + (blueU[i] as number)] as number;
  };
}

function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : (value + 0.5) | 0;
}

/** A displayed plane at the size asked, 0..255. `shared`: columns of the frame that one sample stands for. */
function scalePlane(plane: Plane, rotation: PlanarPicture['rotation'], at: Placement, shared: 1 | 2): Float32Array {
  const turned = turn(plane, rotation);
  const firstColumn = Math.floor(at.left / shared);
  const columns = Math.ceil((at.left + at.width) / shared) - firstColumn;
  const across = triangle(turned.width, at.scaledWidth / shared, firstColumn, columns);
  const down = triangle(turned.height, at.scaledHeight, at.top, at.height);
  const firstRow = down.positions[0] as number;
  const lastRow = Math.min(turned.height, (down.positions[at.height - 1] as number) + down.taps);
  const rows = new Float32Array((lastRow - firstRow) * columns);
  const { data, stepX, stepY } = turned;
  const { taps, positions, weights } = across;
  for (let y = firstRow, o = 0; y < lastRow; y++) {
    const row = turned.offset + y * stepY;
    for (let x = 0, w = 0; x < columns; x++, o++) {
      let from = row + (positions[x] as number) * stepX;
      let sum = 0;
      for (let k = 0; k < taps; k++, w++, from += stepX) sum += (data[from] as number) * (weights[w] as number);
      rows[o] = sum;
    }
  }
  const scale = 1 / 2 ** (plane.depth - 8);
  const out = new Float32Array(columns * at.height);
  for (let y = 0, w = 0; y < at.height; y++) {
    const top = (down.positions[y] as number) - firstRow;
    const line = out.subarray(y * columns, (y + 1) * columns);
    for (let k = 0; k < down.taps; k++, w++) {
      const weight = (down.weights[w] as number) * scale;
      const from = (top + k) * columns;
      if (weight !== 0)
        for (let x = 0; x < columns; x++) line[x] = (line[x] as number) + (rows[from + x] as number) * weight;
    }
  }
  return out;
}

/** The plane as displayed, by stepping through the same memory in another order. */
function turn(plane: Plane, rotation: PlanarPicture['rotation']) {
  const { data, offset, stride, step, width, height } = plane;
  const lastColumn = (width - 1) * step;
  const lastRow = (height - 1) * stride;
  if (rotation === 0) return { data, offset, stepX: step, stepY: stride, width, height };
  if (rotation === 180)
    return { data, offset: offset + lastColumn + lastRow, stepX: -step, stepY: -stride, width, height };
  if (rotation === 90)
    return { data, offset: offset + lastRow, stepX: -stride, stepY: step, width: height, height: width };
  return { data, offset: offset + lastColumn, stepX: stride, stepY: -step, width: height, height: width };
}

/** Weights of source samples for `count` of `scaled` samples, from number `first` on. */
function triangle(source: number, scaled: number, first: number, count: number) {
  const ratio = source / scaled;
  const reach = Math.max(1, ratio);
  const taps = Math.min(source, Math.ceil(2 * reach) + 1);
  const positions = new Int32Array(count);
  const weights = new Float32Array(count * taps);
  for (let i = 0; i < count; i++) {
    const centre = (first + i + 0.5) * ratio - 0.5;
    const from = Math.ceil(centre - reach);
    const position = Math.min(Math.max(0, from), source - taps);
    positions[i] = position;
    let sum = 0;
    for (let k = from; k <= centre + reach; k++) {
      const weight = Math.max(0, 1 - Math.abs(k - centre) / reach);
      const at = Math.min(Math.max(k, 0), source - 1) - position;
      const index = i * taps + Math.min(Math.max(at, 0), taps - 1);
      weights[index] = (weights[index] as number) + weight;
      sum += weight;
    }
    for (let k = 0; k < taps; k++) weights[i * taps + k] = (weights[i * taps + k] as number) / sum;
  }
  return { taps, positions, weights };
}

type Four = readonly [number, number, number, number];

/** Coefficients of the YUV to RGB matrices, 16.16 fixed point: V to red, U to blue, U and V to green. */
const coefficients: Readonly<Record<Matrix, Four>> = {
  bt601: [104597, 132201, 25675, 53279],
  bt709: [117489, 138438, 13975, 34925],
  bt2020: [110013, 140363, 12277, 42626],
  smpte240m: [117579, 136230, 16907, 35559],
};

type YuvTables = {
  readonly level: Uint8Array;
  readonly redV: Int32Array;
  readonly greenU: Int32Array;
  readonly greenV: Int32Array;
  readonly blueU: Int32Array;
};

const tables = new Map<string, YuvTables>();

/** swscale's conversion: chroma moves the luma along one table of levels, in whole steps. */
function yuvTables({ matrix, fullRange }: YuvColours): YuvTables {
  const key = `${matrix}${fullRange}`;
  const known = tables.get(key);
  if (known) return known;
  const luma = fullRange ? 65536 : Math.floor((65536 * 255) / 219);
  const black = fullRange ? 0 : 16 << 16;
  const [redV, blueU, greenU, greenV] = coefficients[matrix].map((value) => {
    const scaled = fullRange ? Math.floor((value * 224) / 255) : value;
    return Math.floor((scaled * 65536 + 0x8000) / luma);
  }) as unknown as Four;
  const headroom = 512;
  const zero = (fullRange ? 384 : 326) + headroom;
  const level = Uint8Array.from({ length: 2048 }, (_, i) =>
    Math.min(255, Math.max(0, Math.floor((-(384 * 65536) - headroom * luma - black + i * luma + 0x8000) / 65536))),
  );
  const shifts = (factor: number, base: number) =>
    Int32Array.from({ length: 256 }, (_, i) => base - (factor >> 9) + Math.floor((i * factor) / 65536));
  const made = {
    level,
    redV: shifts(redV, zero),
    greenU: shifts(-greenU, zero),
    greenV: shifts(-greenV, 0),
    blueU: shifts(blueU, zero),
  };
  tables.set(key, made);
  return made;
}
