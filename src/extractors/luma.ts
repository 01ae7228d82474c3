/** Brightness of a picture, row by row. */
export type Luma = { readonly data: Uint8Array; readonly width: number; readonly height: number };

/** ITU-R 601 brightness of RGB bytes, rounded as Pillow does. */
export function toLuma(rgb: Uint8Array, width: number, height: number): Luma {
  const data = new Uint8Array(width * height);
  for (let i = 0, from = 0; i < data.length; i++, from += 3) {
    const weighed =
      19_595 * (rgb[from] as number) + 38_470 * (rgb[from + 1] as number) + 7_471 * (rgb[from + 2] as number);
    data[i] = (weighed + 0x8000) >> 16;
  }
  return { data, width, height };
}
