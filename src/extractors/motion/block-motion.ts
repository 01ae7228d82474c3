import type { Luma } from '../luma';

/** Side of a block, and how far it is looked for in the frame before, pixels. */
const block = 16;
const reach = 7;
/** What a moved block must save over one that stands still, so that noise on plain areas is no motion. */
const stillBonus = block * block;
const directions = 8;
/** Upper ends of the slower two of three speeds, pixels a step. */
const speeds = [2, 5] as const;
const still = directions * (speeds.length + 1);
/** Areas of energy hold 2 x 2 blocks of a 128 x 96 picture. */
const areaBlocks = 2;
const areas = 12;

export const motionDimensions = still + 1 + areas;

type Offset = { readonly dx: number; readonly dy: number; readonly bin: number };

/** Every motion within reach, the shortest first: of equally good ones that is taken. */
const offsets: readonly Offset[] = allOffsets();

/** The motion of one window of 128 x 96 pictures: a histogram of the motions of blocks (direction x speed, and the share
 * that stands still; exhaustive block matching by absolute differences), and the mean frame difference of each of 4 x 3
 * areas, 0..1; of both the square root, which keeps rare motions in sight. */
export function describeMotion(pictures: readonly Luma[]): Float32Array {
  const vector = new Float64Array(motionDimensions);
  const pairs = Math.max(1, pictures.length - 1);
  for (let i = 1; i < pictures.length; i++) addPair(vector, pictures[i - 1] as Luma, pictures[i] as Luma, pairs);
  if (pictures.length < 2) vector[still] = 1;
  return Float32Array.from(vector, Math.sqrt);
}

function addPair(vector: Float64Array, before: Luma, now: Luma, pairs: number): void {
  const columns = now.width / block;
  const rows = now.height / block;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const { bin, difference } = matchBlock(before, now, column * block, row * block);
      vector[bin] = (vector[bin] as number) + 1 / (rows * columns * pairs);
      const area = still + 1 + Math.floor(row / areaBlocks) * (columns / areaBlocks) + Math.floor(column / areaBlocks);
      vector[area] = (vector[area] as number) + difference / (255 * block * block * areaBlocks * areaBlocks * pairs);
    }
  }
}

/** Where a block came from, as a bin of the histogram, and its difference from the same place before. */
function matchBlock(before: Luma, now: Luma, left: number, top: number): { bin: number; difference: number } {
  const difference = differenceAt(before, now, left, top, 0, 0, Infinity);
  let best = difference - stillBonus;
  let bin = still;
  for (const { dx, dy, bin: candidate } of offsets) {
    if (best <= 0) break;
    const cost = differenceAt(before, now, left, top, dx, dy, best);
    if (cost < best) {
      best = cost;
      bin = candidate;
    }
  }
  return { bin, difference };
}

/** Sum of absolute differences, given up at a row where it reaches `limit`. Beyond its border a picture goes on as it is
 * there. */
function differenceAt(
  before: Luma,
  now: Luma,
  left: number,
  top: number,
  dx: number,
  dy: number,
  limit: number,
): number {
  const { width, height } = now;
  const inside = left - dx >= 0 && left - dx + block <= width;
  let sum = 0;
  for (let y = top; y < top + block; y++) {
    const line = Math.max(0, Math.min(height - 1, y - dy)) * width;
    for (let x = left; x < left + block; x++) {
      const from = inside ? x - dx : Math.max(0, Math.min(width - 1, x - dx));
      sum += Math.abs((now.data[y * width + x] as number) - (before.data[line + from] as number));
    }
    if (sum >= limit) return sum;
  }
  return sum;
}

function allOffsets(): Offset[] {
  const side = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach);
  return side
    .flatMap((dy) => side.map((dx) => ({ dx, dy, bin: binOf(dx, dy) })))
    .filter(({ dx, dy }) => dx !== 0 || dy !== 0)
    .sort((a, b) => a.dx ** 2 + a.dy ** 2 - b.dx ** 2 - b.dy ** 2 || a.dy - b.dy || a.dx - b.dx);
}

function binOf(dx: number, dy: number): number {
  const turn = Math.floor((Math.atan2(dy, dx) / (2 * Math.PI)) * directions + 0.5);
  const speed = speeds.filter((end) => Math.hypot(dx, dy) > end).length;
  return ((turn + directions) % directions) * (speeds.length + 1) + speed;
}
