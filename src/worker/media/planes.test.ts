import { describe, expect, it } from 'vitest';
import { native, nativeMissing } from '../../../e2e/fixtures/native-ffmpeg';
import { place } from './fit';
import { type PlanarPicture, type Plane, writeRgb } from './planes';

function planar(
  data: Uint8Array,
  width: number,
  height: number,
  rotation: PlanarPicture['rotation'] = 0,
): PlanarPicture {
  const chroma = { stride: width / 2, step: 1, width: width / 2, height: height / 2, depth: 8 };
  const luma: Plane = { data, offset: 0, stride: width, step: 1, width, height, depth: 8 };
  const first = width * height;
  return {
    model: 'yuv',
    planes: [luma, { data, offset: first, ...chroma }, { data, offset: first * 1.25, ...chroma }],
    matrix: 'bt601',
    fullRange: false,
    rotation,
  };
}

const source = ['-f', 'lavfi', '-i', 'testsrc2=s=160x120,noise=alls=20:all_seed=3,format=yuv420p', '-frames:v', '1'];

describe.skipIf(nativeMissing)('writeRgb against native ffmpeg', () => {
  it.each([
    ['smaller', 'squeeze', 64, 64, 0],
    ['larger', 'squeeze', 224, 224, 0],
    ['cropped, odd width', 'centre-crop', 64, 64, 0],
    ['inside', 'inside', 80, 80, 0],
    ['turned', 'squeeze', 64, 48, 90],
    ['turned back', 'squeeze', 64, 48, 270],
    ['upside down', 'squeeze', 64, 48, 180],
  ] as const)('%s', (_, fit, width, height, rotation) => {
    const coded = native('ffmpeg', [...source, '-f', 'rawvideo', '-']).output;
    const [displayWidth, displayHeight] = rotation % 180 === 0 ? [160, 120] : [120, 160];
    const at = place(fit, { width, height }, displayWidth, displayHeight);
    const turn = { 0: 'null', 90: 'transpose=clock', 180: 'hflip,vflip', 270: 'transpose=cclock' }[rotation];
    const filter = `${turn},scale=${at.scaledWidth}:${at.scaledHeight}:flags=bilinear,format=rgb24,crop=${at.width}:${at.height}:${at.left}:${at.top}`;
    const expected = native('ffmpeg', [...source, '-vf', filter, '-f', 'rawvideo', '-']).output;
    const actual = new Uint8Array(at.width * at.height * 3);
    writeRgb(planar(coded, 160, 120, rotation), at, actual, 0);
    expect(actual.length).toBe(expected.length);
    const difference = actual.reduce((sum, value, i) => sum + Math.abs(value - (expected[i] ?? 0)), 0) / actual.length;
    expect(difference).toBeLessThan(0.3);
  });
});

it('reads interleaved and ten-bit samples', () => {
  const at = place('squeeze', { width: 2, height: 2 }, 2, 2);
  const grey = (depth: number, step: number, value: number): Plane => ({
    data: depth > 8 ? new Uint16Array(8).fill(value) : new Uint8Array(8).fill(value),
    offset: 0,
    stride: 2 * step,
    step,
    width: 2,
    height: 2,
    depth,
  });
  const rgb = new Uint8Array(12);
  for (const [depth, step, value] of [
    [8, 2, 100],
    [10, 1, 400],
  ] as const) {
    const plane = grey(depth, step, value);
    writeRgb({ model: 'rgb', planes: [plane, plane, plane], rotation: 0 }, at, rgb, 0);
    expect([...rgb]).toEqual(new Array(12).fill(100));
  }
});
