import type { FrameBatch } from '../media';

/** A frame as far as cuts are concerned: the brightness of its cells, and how much there is of each colour. */
export type FrameSignature = {
  /** Mean brightness 0..1 of {@link columns} x {@link lines} cells, row by row. */
  readonly cells: Float32Array;
  /** Shares of 4 x 4 x 4 colours, summing to 1. */
  readonly colours: Float32Array;
};

const columns = 16;
const lines = 12;
/** Each colour channel in so many parts. */
const levels = 4;

/** Signatures of a batch, in order. Pictures of 64 x 48 pixels will do. */
export function frameSignatures({ data, count, width, height }: FrameBatch): readonly FrameSignature[] {
  return Array.from({ length: count }, (_, frame) => {
    const cells = new Float32Array(columns * lines);
    const sizes = new Float32Array(columns * lines);
    const colours = new Float32Array(levels ** 3);
    let at = frame * width * height * 3;
    for (let y = 0; y < height; y++) {
      const row = Math.floor((y * lines) / height) * columns;
      for (let x = 0; x < width; x++, at += 3) {
        const [red, green, blue] = [data[at] as number, data[at + 1] as number, data[at + 2] as number];
        const cell = row + Math.floor((x * columns) / width);
        cells[cell] = (cells[cell] as number) + (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
        sizes[cell] = (sizes[cell] as number) + 1;
        const colour = ((red >> 6) * levels + (green >> 6)) * levels + (blue >> 6);
        colours[colour] = (colours[colour] as number) + 1 / (width * height);
      }
    }
    return { cells: cells.map((sum, i) => sum / Math.max(1, sizes[i] as number)), colours };
  });
}

/** How much two frames differ, 0..1: the mean of the difference of their cells, each frame's own brightness taken out so
 * that a flash counts less, and the share of their colours that is not the same. */
export function frameDifference(a: FrameSignature, b: FrameSignature): number {
  const [meanA, meanB] = [mean(a.cells), mean(b.cells)];
  let cells = 0;
  for (let i = 0; i < a.cells.length; i++) {
    cells += Math.abs((a.cells[i] as number) - meanA - (b.cells[i] as number) + meanB);
  }
  let shared = 0;
  for (let i = 0; i < a.colours.length; i++) shared += Math.min(a.colours[i] as number, b.colours[i] as number);
  return (Math.min(1, (3 * cells) / a.cells.length) + (1 - shared)) / 2;
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
