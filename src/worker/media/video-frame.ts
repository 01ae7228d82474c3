import type { Matrix, PlanarPicture, Plane } from './planes';

/** Horizontal and vertical subsampling of chroma, by the first part of a pixel format's name. */
const subsampling: Readonly<Record<string, readonly [number, number]>> = { I420: [2, 2], I422: [2, 1], I444: [1, 1] };

/** Copies a frame's pixels out, so that it can be closed at once; a picture is there until the next is read. `colours` is
 * what the file says of its matrix and range. High dynamic range, and frames whose memory cannot be read, are drawn by the
 * browser, which brings them to sRGB. */
export function createPictureReader(
  rotation: PlanarPicture['rotation'],
  colours: { readonly matrix: Matrix; readonly fullRange: boolean; readonly hdr: boolean },
): (frame: VideoFrame) => Promise<PlanarPicture> {
  const { matrix, fullRange, hdr } = colours;
  let bytes = new Uint8Array();
  return async (frame) => {
    const [, family = '', bits] = /^(I4\d\d|NV12)A?(?:P(10|12))?$/.exec(frame.format ?? '') ?? [];
    if (hdr || (family !== 'NV12' && !subsampling[family])) return readDrawn(frame, rotation);
    const depth = bits ? Number(bits) : 8;
    const rect = frame.visibleRect ?? { x: 0, y: 0, width: frame.codedWidth, height: frame.codedHeight };
    if (bytes.length !== frame.allocationSize()) bytes = new Uint8Array(frame.allocationSize());
    const layout = await frame.copyTo(bytes);
    const wide = depth > 8;
    const data = wide ? new Uint16Array(bytes.buffer) : bytes;
    const unit = wide ? 2 : 1;
    const plane = (index: number, [across, down]: readonly [number, number], step = 1, shift = 0): Plane => {
      const { offset = 0, stride = 0 } = layout[index] ?? {};
      return {
        data,
        offset: offset / unit + shift,
        stride: stride / unit,
        step,
        width: Math.ceil(rect.width / across),
        height: Math.ceil(rect.height / down),
        depth,
      };
    };
    const chroma = subsampling[family] ?? [2, 2];
    const planes =
      family === 'NV12'
        ? ([plane(0, [1, 1]), plane(1, chroma, 2), plane(1, chroma, 2, 1)] as const)
        : ([plane(0, [1, 1]), plane(1, chroma), plane(2, chroma)] as const);
    return { model: 'yuv', planes, matrix, fullRange, rotation };
  };
}

function readDrawn(frame: VideoFrame, rotation: PlanarPicture['rotation']): PlanarPicture {
  return readDrawable(frame, frame.displayWidth, frame.displayHeight, rotation);
}

/** Pixels of anything that a canvas can draw, over white where it is transparent. */
export function readDrawable(
  source: VideoFrame | ImageBitmap,
  width: number,
  height: number,
  rotation: PlanarPicture['rotation'],
): PlanarPicture {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no 2d canvas');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const channel = (offset: number): Plane => ({ data, offset, stride: width * 4, step: 4, width, height, depth: 8 });
  return { model: 'rgb', planes: [channel(0), channel(1), channel(2)], rotation };
}
