import type { Fit } from '../../core/media';

/** How a displayed picture becomes a frame: scale to `scaledWidth` x `scaledHeight`, then cut out `width` x `height` at
 * (`left`, `top`). All in pixels. */
export type Placement = {
  readonly scaledWidth: number;
  readonly scaledHeight: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};

/** Ratio of the scaled short side to the crop, as in the usual evaluation of ImageNet networks. */
const cropMargin = 256 / 224;

/** Where a picture of `displayWidth` x `displayHeight` lands in a frame asked for as `width` x `height`. `inside` never enlarges. */
export function place(
  fit: Fit,
  asked: { readonly width: number; readonly height: number },
  displayWidth: number,
  displayHeight: number,
): Placement {
  const { width, height } = asked;
  if (fit === 'squeeze') return { scaledWidth: width, scaledHeight: height, left: 0, top: 0, width, height };
  if (fit === 'inside') {
    const factor = Math.min(1, width / displayWidth, height / displayHeight);
    const scaledWidth = Math.max(1, Math.round(displayWidth * factor));
    const scaledHeight = Math.max(1, Math.round(displayHeight * factor));
    return { scaledWidth, scaledHeight, left: 0, top: 0, width: scaledWidth, height: scaledHeight };
  }
  const margin = fit === 'cover' ? 1 : cropMargin;
  const factor = Math.max((width * margin) / displayWidth, (height * margin) / displayHeight);
  // A sliver of a picture would scale to a huge long side of which only the middle is kept.
  const scaledWidth = Math.min(Math.round(displayWidth * factor), 64 * width);
  const scaledHeight = Math.min(Math.round(displayHeight * factor), 64 * height);
  return {
    scaledWidth,
    scaledHeight,
    left: Math.floor((scaledWidth - width) / 2),
    top: Math.floor((scaledHeight - height) / 2),
    width,
    height,
  };
}
