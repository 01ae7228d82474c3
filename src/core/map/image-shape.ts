/** Pixels of a picture, its rows one after the other. */
export type ImageShape = { readonly rows: number; readonly columns: number };

/** Side of a tile: pixels in a fine one, fine ones in a coarse one. */
export const tileSide = 4;

/** Whether a picture is made of whole coarse tiles. */
export const isTileable = ({ rows, columns }: ImageShape): boolean =>
  rows % tileSide ** 2 === 0 && columns % tileSide ** 2 === 0;

/** The pixels, tile after tile: those of a fine tile (4 x 4) follow one another, and so do the fine tiles of a coarse one. */
export function tileOrder({ rows, columns }: ImageShape): Int32Array {
  const order: number[] = [];
  const visit = (top: number, left: number, side: number) => {
    if (side === 1) return void order.push(top * columns + left);
    const part = side / tileSide;
    for (let y = 0; y < side; y += part) for (let x = 0; x < side; x += part) visit(top + y, left + x, part);
  };
  const coarse = tileSide ** 2;
  for (let y = 0; y < rows; y += coarse) for (let x = 0; x < columns; x += coarse) visit(y, x, coarse);
  return Int32Array.from(order);
}
