import { describe, expect, it } from 'vitest';
import { toNetworkInput } from './network-input';

/** Two pictures of 2x1 pixels. */
const batch = {
  data: Uint8Array.of(0, 128, 255, 10, 20, 30, 1, 2, 3, 4, 5, 6),
  count: 2,
  width: 2,
  height: 1,
  times: Float64Array.of(0, 1),
};

describe('toNetworkInput', () => {
  it('lays planes of red, green and blue one after another', () => {
    const input = toNetworkInput(batch, { layout: 'NCHW', channels: 'RGB', normalisation: 'tf' });
    const bytes = Array.from(input, (value) => Math.round((value + 1) * 127.5) + 0);
    expect(bytes).toEqual([0, 10, 128, 20, 255, 30, 1, 4, 2, 5, 3, 6]);
  });

  it('keeps the colours of a pixel together, blue first', () => {
    const input = toNetworkInput(batch, { layout: 'NHWC', channels: 'BGR', normalisation: 'caffe' });
    const means = [103.939, 116.779, 123.68];
    const bytes = Array.from(input, (value, i) => Math.round(value + (means[i % 3] as number)) + 0);
    expect(bytes).toEqual([255, 128, 0, 30, 20, 10, 3, 2, 1, 6, 5, 4]);
  });

  it('normalises as torchvision does', () => {
    const input = toNetworkInput(batch, { layout: 'NHWC', channels: 'RGB', normalisation: 'torchvision' });
    expect(input[0]).toBeCloseTo((0 - 0.485) / 0.229, 6);
    expect(input[1]).toBeCloseTo((128 / 255 - 0.456) / 0.224, 6);
    expect(input[2]).toBeCloseTo((1 - 0.406) / 0.225, 6);
  });

  it('takes black to -1 and white to 1 for tf', () => {
    const input = toNetworkInput(batch, { layout: 'NHWC', channels: 'RGB', normalisation: 'tf' });
    expect([input[0], input[2]]).toEqual([-1, 1]);
  });

  it('gives each colour of a clip its own film', () => {
    const input = toNetworkInput(batch, { layout: 'NCTHW', channels: 'RGB', normalisation: 'unit' });
    expect(Array.from(input, (value) => Math.round(value * 255))).toEqual([0, 10, 1, 4, 128, 20, 2, 5, 255, 30, 3, 6]);
    const frames = toNetworkInput(batch, { layout: 'TCHW', channels: 'RGB', normalisation: 'unit' });
    expect(frames).toEqual(toNetworkInput(batch, { layout: 'NCHW', channels: 'RGB', normalisation: 'unit' }));
  });

  it("normalises as CLIP's own code does", () => {
    const input = toNetworkInput(batch, { layout: 'NHWC', channels: 'RGB', normalisation: 'clip' });
    expect(input[2]).toBeCloseTo((1 - 0.40821073) / 0.27577711, 6);
  });
});
