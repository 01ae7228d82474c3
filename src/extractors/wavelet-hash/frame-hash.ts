import { type HashKind, hashBits } from '../../core/near-duplicates/hash-kind';
import type { Luma } from '../luma';

/** Side of the hash's grid, and of the picture that its cosine transform is taken of. */
const side = 8;
const dctSide = 32;

/** Levels of brightness, 0..255. Rows and columns up to `black` at the border are bars of a letterbox; frames below
 * `darkMean`, or that differ within by less than `plainDeviation`, look alike whatever they show. */
const black = 32;
const darkMean = 20;
const plainDeviation = 4;
/** Bars take at most this share of a side: what is darker all over is a night scene. */
const widestBars = 0.6;

/** Part of a picture, pixels. */
type Area = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

/** 64 bits of one picture, then 64 of its middle 80 %, as +1 and -1: a crop of a video has the hash of the video's
 * middle. Definitions of ImageHash, the picture scaled by area means, black bars cut off. All zeros where the picture is
 * too dark or too plain to be told from others. */
export function frameHash(luma: Luma, kind: HashKind): Float32Array {
  const area = withoutBars(luma);
  const hashes = new Float32Array(2 * hashBits);
  if (!isTelling(areaMeans(luma, area, side, side))) return hashes;
  hashes.set(areaHash(luma, area, kind));
  hashes.set(areaHash(luma, middleOf(area), kind), hashBits);
  return hashes;
}

function areaHash(luma: Luma, area: Area, kind: HashKind): Float32Array {
  const means = areaMeans(luma, area, side, side);
  switch (kind) {
    // The low band of the Haar transform is the means of its blocks, up to one factor.
    case 'wavelet':
      return above(means, median(means));
    case 'average':
      return above(means, mean(means));
    case 'difference':
      return differenceHash(areaMeans(luma, area, side + 1, side));
    case 'dct': {
      const low = lowFrequencies(areaMeans(luma, area, dctSide, dctSide));
      return above(low, median(low));
    }
  }
}

function middleOf({ left, top, width, height }: Area): Area {
  const [across, down] = [Math.round(0.1 * width), Math.round(0.1 * height)];
  return { left: left + across, top: top + down, width: width - 2 * across, height: height - 2 * down };
}

function withoutBars(luma: Luma): Area {
  const { width, height } = luma;
  const whole = { left: 0, top: 0, width, height };
  const rows = lightest(luma, 'rows');
  const columns = lightest(luma, 'columns');
  const [top, bottom] = barsOf(rows);
  const [left, right] = barsOf(columns);
  if (top + bottom > widestBars * height || left + right > widestBars * width) return whole;
  return { left, top, width: width - left - right, height: height - top - bottom };
}

/** The lightest pixel of every row, or of every column. */
function lightest({ data, width, height }: Luma, of: 'rows' | 'columns'): Uint8Array {
  const found = new Uint8Array(of === 'rows' ? height : width);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const line = of === 'rows' ? y : x;
      if ((data[i] as number) > (found[line] as number)) found[line] = data[i] as number;
    }
  }
  return found;
}

/** How many lines are black at the start and at the end. */
function barsOf(lines: Uint8Array): [number, number] {
  const first = lines.findIndex((value) => value > black);
  const last = lines.findLastIndex((value) => value > black);
  return first < 0 ? [lines.length, lines.length] : [first, lines.length - 1 - last];
}

/** Means of the `columns` x `rows` cells that an area is parted into, cells of broken pixels weighed by their shares. */
function areaMeans({ data, width }: Luma, area: Area, columns: number, rows: number): Float64Array {
  const lines = new Float64Array(area.height * columns);
  for (let y = 0; y < area.height; y++) {
    const start = (area.top + y) * width + area.left;
    for (let x = 0; x < columns; x++) {
      lines[y * columns + x] = meanBetween((i) => data[start + i] as number, area.width, x, columns);
    }
  }
  const means = new Float64Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      means[y * columns + x] = meanBetween((i) => lines[i * columns + x] as number, area.height, y, rows);
    }
  }
  return means;
}

/** Mean of part `at` of `parts` equal parts of a line of `length` values. */
function meanBetween(value: (i: number) => number, length: number, at: number, parts: number): number {
  const from = (at * length) / parts;
  const to = ((at + 1) * length) / parts;
  let sum = 0;
  for (let i = Math.floor(from); i < to; i++) sum += value(i) * (Math.min(i + 1, to) - Math.max(i, from));
  return sum / (to - from);
}

function isTelling(means: Float64Array): boolean {
  const middle = mean(means);
  const variance = mean(means.map((value) => (value - middle) ** 2));
  return middle >= darkMean && Math.sqrt(variance) >= plainDeviation;
}

/** [9 x 8] means to whether each is above its left neighbour. */
function differenceHash(means: Float64Array): Float32Array {
  return Float32Array.from({ length: hashBits }, (_, i) => {
    const at = Math.floor(i / side) * (side + 1) + (i % side);
    return (means[at + 1] as number) > (means[at] as number) ? 1 : -1;
  });
}

/** [8 x 32], half of an unscaled type II cosine transform. */
const cosines = Float64Array.from({ length: side * dctSide }, (_, i) => {
  const frequency = Math.floor(i / dctSide);
  return Math.cos((Math.PI * frequency * (2 * (i % dctSide) + 1)) / (2 * dctSide));
});

/** The 8 x 8 lowest frequencies of a 32 x 32 picture. */
function lowFrequencies(picture: Float64Array): Float64Array {
  const lines = new Float64Array(dctSide * side);
  for (let y = 0; y < dctSide; y++) {
    for (let u = 0; u < side; u++) {
      let sum = 0;
      for (let x = 0; x < dctSide; x++) {
        sum += (picture[y * dctSide + x] as number) * (cosines[u * dctSide + x] as number);
      }
      lines[y * side + u] = sum;
    }
  }
  return Float64Array.from({ length: side * side }, (_, i) => {
    const [v, u] = [Math.floor(i / side), i % side];
    let sum = 0;
    for (let y = 0; y < dctSide; y++) sum += (lines[y * side + u] as number) * (cosines[v * dctSide + y] as number);
    return sum;
  });
}

function above(values: Float64Array, threshold: number): Float32Array {
  return Float32Array.from(values, (value) => (value > threshold ? 1 : -1));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length / 2;
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}
